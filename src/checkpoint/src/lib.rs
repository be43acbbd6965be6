//! A checkpoint's files, whether they lie in a folder or inside the program; what their JSON says of
//! the model ([`config`]); and the checkpoints known by name ([`registry`]).
//!
//! Absent on purpose: tensors and devices (`seer-towers`), reading text (`seer-tokenizer`), the network
//! (`seer-hub`), any default for what a checkpoint's JSON leaves unknown.

mod bytes;
pub mod config;
mod error;
mod fingerprint;
pub mod registry;
mod source;

pub use bytes::Bytes;
pub use error::CheckpointError;
pub use fingerprint::{SMALL_FILES, changed_fingerprint, fingerprint, further_fingerprint};
pub use source::{Checkpoint, EmbeddedFile, PICTURE_HEAD, pickled_names};
