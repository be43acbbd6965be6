//! Picture files named on the command line, encoded without a library.

use std::path::{Path, PathBuf};

use anyhow::Result;
use seer_encoders::Model;
use seer_engine::{EngineError, encode_files};
use seer_types::Embedding;

use crate::args::Shared;
use crate::progress::Counter;

/// A picture file and what the model makes of it.
pub type Encoded<'a> = (&'a Path, Result<Embedding, EngineError>);

/// Encodes files in order; one that cannot be read has its own error, which names it.
pub fn encode<'a>(
    shared: &Shared,
    model: &Model,
    paths: &'a [PathBuf],
) -> Result<Vec<Encoded<'a>>> {
    let counter = Counter::new(shared.quiet, "encoding");
    let embeddings = encode_files(model, paths, &|done| counter.show(done, paths.len()))?;
    Ok(paths.iter().map(PathBuf::as_path).zip(embeddings).collect())
}

/// Encodes one file.
pub fn encode_one(model: &Model, path: &Path) -> Result<Embedding> {
    let mut embeddings = encode_files(model, &[path.to_path_buf()], &|_| {})?;
    Ok(embeddings.remove(0)?)
}
