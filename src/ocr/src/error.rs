//! What can go wrong.

use seer_checkpoint::CheckpointError;

/// Why no words were read.
#[derive(Debug, thiserror::Error)]
pub enum OcrError {
    /// The model's files are missing, damaged, or another model's.
    #[error("the model for words in pictures cannot be read: {0}")]
    Model(#[from] CheckpointError),
    /// The picture's bytes are more or fewer than its size says: a bug in the caller.
    #[error("a picture of {width} x {height} pixels with {bytes} bytes; it takes three a pixel")]
    Pixels {
        /// Bytes that came.
        bytes: usize,
        /// Pixels across.
        width: usize,
        /// Pixels down.
        height: usize,
    },
    /// The caller asked to stop.
    #[error("reading the words in a picture was stopped; try again")]
    Stopped,
}
