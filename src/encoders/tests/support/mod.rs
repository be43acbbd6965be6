//! What the parity tests share: tokenizers for references that have token ids only, how far embeddings
//! are from a reference's, and the fixtures as folders.

#![allow(dead_code)] // each test uses some of it

pub mod fixtures;

use seer_types::Embedding;

/// A tokenizer that knows nothing, for models of sentence pieces.
pub const SENTENCE_PIECES: &str = r#"{
    "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
    "normalizer": null, "pre_tokenizer": null, "decoder": null,
    "post_processor": {"type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "</s>", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
        "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
    "model": {"type": "Unigram", "unk_id": 2, "byte_fallback": false,
        "vocab": [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["a", -1.0]]}
}"#;

/// A tokenizer that knows nothing, for models of word pieces.
pub const WORD_PIECES: &str = r###"{
    "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
        "strip_accents": null, "lowercase": true},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 0]},
    "decoder": null,
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100, "vocab": {"[CLS]": 0, "[PAD]": 1, "[SEP]": 2, "[UNK]": 3}}
}"###;

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
