//! The tables, and what has to be there before a library can be used.

mod check;
mod init;
pub(crate) mod lock;
pub(crate) mod points;
mod tables;
mod upgrade;

pub(crate) use check::check;
pub(crate) use init::init;

/// The version of the tables that this program makes and understands.
pub(crate) const VERSION: i32 = 8;
