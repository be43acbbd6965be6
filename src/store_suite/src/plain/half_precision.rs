//! Embeddings as stores keep them.

use half::f16;
use seer_types::Embedding;

/// The embedding that comes back from a store: its numbers as 16-bit floats, made a unit vector
/// again.
///
/// # Panics
/// When an embedding has so many small numbers that all of them round to zero.
#[expect(clippy::expect_used, reason = "no embedding of a model rounds to zero")]
pub fn as_stored(embedding: &Embedding) -> Embedding {
    let values = embedding.values().iter().map(|value| f16::from_f32(*value).to_f32()).collect();
    Embedding::new(embedding.model(), values).expect("a direction")
}
