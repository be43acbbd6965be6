//! A library for assistants: the Model Context Protocol over standard input and output.
//!
//! Read only: tools that search, show and describe photos. Photos are named by id, so that no path
//! ever comes in. Absent on purpose: where the library is and how it is opened (whoever calls
//! [`serve`] gives a [`Photos`]), and anything that changes it. Standard output belongs to the
//! protocol.

#![forbid(unsafe_code)]

mod arguments;
mod photo;
mod photos;
mod search;
mod server;
mod tools;

pub use photos::Photos;
pub use server::serve;
