//! Models as one file, for machines without a network: a plain tar archive.
//!
//! Its first entry, `seer-pack.json`, is the manifest; the model's files follow in the manifest's order. Import takes
//! nothing on trust: names are plain, sizes and SHA-256 sums must be those of the manifest, and what came in becomes
//! visible only when all of it was right.

mod export;
mod import;
mod manifest;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use seer_checkpoint::CheckpointError;
use thiserror::Error;

use super::error::FetchError;

pub use export::{Packed, export};
pub use import::{Imported, import};

/// Hears how many bytes of how many are done.
pub type PackProgress<'a> = &'a dyn Fn(u64, u64);

/// Why a pack could not be written or read. Each message ends in what to do next.
#[derive(Debug, Error)]
pub enum PackError {
    /// The model is not on disk.
    #[error(transparent)]
    Model(#[from] FetchError),
    /// The folder's files make no model.
    #[error(transparent)]
    Files(#[from] CheckpointError),
    /// The target is there already.
    #[error("{} exists already; choose another place, or remove it first", .0.display())]
    Exists(PathBuf),
    /// The pack is of a folder, not of the hub, so that no cache has a place for it.
    #[error("this pack holds a model that came from no hub; say where to put it with --to FOLDER")]
    NoPlace,
    /// The file is no pack, or was tampered with.
    #[error("{} is no sound pack of seer ({reason}); nothing was imported: copy or export it again", file.display())]
    NotAPack {
        /// The pack.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file in the pack is not what the manifest says.
    #[error("{name} in {} is damaged: its SHA-256 is {found}, the manifest says {expected}; nothing was imported: copy the pack again", file.display())]
    Damaged {
        /// The pack.
        file: PathBuf,
        /// The file in it.
        name: String,
        /// The manifest's digest.
        expected: String,
        /// The digest of what is there.
        found: String,
    },
    /// Reading or writing failed.
    #[error("{} cannot be read or written: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> PackError + '_ {
    |source| PackError::Io { path: path.to_owned(), source }
}
