//! Filters: conditions that a photo meets or does not.

use std::sync::Arc;

use seer_types::{Coordinates, LibraryPath, LocalTime, PhotoId};

use crate::Bounds;
use crate::recurring::Recurring;

/// A condition on a photo and one of its files: a photo is among the found ones when it meets the
/// condition with at least one of its files. So what is said of paths, folders, names and
/// extensions must be true of one file, and [`Filter::Not`] leaves out files, not photos that have
/// another one. A photo without files meets no condition, nor its negation.
///
/// Texts are compared folded ([`crate::fold::fold`]), words are those of [`crate::words`]. A text
/// with nothing to look for is met by nothing. [`crate::meets`] says what each of these means.
#[derive(Clone, PartialEq, Debug)]
pub enum Filter {
    /// All of these; every file when there are none.
    All(Vec<Filter>),
    /// At least one of these; no file when there are none.
    Any(Vec<Filter>),
    /// Every file but these.
    Not(Box<Filter>),
    /// The text occurs somewhere in the file's path. With `*` or `?` in it, it fits one name of the
    /// path, or several that follow each other; see [`crate::Pattern`].
    Path(String),
    /// A folder on the file's path has exactly this name; names with slashes between them must
    /// follow each other. `*` and `?` as in `Path`.
    Folder(String),
    /// The file lies below this folder, at any depth. Paths are compared folded, as in `Path`: of
    /// two folders whose paths differ in case or accents alone, each is the other.
    Below(LibraryPath),
    /// Each piece between spaces stands in the file's name: its words one after the other. A number
    /// at an end of a piece may be part of a longer one, from [`crate::terms::PART_OF_NAME`] digits
    /// on. With `*` or `?` in it, the text is the whole name, with or without its extension.
    Name(String),
    /// The file's name ends in this extension, with or without the dot.
    Extension(String),
    /// The format by content: "jpeg".
    Format(String),
    /// Taken at or after `from` and before `until`: all of the time that is known to a partial date
    /// lies there. Photos without a time are never among them.
    Taken {
        /// The first moment.
        from: Option<LocalTime>,
        /// The first moment after.
        until: Option<LocalTime>,
    },
    /// Taken at a time that comes again, by the camera's clock, as far as the date says so:
    /// [`Recurring::holds`]. Photos without a time are never among them.
    Recurring(Recurring),
    /// All words occur in make and model; of the last word its beginning is enough.
    Camera(String),
    /// All words occur in the lens's name; of the last word its beginning is enough.
    Lens(String),
    /// One of its tags, one level of a tag such as "Places/Berlin" or "Places|Berlin", or one of
    /// the names of its classes has exactly these words.
    Tag(String),
    /// The words occur one after the other in the file's name, one of its folders' names (from the
    /// indexed folder down), or one of the photo's texts ([`crate::TextKind`]), names of
    /// places by its position left out. A number at an end may
    /// be part of a longer one in the name, from [`crate::terms::PART_OF_TEXT`] digits on; in a line
    /// that can be read in the picture, a word at an end from [`crate::terms::PART_OF_LINE`]
    /// characters on.
    Text(String),
    /// One of the people's names has these words one after the other.
    Person(String),
    /// The name of a place where it was taken - written into the file, or known by its position -
    /// has these words one after the other.
    Place(String),
    /// Stars, 1 to 5, both ends included. Photos without stars never meet it.
    Rating {
        /// Fewest.
        min: Option<u8>,
        /// Most.
        max: Option<u8>,
    },
    /// At most this far from a place, along a great circle. Photos without a position never are.
    Near {
        /// The place.
        center: Coordinates,
        /// Kilometres.
        km: f64,
    },
    /// In a box on the earth. Photos without a position never are.
    Inside(Bounds),
    /// File length in bytes, both ends included.
    FileSize {
        /// Smallest.
        min: Option<u64>,
        /// Largest.
        max: Option<u64>,
    },
    /// Pixels across, both ends included.
    Width {
        /// Smallest.
        min: Option<u32>,
        /// Largest.
        max: Option<u32>,
    },
    /// Pixels down, both ends included.
    Height {
        /// Smallest.
        min: Option<u32>,
        /// Largest.
        max: Option<u32>,
    },
    /// The shape.
    Orientation(Orientation),
    /// One of these photos.
    Ids(Arc<[PhotoId]>),
}

impl Filter {
    /// Whether it may be true of one file of a photo and false of another.
    pub fn is_about_files(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_about_files),
            Self::Not(part) => part.is_about_files(),
            Self::Path(_)
            | Self::Folder(_)
            | Self::Below(_)
            | Self::Name(_)
            | Self::Extension(_)
            | Self::Text(_) => true,
            Self::Format(_)
            | Self::Taken { .. }
            | Self::Recurring(_)
            | Self::Camera(_)
            | Self::Lens(_)
            | Self::Tag(_)
            | Self::Person(_)
            | Self::Place(_)
            | Self::Rating { .. }
            | Self::Near { .. }
            | Self::Inside(_)
            | Self::FileSize { .. }
            | Self::Width { .. }
            | Self::Height { .. }
            | Self::Orientation(_)
            | Self::Ids(_) => false,
        }
    }
}

/// The shape of a picture as it is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Orientation {
    /// Wider than high.
    Landscape,
    /// Higher than wide.
    Portrait,
    /// As wide as high.
    Square,
}
