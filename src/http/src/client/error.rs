//! Why a server gave no answer.

use std::path::PathBuf;

/// See the variants.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// No connection, or it broke off.
    #[error("the server at {url} does not answer: {reason}; is \"seer serve\" still running?")]
    Unreachable {
        /// What was asked.
        url: String,
        /// Why.
        reason: String,
    },
    /// The server refused, with a reason.
    #[error("{message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// One of [`crate::ERROR_CODES`].
        code: String,
        /// In words.
        message: String,
    },
    /// The answer is not what this version expects.
    #[error("the answer of {url} is not understood: {reason}; is it another version of seer?")]
    NotUnderstood {
        /// What was asked.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Only hex digits name photos.
    #[error("\"{0}\" is not a photo id: expected hex digits")]
    NotAnId(String),
    /// JSON carries Unicode only.
    #[error("{0:?} is not Unicode, so a running server cannot be told about it; stop it first")]
    NotUnicode(PathBuf),
}

impl ClientError {
    /// The server's error code, or a word of our own: "unreachable", "not_understood", …
    pub fn code(&self) -> &str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Refused { code, .. } => code,
            Self::NotUnderstood { .. } => "not_understood",
            Self::NotAnId(_) | Self::NotUnicode(_) => "bad_request",
        }
    }
}
