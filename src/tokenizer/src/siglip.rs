//! SigLIP's text to ids: sentence pieces, an end token, padding up to the whole context.

use super::clean::Cleaning;
use super::language_model::LanguageModelTokenizer;

/// SigLIP has T5's unigram pieces and pads with their end token; SigLIP 2 has Gemma's byte pairs
/// and a padding token. (`pad_token` in the `tokenizer_config.json` of google's checkpoints.)
const UNIGRAM_PADDING: &str = "</s>";
const BYTE_PAIR_PADDING: &str = "<pad>";
const SENTINEL: &str = "<extra_id_";

/// A `tokenizer.json` whose texts all have the same length.
pub struct SiglipTokenizer {
    pieces: LanguageModelTokenizer,
    pad_id: u32,
    context_length: usize,
}

impl SiglipTokenizer {
    /// Without a `cleaning`, the one that transformers has for this kind of pieces. Errors are
    /// reasons in words, to be prefixed with the file.
    pub fn from_json(
        json: &[u8],
        cleaning: Option<Cleaning>,
        context_length: usize,
    ) -> Result<Self, String> {
        let pieces = LanguageModelTokenizer::from_json(json, Cleaning::None, context_length)?;
        let (padding, usual) = if pieces.is_unigram() {
            (UNIGRAM_PADDING, Cleaning::Siglip)
        } else {
            (BYTE_PAIR_PADDING, Cleaning::LowerCase)
        };
        let pad_id = pieces.id(padding);
        let pad_id = pad_id.ok_or_else(|| format!("it has no token {padding:?} to pad with"))?;
        if pieces.frame().is_empty() {
            return Err("it puts no end token after a text, as SigLIP needs".to_owned());
        }
        let pieces = pieces.cleaned(cleaning.unwrap_or(usual));
        Ok(Self { pieces, pad_id, context_length })
    }

    /// Exactly as many ids as the context has places.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut ids = self.pieces.encode(text);
        ids.resize(self.context_length, self.pad_id);
        ids
    }

    /// Largest id of the vocabulary, added tokens included, but for the sentinels that T5 and mT5
    /// put behind it for their training, `<extra_id_0>` and so on: SigLIP's towers have no rows for
    /// them.
    pub fn largest(&self) -> u32 {
        self.pieces.largest_but(|token| token.trim_start_matches('\u{2581}').starts_with(SENTINEL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn unigram(end: &str) -> Value {
        json!({
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
            "normalizer": null, "decoder": null,
            "pre_tokenizer": {"type": "Metaspace", "replacement": "\u{2581}",
                "prepend_scheme": "always", "split": true},
            "post_processor": {"type": "TemplateProcessing",
                "single": [{"Sequence": {"id": "A", "type_id": 0}},
                    {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}],
                "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}},
            "model": {"type": "Unigram", "unk_id": 2, "byte_fallback": false,
                "vocab": [["<pad>", 0.0], [end, 0.0], ["<unk>", 0.0], ["\u{2581}a", -1.0],
                    ["\u{2581}cat", -2.0]]}
        })
    }

    fn tokenizer(json: &Value) -> Result<SiglipTokenizer, String> {
        SiglipTokenizer::from_json(json.to_string().as_bytes(), None, 5)
    }

    #[test]
    fn texts_are_cleaned_and_filled_up_with_the_end_token() {
        let tokenizer = tokenizer(&unigram("</s>")).unwrap();
        assert_eq!(tokenizer.encode("A CAT!"), [3, 4, 1, 1, 1]);
        assert_eq!(tokenizer.encode("a a a a a a"), [3, 3, 3, 3, 1]);
        assert_eq!(tokenizer.encode(""), [1; 5]);
    }

    #[test]
    fn sentinels_need_no_rows() {
        let mut json = unigram("</s>");
        assert_eq!(tokenizer(&json).unwrap().largest(), 4);
        let vocabulary = json["model"]["vocab"].as_array_mut().unwrap();
        vocabulary.push(json!(["\u{2581}<extra_id_1>", 0.0]));
        vocabulary.push(json!(["<extra_id_0>", 0.0]));
        assert_eq!(tokenizer(&json).unwrap().largest(), 4);
    }

    #[test]
    fn without_padding_or_end_it_is_refused() {
        let reason = tokenizer(&unigram("<end>")).err().unwrap();
        assert!(reason.contains("</s>"), "{reason}");
        let mut endless = unigram("</s>");
        endless["post_processor"] = Value::Null;
        let reason = tokenizer(&endless).err().unwrap();
        assert!(reason.contains("end token"), "{reason}");
    }
}
