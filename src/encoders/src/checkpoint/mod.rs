//! A checkpoint's files, whether they lie in a folder or inside the program.

mod bytes;
mod fingerprint;
mod source;

pub(crate) use bytes::Bytes;
pub(crate) use fingerprint::{changed_fingerprint, fingerprint};
pub(crate) use source::Checkpoint;
