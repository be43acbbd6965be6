//! What can go wrong with a catalog, and what to do about it.

use std::io;
use std::path::PathBuf;

use seer_types::PhotoId;

/// Why the catalog could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// Another process has this library open.
    #[error(
        "the library in \"{}\" is in use by another seer process{}; \
         close that one, or talk to it if it is a server", folder.display(), owner_text(*.owner)
    )]
    Locked {
        /// The catalog's folder.
        folder: PathBuf,
        /// The other process, where it left its number.
        owner: Option<u32>,
    },
    /// Written by a later seer.
    #[error(
        "the library in \"{}\" has format {found}, written by {written_by}; \
         this seer reads up to format {supported}: use that version or a later one", folder.display()
    )]
    NewerFormat {
        /// The catalog's folder.
        folder: PathBuf,
        /// The format found.
        found: u32,
        /// The newest format this version reads.
        supported: u32,
        /// The program that wrote it, for example "seer 0.4.0".
        written_by: String,
    },
    /// What is on the disk is not what was written.
    #[error(
        "the catalog in \"{}\" is damaged: {what}; restore that folder from a backup, \
         or move it away and index the photos again", folder.display()
    )]
    Damaged {
        /// The catalog's folder.
        folder: PathBuf,
        /// What was found.
        what: String,
    },
    /// The operating system refused.
    #[error("cannot {action} in \"{}\": {source}; check the disk's space and the folder's rights",
        folder.display())]
    Io {
        /// The catalog's folder.
        folder: PathBuf,
        /// What was tried: "open the database".
        action: &'static str,
        /// The refusal.
        source: io::Error,
    },
    /// A change speaks of a photo that has no record; nothing of the batch was applied.
    #[error("photo {} is not in the library: send the photo itself before a link or an embedding", id.short())]
    UnknownPhoto {
        /// The photo.
        id: PhotoId,
    },
    /// An embedding's length is not its model's; nothing of the batch was applied.
    #[error("photo {} has an embedding of {found} numbers, but its model makes {expected}", id.short())]
    WrongDimension {
        /// The photo.
        id: PhotoId,
        /// Length of the embedding sent.
        found: usize,
        /// Length that [`crate::Catalog::set_current_model`] was told.
        expected: usize,
    },
    /// All row numbers are used up.
    #[error("the library has used all its {} row numbers; start another library", u32::MAX)]
    Full,
    /// An earlier write failed half way, so what is in memory may not be what is on the disk.
    #[error("an earlier write to \"{}\" failed; close the library and open it again", folder.display())]
    Unusable {
        /// The catalog's folder.
        folder: PathBuf,
    },
}

fn owner_text(owner: Option<u32>) -> String {
    owner.map(|id| format!(" (process {id})")).unwrap_or_default()
}

pub(crate) type Result<T> = std::result::Result<T, CatalogError>;
