//! CLIPA's text to ids (Li and others, 2023): BERT's word pieces up to the whole context, with id 0
//! in place of the token that ends a text, as open_clip's `HFTokenizer` has it with
//! `strip_sep_token`.

use super::clean::Cleaning;
use super::language_model::LanguageModelTokenizer;

const SEPARATOR: &str = "[SEP]";
const PADDING: &str = "[PAD]";

/// A `tokenizer.json` whose texts all have the same length.
pub struct ClipaTokenizer {
    pieces: LanguageModelTokenizer,
    separator: u32,
    padding: u32,
    context_length: usize,
}

impl ClipaTokenizer {
    /// Errors are reasons in words, to be prefixed with the file.
    pub fn from_json(json: &[u8], context_length: usize) -> Result<Self, String> {
        let cleaning = Cleaning::OpenClipKeepCase;
        let pieces = LanguageModelTokenizer::from_json(json, cleaning, context_length)?;
        let id = |token: &str| pieces.id(token).ok_or_else(|| format!("it has no token {token:?}"));
        let (separator, padding) = (id(SEPARATOR)?, id(PADDING)?);
        Ok(Self { pieces, separator, padding, context_length })
    }

    /// Exactly as many ids as the context has places.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let mut ids = self.pieces.encode(text);
        ids.iter_mut().filter(|id| **id == self.separator).for_each(|id| *id = 0);
        ids.resize(self.context_length, self.padding);
        ids
    }

    /// Largest id of the vocabulary, added tokens included.
    pub fn largest(&self) -> u32 {
        self.pieces.largest()
    }
}
