//! A store in a folder of one machine: the catalog is the truth, the keyword index and the vector
//! indexes follow it.
//!
//! The write path: changes -> catalog (durable) -> vector indexes of the open spaces and keyword
//! index, with the values the catalog has just written. A derived index that fails is built again,
//! whatever the error. One process owns the folder.
//!
//! Absent on purpose: no model, no query language, no fusion, no thumbnails. Rows are numbers of
//! this crate and those below it; nobody above hears of one.

#![forbid(unsafe_code)]

mod backup;
mod catch_up;
mod check;
mod discard;
mod embedded;
mod error;
mod long_work;
mod nearest;
mod open_spaces;
mod parts;
mod private_folder;
mod purge;
mod recall;
mod report;
mod space;
mod store;
mod word_index;
mod words;

pub use backup::{restore, verify_backup};
pub use check::{Finding, check};
pub use embedded::EmbeddedStore;
pub use error::EmbeddedError;
pub use purge::is_forgetting;
pub use seer_catalog::{CatalogError, Room};
pub use seer_vectors::{CompareStep, ComparedKind};
