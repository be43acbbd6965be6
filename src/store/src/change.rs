//! What is written to a library, and what it remembers: plain values.

use seer_types::{Failure, FileStamp, LibraryPath, PhotoFacts, PhotoFile, PhotoId};

use crate::{Analysis, Point, Told};

/// One change of a library. A batch of them is done in order, wholly or not at all.
#[derive(Clone, PartialEq, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all changes are of the largest kind")]
pub enum Change {
    /// A file was read. A photo not seen before gets a row; of a known one, size and facts are
    /// replaced, except that what analyses found stays until they find something else
    /// ([`crate::read_again`]). The path then
    /// belongs to this photo, whatever it belonged to before, and a failure noted for it is
    /// forgotten.
    Photo {
        /// Hash of the content.
        id: PhotoId,
        /// Length in bytes.
        size: u64,
        /// What the file says about itself.
        facts: PhotoFacts,
        /// Where it lies.
        file: PhotoFile,
        /// Its points, where it was encoded: in each model's space that is among them, they take
        /// the place of all it had there; of two for the same part the last counts. Its points in
        /// other spaces stay.
        points: Vec<Point>,
    },
    /// A file whose content is in the library already: a move, a copy, a new stamp. The path then
    /// belongs to this photo, as with `Photo`.
    Link {
        /// Hash of the content.
        id: PhotoId,
        /// Where it lies.
        file: PhotoFile,
    },
    /// A known photo was encoded (by a second model, or later than it was read).
    Points {
        /// The photo.
        id: PhotoId,
        /// In each model's space that is among them, they take the place of all it had there.
        points: Vec<Point>,
    },
    /// A known photo was seen earlier than the library knows, by another library that it is copied
    /// from.
    FirstSeen {
        /// The photo.
        id: PhotoId,
        /// When, Unix seconds. A later time than the known one changes nothing.
        added: i64,
    },
    /// What an analysis found in a known photo; its other facts stay.
    Told {
        /// The photo.
        id: PhotoId,
        /// It takes the place of what was found before.
        told: Told,
    },
    /// An analysis has looked at a known photo.
    Analysed {
        /// The photo.
        id: PhotoId,
        /// Which one; the version takes the place of the one noted before.
        analysis: Analysis,
    },
    /// The path is gone, or no longer part of the library. The photo's record and embeddings stay
    /// until they are purged. An unknown path is no error.
    Unlink {
        /// The path.
        path: LibraryPath,
    },
    /// The file could not be read: the path leaves its photo and is listed as a failure.
    Failed(Failure),
}

/// What the library remembers about a path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownFile {
    /// The path.
    pub path: LibraryPath,
    /// The indexed folder it was found under.
    pub root: LibraryPath,
    /// Its state when it was read.
    pub stamp: FileStamp,
    /// What came of it.
    pub state: KnownState,
}

/// What came of reading a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KnownState {
    /// It is this photo.
    Photo(PhotoId),
    /// It could not be read.
    Failed {
        /// See [`Failure::decoders`].
        decoders: u32,
    },
}

/// How much a library holds; counted while writing, so that asking costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Photos with at least one file.
    pub photos: u64,
    /// Files of these photos.
    pub files: u64,
    /// Files that could not be read.
    pub failures: u64,
}
