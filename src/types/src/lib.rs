//! Plain nouns of seer: ids, embeddings, preprocessing specs, photo records, progress.
//!
//! Absent on purpose: no I/O, no threads, no model, no image decoding. Every other crate
//! depends on this one and this one on none of them.

#![forbid(unsafe_code)]

mod embedding;
mod facts;
mod id;
mod index_kind;
mod path;
mod photo;
mod preprocess;
mod progress;
mod signature;

pub use embedding::{Embedding, EmbeddingError};
pub use facts::{
    CameraSettings, Coordinates, DateSource, LocalTime, PhotoClass, PhotoFacts, Place, PlaceName,
    Precision, Taken, TextLine, Video,
};
pub use id::{ModelFingerprint, ParseIdError, PhotoId, RowId};
pub use index_kind::IndexKind;
pub use path::LibraryPath;
pub use photo::{Device, DevicePlace, Failure, FailureKind, FileStamp, PhotoFile, PhotoRecord};
pub use preprocess::{
    ColorOrder, CropRounding, Interpolation, PreparedImage, PreprocessSpec, ResizeMode,
};
pub use progress::{IndexEvent, IndexPhase, IndexProgress, IndexSummary, PlanCounts};
pub use signature::Signature;
