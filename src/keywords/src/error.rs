//! What can go wrong with a keyword index, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

/// Why the index could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeywordsError {
    /// There is no index in this folder.
    #[error("there is no keyword index in \"{}\"; it is built from the catalog", folder.display())]
    Missing {
        /// The index's folder.
        folder: PathBuf,
    },
    /// What is on the disk is not what was written.
    #[error("the keyword index in \"{}\" is damaged: {what}; it can be rebuilt from the catalog",
        folder.display())]
    Damaged {
        /// The index's folder.
        folder: PathBuf,
        /// What was found.
        what: String,
    },
    /// Written by another version of seer.
    #[error(
        "the keyword index in \"{}\" has format {found}, this seer uses {}; \
         it can be rebuilt from the catalog", folder.display(), crate::FORMAT
    )]
    OtherFormat {
        /// The index's folder.
        folder: PathBuf,
        /// The format found.
        found: u32,
    },
    /// Another process, or another `Keywords` of this one, is writing to it.
    #[error("the keyword index in \"{}\" is in use by another seer process; close that one",
        folder.display())]
    Locked {
        /// The index's folder.
        folder: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {action} in \"{}\": {source}; check the disk's space and the folder's rights",
        folder.display())]
    Io {
        /// The index's folder.
        folder: PathBuf,
        /// What was tried: "write the keyword index".
        action: &'static str,
        /// The refusal.
        source: io::Error,
    },
}

impl KeywordsError {
    /// Whether building the index anew with [`crate::Keywords::create`] is the remedy.
    pub fn is_cured_by_rebuilding(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Damaged { .. } | Self::OtherFormat { .. })
    }

    /// Whether the disk had no room.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Io { source, .. } if matches!(source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded))
    }

    /// Sorts one of tantivy's errors into ours.
    pub(crate) fn from_tantivy(folder: &Path, action: &'static str, error: TantivyError) -> Self {
        let folder = folder.to_path_buf();
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked { folder },
            TantivyError::IoError(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
                let source = io::Error::new(source.kind(), source.to_string());
                Self::Io { folder, action, source }
            }
            other => Self::Damaged { folder, what: one_line(&other.to_string()) },
        }
    }
}

fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(300).collect()
}

pub(crate) type Result<T> = std::result::Result<T, KeywordsError>;
