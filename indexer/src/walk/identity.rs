//! What makes two paths the same file or folder on disk.

use std::fs::Metadata;
use std::path::Path;

/// The same for every path (link, mount, other spelling) that leads to one file or folder.
///
/// Unix: device and inode. Elsewhere: the canonical path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Identity(Inner);

#[cfg(unix)]
type Inner = (u64, u64);
#[cfg(not(unix))]
type Inner = std::path::PathBuf;

impl Identity {
    /// Of the file or folder that `path` leads to, whose metadata (links followed) is given.
    /// `None` when the system does not say.
    #[cfg(unix)]
    pub(crate) fn of(_path: &Path, metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self((metadata.dev(), metadata.ino())))
    }

    /// Of the file or folder that `path` leads to, whose metadata (links followed) is given.
    /// `None` when the system does not say.
    #[cfg(not(unix))]
    pub(crate) fn of(path: &Path, _metadata: &Metadata) -> Option<Self> {
        std::fs::canonicalize(path).ok().map(Self)
    }
}
