//! From the bytes of a picture file to upright pixels, a model's input, a thumbnail and facts.
//!
//! [`decode`] reads a file's bytes into a [`Photo`]: its pixels (8 bit, upright) and what the
//! file says about itself. [`Photo::prepare`] follows a [`seer_types::PreprocessSpec`] to the
//! pixel, as Pillow does it; [`Photo::thumbnail`] gives a small JPEG.
//!
//! Absent on purpose: no file access (callers bring bytes), no knowledge of which model looks
//! at the pixels (it follows a spec), no threads (callers decode many photos side by side), no
//! colour management (the reference pipelines of the models have none either; a thumbnail
//! carries the file's colour profile so that a browser can do it).
//!
//! Everything here reads foreign bytes: no input makes it panic, and sizes are checked against
//! [`Limits`] before pixels are decoded.

mod colour;
mod decode;
mod error;
mod file_kind;
mod format;
mod generic;
mod jpeg;
mod limits;
mod metadata;
mod orient;
mod photo;
mod prepare;
mod raster;
mod reduction;
mod resize;
mod thumbnail;

pub use decode::{decode, decode_prepared, decode_raw_orientation};
pub use error::ImageError;
pub use file_kind::{FileKind, file_kind};
pub use format::{SNIFF_BYTES, looks_like_picture};
pub use limits::Limits;
pub use photo::Photo;
