//! Why a whole run ended early. Single files never end one.

use std::path::PathBuf;

use seer_engine::EngineError;

/// A run could not start or not go on. What was committed before stays.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// No folder was named.
    #[error("nothing to index: name at least one folder or picture file")]
    NothingNamed,
    /// None of the named folders can be read; their photos are kept.
    #[error(
        "cannot index {}: {reason}; its photos stay in the library\nnext: check the name and that its drive is connected, or run with --prune to let go of what was there",
        path.display()
    )]
    Unavailable {
        /// The first of them.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// An exclude is not a glob.
    #[error(
        "\"{glob}\" is not a pattern for files to exclude: {reason}\nnext: use * for any name, ** for any folders, for example \"*.png\" or \"2019/raw\""
    )]
    BadExclude {
        /// The pattern as given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The model failed on every picture of several batches: the device, not the pictures.
    #[error(
        "the model failed on {pictures} pictures in a row ({reason}); none of them is marked as failed\nnext: run again, with another --device if it happens again"
    )]
    Encoder {
        /// How many pictures in a row.
        pictures: usize,
        /// What the model said last.
        reason: String,
    },
    /// The library could not be read or written.
    #[error(transparent)]
    Library(#[from] EngineError),
}
