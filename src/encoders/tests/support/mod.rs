//! What the parity tests share: tokenizers for references that have token ids only, how far embeddings
//! are from a reference's, and the fixtures as folders.

#![allow(dead_code)] // each test uses some of it

pub mod families;
pub mod fixtures;
pub mod settings;

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

    /// Fails where the bar is missed.
    pub fn assert(&self, what: &str, bar: Bar) {
        if let Some(miss) = self.miss(what, bar) {
            panic!("{miss}");
        }
    }

    /// By how much the bar is missed; `None` where it is reached.
    pub fn miss(&self, what: &str, bar: Bar) -> Option<String> {
        let reached = self.cosine >= bar.cosine && self.largest <= bar.largest;
        let Self { cosine, largest } = self;
        (!reached).then(|| format!("{what}: cosine {cosine}, a value is off by {largest:.1e}"))
    }
}

/// What must be reached.
#[derive(Clone, Copy)]
pub struct Bar {
    /// Least cosine.
    pub cosine: f32,
    /// Largest difference of a value.
    pub largest: f32,
}

impl Bar {
    /// Parity: what remains is the order in which numbers are added up.
    pub const F32: Self = Self { cosine: 0.9999, largest: 1e-4 };
    /// bf16 has 8 binary digits, so that a rounding is off by up to 2^-9: a cosine of 0.999 is a
    /// vector off by 23 of these (4.5 %).
    pub const BF16: Self = Self { cosine: 0.999, largest: 0.03 };
    /// f16 has 11 binary digits, 2^-12: a cosine of 0.9999 is a vector off by 58 of these (1.4 %).
    pub const F16: Self = Self { cosine: 0.9999, largest: 0.01 };

    /// The same with pictures' vectors off by half as much again: what random weights make of FastViT.
    pub fn rough(self) -> Self {
        Self { cosine: 1.0 - 2.0 * (1.0 - self.cosine), largest: 1.5 * self.largest }
    }
}

/// A row of the tables in `docs/PARITY.md`, after `label`; what was not compared stays empty.
pub fn print_row(label: &str, name: &str, images: Option<&Agreement>, texts: Option<&Agreement>) {
    let cells = |agreement: Option<&Agreement>| {
        agreement.map_or(" | ".to_owned(), |a| format!("{:.7} | {:.1e}", a.cosine, a.largest))
    };
    println!("{label}| {name} | {} | {} |", cells(images), cells(texts));
}
