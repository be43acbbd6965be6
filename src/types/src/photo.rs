//! What a library knows about one photo.

use serde::{Deserialize, Serialize};

use crate::{LibraryPath, PhotoFacts, PhotoId};

/// One photo: its content, where that content lies, and what the file says about itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PhotoRecord {
    /// BLAKE3 of the content.
    pub id: PhotoId,
    /// Every file with this content, sorted by path. Empty: all copies are gone; the photo is
    /// no result any more, but its embedding is kept in case a copy comes back.
    pub files: Vec<PhotoFile>,
    /// File length in bytes.
    pub size: u64,
    /// What was read from the file.
    pub facts: PhotoFacts,
    /// When the library first saw it, Unix seconds.
    pub added: i64,
}

/// One place where a photo's content lies.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhotoFile {
    /// Absolute path.
    pub path: LibraryPath,
    /// The indexed folder it was found under.
    pub root: LibraryPath,
    /// State of the file when it was read.
    pub stamp: FileStamp,
}

/// What tells a changed file from an unchanged one without reading it.
///
/// Anybody can set a file's modification time, so size and time alone do not tell other content
/// that was put in its place. The time of its last change and its number can only be set by the
/// system.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FileStamp {
    /// Length in bytes.
    pub size: u64,
    /// Modification time, Unix nanoseconds; negative before 1970.
    pub modified_ns: i64,
    /// When content, name or rights last changed, Unix nanoseconds. `None` where the system does
    /// not say, and in what earlier versions wrote.
    pub changed_ns: Option<i64>,
    /// The file's number on its file system. `None` where numbers do not last, where the system
    /// has none, and in what earlier versions wrote.
    pub inode: Option<u64>,
}

impl FileStamp {
    /// Of a file of which no more is known.
    pub fn new(size: u64, modified_ns: i64) -> Self {
        Self { size, modified_ns, changed_ns: None, inode: None }
    }

    /// Whether nothing says that the file has changed. What one of the two does not know is no
    /// difference.
    pub fn agrees_with(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        self.size == other.size
            && self.modified_ns == other.modified_ns
            && agree(self.changed_ns, other.changed_ns)
            && agree(self.inode, other.inode)
    }
}

/// Where a folder's files lie: a disk, a partition, a share.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Device {
    /// The system's number for it. May be another one after a restart.
    pub number: u64,
    /// The file system's own id; 0 where it has none. On most it stays the same for ever.
    pub file_system: u64,
}

impl Device {
    /// Whether both are the same one, as far as the system says: by the file systems' ids where
    /// both have one.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self.file_system, other.file_system) {
            (0, _) | (_, 0) => self.number == other.number,
            (a, b) => a == b,
        }
    }
}

/// A folder whose files lie on a device of their own: an indexed folder, or below it a mount point
/// or a folder that a link leads to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DevicePlace {
    /// The folder (or the link).
    pub path: LibraryPath,
    /// Where its files lie.
    pub device: Device,
    /// Whether a link leads to it.
    pub linked: bool,
}

/// A file that could not be indexed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// The file.
    pub path: LibraryPath,
    /// The indexed folder it was found under.
    pub root: LibraryPath,
    /// Its state then: it is tried again when this changes.
    pub stamp: FileStamp,
    /// What kind of trouble.
    pub kind: FailureKind,
    /// In words, one line, without the path.
    pub reason: String,
    /// When, Unix seconds.
    pub at: i64,
    /// Version of the set of decoders that could not read it: a later one tries it again. 0 where
    /// it was not noted.
    pub decoders: u32,
}

/// Why a file could not be indexed, for programs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The operating system did not let us read it.
    Unreadable,
    /// Not a format seer decodes.
    Unsupported,
    /// Damaged, truncated or invalid.
    Damaged,
    /// Above the limit on pixels, bytes or time.
    TooLarge,
    /// Decoded, but the model could not encode it.
    Encoding,
}
