//! Embeddings as stores keep them.

use seer_store::{from_half_precision, half_precision};
use seer_types::Embedding;

/// The embedding that comes back from a store: its numbers as 16-bit floats, made a unit vector
/// again.
///
/// # Panics
/// When an embedding has so many small numbers that all of them round to zero.
#[expect(clippy::expect_used, reason = "no embedding of a model rounds to zero")]
pub fn as_stored(embedding: &Embedding) -> Embedding {
    from_half_precision(embedding.model(), &half_precision(embedding)).expect("a direction")
}
