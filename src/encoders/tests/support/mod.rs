//! What the parity tests share: tokenizers for references that have token ids only, how far embeddings
//! are from a reference's, and the fixtures as folders.

#![allow(dead_code)] // each test uses some of it

pub mod fixtures;

use seer_types::Embedding;

/// A tokenizer that knows nothing, for models of sentence pieces.
pub const SENTENCE_PIECES: &str =
    include_str!("../../../../tests/fixtures/tokenizer/blank-sentence-pieces.tokenizer.json");

/// A tokenizer that knows nothing, for models of word pieces.
pub const WORD_PIECES: &str =
    include_str!("../../../../tests/fixtures/tokenizer/blank-word-pieces.tokenizer.json");

/// The worst row of a comparison.
pub struct Agreement {
    /// Least cosine.
    pub cosine: f32,
    /// Largest difference of a value.
    pub largest: f32,
}

impl Agreement {
    /// Compares with the reference's embeddings, row after row.
    pub fn of(found: &[Embedding], expected: &[f32]) -> Self {
        let dim = expected.len() / found.len();
        let mut worst = Self { cosine: 1.0, largest: 0.0 };
        for (found, expected) in found.iter().zip(expected.chunks(dim)) {
            let pairs = || found.values().iter().zip(expected);
            worst.cosine = worst.cosine.min(pairs().map(|(a, b)| a * b).sum());
            worst.largest = pairs().map(|(a, b)| (a - b).abs()).fold(worst.largest, f32::max);
        }
        worst
    }

    /// Whether it is parity: cosine at least 0.9999, no value off by more than `tolerance`.
    pub fn assert(&self, what: &str, tolerance: f32) {
        assert!(self.cosine >= 0.9999, "{what}: cosine {}", self.cosine);
        assert!(self.largest <= tolerance, "{what}: a value is off by {}", self.largest);
    }
}

/// A row of the tables in `docs/PARITY.md`; what was not compared stays empty.
pub fn print_row(name: &str, images: Option<&Agreement>, texts: Option<&Agreement>) {
    let cells = |agreement: Option<&Agreement>| {
        agreement.map_or(" | ".to_owned(), |a| format!("{:.7} | {:.1e}", a.cosine, a.largest))
    };
    println!("| {name} | {} | {} |", cells(images), cells(texts));
}
