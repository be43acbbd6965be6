//! The truth of a library: one record per photo, its files, its points, and the failures.
//!
//! Everything else a library has (vector graph, keyword index, thumbnails) is derived from here
//! and can be rebuilt. [`Catalog::apply`] is the only way photos, files and failures change: a
//! batch happens wholly or not at all, and is on the disk when the call returns. Every batch
//! raises the watermark by one; [`Catalog::rows_changed_since`] tells derived indexes what they
//! missed.
//!
//! Absent on purpose: no image is opened here, no path is looked at on the disk, nothing is
//! ranked, and sled's types do not leave this crate. `docs/FORMATS.md` describes what is stored
//! byte by byte.

#![forbid(unsafe_code)]

mod adopt;
mod albums;
mod analyses;
mod apply;
mod ballast;
mod change;
mod check;
mod chosen;
mod database;
mod draft;
mod dump;
mod embedding_store;
mod entry;
mod error;
mod findings;
#[doc(hidden)]
pub mod fuzzing;
mod guard;
mod head;
mod journal;
mod keys;
mod leftovers;
mod lock;
mod log_repair;
mod open;
mod opened;
mod points;
mod purge;
mod read;
mod recover;
mod replace;
mod rewrite;
mod room;
mod rows;
mod salvage;
mod settings;
mod spaces;
mod state;
mod value;
mod write;

#[cfg(test)]
mod tests;

pub use change::{Applied, StoredPoint};
pub use dump::{restore_dump, verify_dump};
pub use entry::Entry;
pub use error::CatalogError;
pub use open::Catalog;
pub use read::Records;
pub use recover::{remove_all, sync_folder};
pub use room::{Room, is_full};
pub use salvage::{Salvaged, salvage};

/// The format this version writes, and the newest one it reads.
pub const FORMAT: u32 = 8;
