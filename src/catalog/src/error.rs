//! What can go wrong with a catalog, and what to do about it.

use std::io;
use std::path::PathBuf;

use seer_types::{ModelFingerprint, PhotoId};

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
        "the catalog in \"{}\" is damaged: {what}; \"seer check --repair\" keeps all that can be \
         read, \"seer restore\" takes a backup; leave the folder as it is until then",
        folder.display()
    )]
    Damaged {
        /// The catalog's folder.
        folder: PathBuf,
        /// What was found.
        what: String,
    },
    /// So little room is left that nothing is begun; nothing was written.
    #[error(
        "the disk is nearly full: {} MB are free where \"{}\" lies, and seer adds nothing while \
         less than {} MB are; search and status go on; free some room and try again",
        megabytes(*.free), folder.display(), megabytes(*.needed)
    )]
    DiskFull {
        /// The catalog's folder.
        folder: PathBuf,
        /// Bytes that are free.
        free: u64,
        /// Bytes that must be.
        needed: u64,
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
        /// Length that [`crate::Catalog::add_space`] was told.
        expected: usize,
    },
    /// A space has another length of embeddings.
    #[error(
        "the model {} makes embeddings of {found} numbers, but those in the library have {expected}",
        model.short()
    )]
    OtherLength {
        /// The space's model.
        model: ModelFingerprint,
        /// The length told now.
        found: usize,
        /// The length told before.
        expected: usize,
    },
    /// A space that was never added is to be used.
    #[error("the library has no space of the model {}", model.short())]
    UnknownSpace {
        /// The model.
        model: ModelFingerprint,
    },
    /// An analysis whose name cannot be stored.
    #[error("an analysis has the name \"{name}\": 1 to 100 bytes are possible")]
    BadAnalysis {
        /// The name.
        name: String,
    },
    /// All row numbers are used up.
    #[error("the library has used all its {} row numbers; start another library", u32::MAX)]
    Full,
    /// A backup file is not what was written.
    #[error("the backup \"{}\" cannot be used: {what}; nothing was changed", file.display())]
    BadBackup {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// There is something already where a backup was to be restored.
    #[error("there are photos in the catalog \"{}\" already; \"--replace\" puts the backup in their place",
        folder.display())]
    NotEmpty {
        /// The catalog's folder.
        folder: PathBuf,
    },
    /// The catalog is being closed, or was and could not be opened again.
    #[error("the catalog in \"{}\" is not open; try again", folder.display())]
    Unusable {
        /// The catalog's folder.
        folder: PathBuf,
    },
}

impl CatalogError {
    /// Whether the disk had no room.
    pub fn is_full(&self) -> bool {
        match self {
            Self::DiskFull { .. } => true,
            Self::Io { source, .. } => crate::room::is_full(source),
            _ => false,
        }
    }
}

/// Millions of bytes with one decimal.
fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

fn owner_text(owner: Option<u32>) -> String {
    owner.map(|id| format!(" (process {id})")).unwrap_or_default()
}

pub(crate) type Result<T> = std::result::Result<T, CatalogError>;
