//! Connections: made with TLS where the address asks for it, kept in a pool, waited for on the
//! calling thread.

mod address;
mod cell;
mod connection;
mod driver;
mod params;
mod pool;
mod retry;
mod session;
mod standby;
mod tls;
mod trust;
mod wait;

pub(crate) use cell::cell;
pub(crate) use connection::Connection;
pub(crate) use driver::Driver;
pub(crate) use params::Params;
pub(crate) use pool::Pool;
pub(crate) use retry::retried;
pub(crate) use standby::Standby;
