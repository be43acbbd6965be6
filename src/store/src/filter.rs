//! Filters: conditions that a photo meets or does not.

use seer_types::{Coordinates, LocalTime};

use crate::recurring::Recurring;

/// A condition on a photo. A photo without files meets none of them, nor their negation.
///
/// Words are as in the crate's splitting of names: runs of letters or of digits, case and Latin
/// accents ignored. A text filter without any word or character to look for allows everything.
#[derive(Clone, PartialEq, Debug)]
pub enum Filter {
    /// All of these; every photo when there are none.
    All(Vec<Filter>),
    /// At least one of these; no photo when there are none.
    Any(Vec<Filter>),
    /// Every photo but these.
    Not(Box<Filter>),
    /// The text occurs somewhere in the path of one of its files. Case is ignored, accents are not.
    Path(String),
    /// A folder on the path of one of its files has exactly this name, case ignored. Names with
    /// slashes between them must follow each other.
    Folder(String),
    /// Each of the words occurs in the name of one of its files.
    Name(String),
    /// One of its files ends in this extension, with or without the dot, case ignored.
    Extension(String),
    /// The format by content, case ignored: "jpeg".
    Format(String),
    /// Taken at or after `from` and before `until`. Photos without a time are never among them.
    Taken {
        /// The first moment.
        from: Option<LocalTime>,
        /// The first moment after.
        until: Option<LocalTime>,
    },
    /// Taken at a time that comes again, by the camera's clock. Photos without a time are never among
    /// them.
    Recurring(Recurring),
    /// All words occur in make and model; of the last word its beginning is enough.
    Camera(String),
    /// All words occur in the lens's name; of the last word its beginning is enough.
    Lens(String),
    /// One of its tags, one level of a tag such as "Places/Berlin" or "Places|Berlin", or one of
    /// the names of its classes has exactly these words.
    Tag(String),
    /// The words occur one after the other in one of its names, one of its folders' names (from
    /// the indexed folder down), one of its tags, or its caption.
    Text(String),
    /// At most this far from a place, along a great circle. Photos without a position never are.
    Near {
        /// The place.
        center: Coordinates,
        /// Kilometres.
        km: f64,
    },
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
