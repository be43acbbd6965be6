//! Photos that hold words.

use seer_types::PhotoId;

/// The most words that are asked for at once.
pub const MOST_WORDS: usize = 32;

/// Which photos hold which of some words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Having {
    /// For each word, how many of the allowed photos hold it.
    pub counts: Vec<u64>,
    /// The photos that hold at least one of the words that are not too common, by id.
    pub photos: Vec<WordHit>,
}

/// A photo that holds words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordHit {
    /// The photo.
    pub id: PhotoId,
    /// The words that it holds, common ones included: bit `i` is set for the `i`th.
    pub words: u32,
}
