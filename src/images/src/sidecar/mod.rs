//! Files beside a photo that speak of it: XMP of photo managers and raw converters, JSON of Google
//! Takeout.
//!
//! For whoever walks folders:
//! 1. Give the names of a folder's files to [`Neighbours::new`]; it keeps those that
//!    [`sidecar_kind`] knows.
//! 2. For each photo ask [`Neighbours::of`] which of them speak of it, the most trusted first. Their
//!    stamps belong to the photo's: a sidecar that came, changed or went is a photo to be read again.
//! 3. Read them, up to [`LARGEST_SIDECAR`] bytes each, and hand them in the same order to
//!    [`merge_sidecars`] together with the facts of the photo itself. The date of the file's name
//!    (`date_from_name`) is added after that, by rank ([`seer_types::Taken::or_better`]).
//!
//! Nothing here reads files. A sidecar that cannot be read says nothing; it never fails a photo.

mod merge;
mod names;
mod takeout;

pub use merge::merge_sidecars;
pub use names::{Neighbours, Sidecar, sidecar_kind};

/// A longer sidecar is not read.
pub const LARGEST_SIDECAR: usize = 4 << 20;

/// What kind of file stands beside a photo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SidecarKind {
    /// XMP, which a person's program keeps: what it says goes before what the photo says.
    Xmp,
    /// JSON that Google Takeout writes: it says what the photo does not.
    Takeout,
}
