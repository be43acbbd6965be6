//! One suite of tests for everything that keeps a library, and a plain store to compare with.
//!
//! A crate with a [`Store`](seer_store::Store) says where new stores lie and gets one test for
//! every case:
//!
//! ```
//! # // `#[test]` functions are left out when documentation is tested.
//! use seer_store_suite::{Place, PlainStore};
//!
//! fn new_place() -> Box<dyn Place> {
//!     Box::new(PlainStore::new())
//! }
//!
//! seer_store_suite::store_suite!(new_place);
//! # fn main() {}
//! ```
//!
//! Cases compare with values worked out by hand or with [`PlainStore`], which answers every
//! question by looking at all photos. Random cases have fixed seeds and name them when they fail.
//!
//! Absent on purpose: speed, recall of large indexes, faults of disks and servers.
#![forbid(unsafe_code)]

pub mod by_record;
mod case_list;
#[doc(hidden)]
pub mod cases;
mod compare;
mod make;
mod place;
mod plain;
pub mod random;
#[cfg(test)]
mod tests;

pub use case_list::{Case, run};
pub use compare::{check_nearest, check_same, found};
pub use make::{changes_of, embedding, id, photo, record};
pub use place::Place;
pub use plain::{PlainStore, allows, as_stored};
