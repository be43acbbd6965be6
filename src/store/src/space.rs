//! The spaces of a library: one for each model whose points it holds.

use seer_types::{IndexKind, ModelFingerprint};

/// A model's space in a library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpaceEntry {
    /// The model; its points are told from all others by this.
    pub model: ModelFingerprint,
    /// The name to load the model by; empty where only points came.
    pub name: String,
    /// Numbers per embedding; 0 where only points came.
    pub dim: usize,
    /// Photos with a point in it, those without a file included.
    pub photos: u64,
    /// How its vectors are indexed.
    pub index: IndexKind,
}

/// What can be found in a space, and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SpaceReport {
    /// Photos that can be found: those with a file and a point there.
    pub searchable: u64,
    /// How a question without a filter is answered now: `exact`, `ivf` or `hnsw`.
    pub method: &'static str,
}
