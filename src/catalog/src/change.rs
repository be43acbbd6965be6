//! What a batch did, and the models that embeddings are of.

use seer_types::{ModelFingerprint, RowId};

/// What a batch did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Applied {
    /// Rows whose record or embedding changed, ascending, each once.
    pub touched: Vec<RowId>,
    /// The change counter after the batch.
    pub watermark: u64,
}

/// A model whose embeddings the catalog may hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModelEntry {
    /// Which model.
    pub fingerprint: ModelFingerprint,
    /// The name it was given; empty where only embeddings came.
    pub name: String,
    /// Numbers per embedding; 0 where only embeddings came.
    pub dim: usize,
    /// Photos with an embedding of it, those whose files are gone included.
    pub embedded: u64,
}
