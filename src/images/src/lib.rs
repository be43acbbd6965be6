//! From the bytes of a picture file to upright pixels, a model's input, a thumbnail and facts.
//!
//! [`decode`] reads a file's bytes into a [`Photo`]: its pixels (8 bit, upright) and what the
//! file says about itself. [`Photo::prepare`] follows a [`seer_types::PreprocessSpec`] to the
//! pixel, as Pillow does it; [`Photo::thumbnail`] gives a small JPEG.
//!
//! Absent on purpose: no file access but [`read_picture_file`] (callers bring bytes), no knowledge
//! of which model looks at the pixels (it follows a spec), no threads but the watch of a worker
//! process (callers decode many photos side by side), no colour management for models (their reference pipelines have none either; what
//! people look at is converted to sRGB).
//!
//! Everything here reads foreign bytes. Sizes are checked against [`Limits`] before pixels are
//! decoded, memory is taken from the process's [`MemoryBudget`], [`Stop`] ends any decoding, and
//! no input makes it panic: foreign decoders run behind a guard, and our own code is tested
//! without one.

mod altered;
mod budget;
mod colour;
mod decode;
mod error;
mod file_kind;
mod format;
mod generic;
mod guard;
mod heif;
mod jpeg;
mod jxl;
mod limits;
mod metadata;
mod options;
mod orient;
mod photo;
mod png;
mod prepare;
mod profile;
mod psd;
mod raster;
mod raw;
mod read_file;
mod reduction;
mod resize;
mod sidecar;
mod signature;
mod source;
mod stop;
mod strip;
mod subject;
mod thumbnail;
mod tiff;
mod video;
mod watched;
mod worker;

pub use altered::{Alteration, altered};
pub use budget::{FILE_MEMORY, MemoryBudget, PIXEL_MEMORY, Permit};
pub use decode::{
    decode, decode_prepared, decode_prepared_with_thumbnail, decode_raw_orientation,
    decode_thumbnail, decode_visible,
};
pub use error::ImageError;
pub use file_kind::{FileKind, file_kind};
pub use format::{DECODERS, SNIFF_BYTES, looks_like_picture};
pub use guard::catch_bug;
pub use limits::Limits;
pub use metadata::date_from_name;
pub use options::DecodeOptions;
pub use photo::Photo;
pub use read_file::{FileBytes, ReadPictureError, read_picture_file};
pub use sidecar::{
    LARGEST_SIDECAR, Neighbours, Sidecar, SidecarKind, merge_sidecars, sidecar_kind,
};
pub use stop::Stop;
pub use strip::{Piece, StripError, strip, strip_bytes};
pub use subject::with_name;
pub use video::{
    VideoPhoto, decode_video, decode_video_thumbnail, has_ffmpeg, is_video, lacked_ffmpeg,
    set_ffmpeg,
};
pub use worker::{has_worker, serve_worker, set_worker};

use decode::Wanted;
