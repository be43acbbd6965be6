//! Tokenizers that are wholly described by their `tokenizer.json`: word pieces, sentence pieces, byte-level ones.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::de::IgnoredAny;
use tokenizers::{TruncationDirection, TruncationParams, TruncationStrategy};

use super::clean::Cleaning;

/// A `tokenizer.json` as it is, without its padding, with our truncation.
pub struct LanguageModelTokenizer {
    inner: tokenizers::Tokenizer,
    cleaning: Cleaning,
    /// The ids of an empty text: what the post-processor puts around every text.
    frame: Vec<u32>,
}

impl LanguageModelTokenizer {
    /// Errors are reasons in words, to be prefixed with the file.
    pub fn from_json(
        json: &[u8],
        cleaning: Cleaning,
        context_length: usize,
    ) -> Result<Self, String> {
        Self::new(parsed(json)?, cleaning, context_length)
    }

    /// The same from a parsed file.
    pub fn new(
        mut inner: tokenizers::Tokenizer,
        cleaning: Cleaning,
        context_length: usize,
    ) -> Result<Self, String> {
        // Typed special tokens are text.
        inner.set_encode_special_tokens(true);
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|e| e.to_string())?;
        let frame = guarded(|| inner.encode_fast("", true))?.get_ids().to_vec();
        if context_length <= frame.len() {
            return Err(format!(
                "its {} special tokens fill a context of {context_length}",
                frame.len()
            ));
        }
        let truncation = TruncationParams {
            direction: TruncationDirection::Right,
            max_length: context_length,
            strategy: TruncationStrategy::LongestFirst,
            stride: 0,
        };
        inner.with_truncation(Some(truncation)).map_err(|e| e.to_string())?;
        // A vocabulary without the symbol for unknown characters fails here rather than at a query.
        guarded(|| inner.encode_fast("seer \u{10fffd}", true))
            .map_err(|e| format!("it cannot encode text: {e}"))?;
        Ok(Self { inner, cleaning, frame })
    }

    /// Ids with the special tokens that the post-processor adds, truncated, unpadded.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let text = self.cleaning.apply(text);
        match guarded(|| self.inner.encode_fast(&*text, true)) {
            Ok(encoding) => encoding.get_ids().to_vec(),
            Err(e) => {
                log::error!("no tokens for {text:?}: {e}");
                self.frame.clone()
            }
        }
    }

    /// Ids that the post-processor puts around every text.
    pub fn frame(&self) -> &[u32] {
        &self.frame
    }

    /// Whether its pieces are those of a unigram model.
    pub fn is_unigram(&self) -> bool {
        matches!(self.inner.get_model(), tokenizers::ModelWrapper::Unigram(_))
    }

    /// The id of a token, added tokens included.
    pub fn id(&self, token: &str) -> Option<u32> {
        self.inner.token_to_id(token)
    }

    /// Replaces the cleaning.
    pub fn cleaned(self, cleaning: Cleaning) -> Self {
        Self { cleaning, ..self }
    }

    /// Largest id of the vocabulary, added tokens included.
    pub fn largest(&self) -> u32 {
        self.largest_but(|_| false)
    }

    /// The same without tokens of some names.
    pub fn largest_but(&self, left_out: impl Fn(&str) -> bool) -> u32 {
        let vocabulary = self.inner.get_vocab(true);
        let counted = vocabulary.iter().filter(|(token, _)| !left_out(token));
        counted.map(|(_, id)| *id).max().unwrap_or(0)
    }
}

/// A `tokenizer.json`, or a reason in words.
pub fn parsed(json: &[u8]) -> Result<tokenizers::Tokenizer, String> {
    let reason = |e: &dyn std::fmt::Display| format!("not a tokenizer.json: {e}");
    serde_json::from_slice::<IgnoredAny>(json).map_err(|e| reason(&e))?;
    guarded(|| tokenizers::Tokenizer::from_bytes(json)).map_err(|e| reason(&e))
}

/// Runs the package's code on what a file says: some of it panics on what it did not expect.
pub fn guarded<T>(work: impl FnOnce() -> tokenizers::Result<T>) -> Result<T, String> {
    let done = catch_unwind(AssertUnwindSafe(work));
    let done = done.map_err(|_| "the tokenizer met something it was not written for".to_owned())?;
    done.map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word-piece tokenizer.json of nine tokens, built as BERT's.
    fn bert() -> String {
        let tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "red", "##dish", "[", "]"];
        let vocab: serde_json::Map<String, serde_json::Value> =
            tokens.iter().enumerate().map(|(i, t)| ((*t).to_owned(), i.into())).collect();
        let added: Vec<_> = tokens[..4]
            .iter()
            .enumerate()
            .map(|(i, t)| {
                serde_json::json!({"id": i, "content": t, "single_word": false, "lstrip": false, "rstrip": false,
                    "normalized": false, "special": true})
            })
            .collect();
        serde_json::json!({
            "version": "1.0", "truncation": null,
            "padding": {"strategy": {"Fixed": 16}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0,
                "pad_type_id": 0, "pad_token": "[PAD]"},
            "added_tokens": added,
            "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                "strip_accents": null, "lowercase": true},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
            "decoder": null,
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 100, "vocab": vocab}
        })
        .to_string()
    }

    fn tokenizer(context_length: usize) -> LanguageModelTokenizer {
        LanguageModelTokenizer::from_json(bert().as_bytes(), Cleaning::None, context_length)
            .unwrap()
    }

    #[test]
    fn word_pieces_are_framed_lower_cased_and_unpadded() {
        assert_eq!(tokenizer(16).encode("A REDdish  zebra"), [2, 4, 5, 6, 1, 3]);
        assert_eq!(tokenizer(16).encode(""), [2, 3]);
        assert_eq!(tokenizer(16).largest(), 8);
    }

    #[test]
    fn truncation_keeps_the_end_token() {
        assert_eq!(tokenizer(4).encode("red a red a red"), [2, 5, 4, 3]);
    }

    #[test]
    fn a_typed_special_token_is_text() {
        // "[", "sep" (unknown), "]"
        assert_eq!(tokenizer(16).encode("a [SEP] a"), [2, 4, 7, 1, 8, 4, 3]);
    }

    #[test]
    fn what_cannot_work_is_refused_at_load() {
        let refusal = |json: &str, length| {
            LanguageModelTokenizer::from_json(json.as_bytes(), Cleaning::None, length)
                .err()
                .expect("refused")
        };
        assert!(refusal("{", 16).contains("not a tokenizer.json"));
        assert!(refusal(&bert(), 2).contains("fill a context of 2"));
        let without_unknown = bert().replace("\"unk_token\":\"[UNK]\"", "\"unk_token\":\"[NONE]\"");
        assert!(refusal(&without_unknown, 16).contains("cannot encode text"));
    }

    #[test]
    fn a_cut_or_odd_file_is_refused_and_never_panics() {
        let json = bert();
        let read = |json: &[u8]| LanguageModelTokenizer::from_json(json, Cleaning::None, 8);
        assert!(read(json.as_bytes()).is_ok(), "the control");
        for end in 0..json.len() {
            assert!(read(&json.as_bytes()[..end]).is_err(), "cut at {end}");
        }
        let mut file: serde_json::Value = serde_json::from_str(&json).unwrap();
        for part in ["decoder", "normalizer", "pre_tokenizer", "post_processor", "model"] {
            let whole = file[part].take();
            for odd in ["5", "[]", "{}", "{\"type\":7}", "{\"type\":\"Nothing\"}"] {
                file[part] = serde_json::from_str(odd).unwrap();
                let _ = read(file.to_string().as_bytes());
            }
            file[part] = whole;
        }
    }
}
