//! What can be wrong with a checkpoint's tokenizer.

use std::path::PathBuf;

use thiserror::Error;

/// Why a tokenizer could not be loaded.
#[derive(Debug, Error)]
pub enum TokenizerError {
    /// The file exists but cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The tokenizer file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// No `tokenizer.json` and no `vocab.txt`, and the text tower is not CLIP's.
    #[error(
        "{} is missing, and this text tower has its own vocabulary; next: fetch the checkpoint again, or copy that file from where it was published", path.display()
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is not a tokenizer.json, or of a kind that does not fit.
    #[error("{origin}: {reason}")]
    Unfit {
        /// The file, or what stands in for it.
        origin: String,
        /// What does not fit.
        reason: String,
    },
    /// The tokenizer gives ids that the token embedding has no row for.
    #[error(
        "{origin} has token ids up to {largest}, but the checkpoint's text tower has {rows} rows"
    )]
    TooManyTokens {
        /// The file, or what stands in for it.
        origin: String,
        /// Largest id the tokenizer can give.
        largest: u32,
        /// Rows of the token embedding, the JSON's `vocab_size`.
        rows: usize,
    },
    /// The context length leaves no room for a word.
    #[error("a context length of {0} leaves no room for a word between start and end token")]
    ShortContext(usize),
}
