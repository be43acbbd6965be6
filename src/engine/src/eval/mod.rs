//! How good a model is, on data with known answers.

pub mod classify;
pub mod names;
mod rank;
pub mod retrieval;

use seer_encoders::Model;
use seer_types::Embedding;

use crate::EngineError;

pub use rank::Recall;

/// Texts per call of the model.
const TEXTS: usize = 256;

/// Texts as they are, without a template.
fn encode_texts(
    model: &Model,
    texts: &[&str],
    done: &dyn Fn(usize),
) -> Result<Vec<Embedding>, EngineError> {
    let mut out = Vec::with_capacity(texts.len());
    for batch in texts.chunks(TEXTS) {
        out.extend(model.encode_texts(batch)?);
        done(out.len());
    }
    Ok(out)
}
