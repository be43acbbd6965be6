//! Token ids back to text: what a model that writes with BERT's word pieces has said.

use std::collections::HashSet;
use std::path::Path;

use tokenizers::decoders::wordpiece::WordPiece;
use tokenizers::{DecoderWrapper, ModelWrapper, Tokenizer};

use super::error::TokenizerError;
use super::language_model::{guarded, parsed};
use super::{FILE, WORD_PIECES, word_pieces};

/// What goes on with the word before.
const CONTINUES: &str = "##";

/// Tokens that are no text, where a vocabulary has them; BERT's and BLIP's.
const NO_TEXT: [&str; 7] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]"];

/// Turns ids of BERT's word pieces into text. `Send + Sync`; one is shared by all threads.
pub struct Wording {
    inner: Tokenizer,
    no_text: HashSet<u32>,
}

impl Wording {
    /// Reads `tokenizer.json` in `folder`, or else `vocab.txt`, for a model of `vocab_size` ids, some of which may mean
    /// no piece of text.
    ///
    /// # Errors
    /// `Missing` where neither is there, `Read`, `Unfit` for other tokens than word pieces, `TooManyTokens`.
    pub fn load(folder: &Path, vocab_size: usize) -> Result<Self, TokenizerError> {
        let path = folder.join(FILE);
        if let Some(json) = super::read(&path)? {
            return Self::parse(&json, vocab_size, &path);
        }
        let vocab_path = folder.join(WORD_PIECES);
        let vocab = super::read(&vocab_path)?.ok_or(TokenizerError::Missing { path })?;
        let json = word_pieces::tokenizer_json(&vocab, word_pieces::WordPieceSettings::default());
        Self::parse(&json.map_err(|reason| unfit(&vocab_path, reason))?, vocab_size, &vocab_path)
    }

    fn parse(json: &[u8], vocab_size: usize, origin: &Path) -> Result<Self, TokenizerError> {
        let mut inner = parsed(json).map_err(|reason| unfit(origin, reason))?;
        if !matches!(inner.get_model(), ModelWrapper::WordPiece(_)) {
            return Err(unfit(
                origin,
                "its tokens are not word pieces, as BLIP writes them".into(),
            ));
        }
        let vocabulary = inner.get_vocab(true);
        let largest = vocabulary.values().copied().max().unwrap_or(0);
        if largest as usize >= vocab_size {
            let (origin, rows) = (origin.display().to_string(), vocab_size);
            return Err(TokenizerError::TooManyTokens { origin, largest, rows });
        }
        let no_text = NO_TEXT.iter().filter_map(|token| vocabulary.get(*token).copied()).collect();
        inner.with_decoder(Some(DecoderWrapper::WordPiece(WordPiece::new(CONTINUES.into(), true))));
        Ok(Self { inner, no_text })
    }

    /// The text of these ids as transformers writes it: pieces joined to words, no space before punctuation, special
    /// tokens and ids without a piece left out. A piece that should continue a word and has none before it stands alone;
    /// white space is one space each and nothing at the ends.
    pub fn text(&self, ids: &[u32]) -> String {
        let ids: Vec<u32> = ids.iter().copied().filter(|id| !self.no_text.contains(id)).collect();
        let text = guarded(|| self.inner.decode(&ids, true)).unwrap_or_else(|error| {
            log::error!("no text for {ids:?}: {error}");
            String::new()
        });
        let text = text.strip_prefix(CONTINUES).unwrap_or(&text);
        let words = text.split(|c: char| c.is_whitespace() || c.is_control());
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn unfit(origin: &Path, reason: String) -> TokenizerError {
    TokenizerError::Unfit { origin: origin.display().to_string(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tests/fixtures/blip-tiny`, and the size of its vocabulary.
    fn fixture() -> (std::path::PathBuf, usize) {
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/blip-tiny"), 90)
    }

    /// Only this file of the fixture.
    fn with(file: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(fixture().0.join(file), folder.path().join(file)).unwrap();
        folder
    }

    #[test]
    fn text_is_as_transformers_writes_it_from_either_file() {
        let json = std::fs::read(fixture().0.join("captions.json")).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let lines: Vec<(Vec<u32>, String)> =
            serde_json::from_value(json["decoded"].clone()).unwrap();
        assert!(lines.len() >= 9);
        for file in ["tokenizer.json", "vocab.txt"] {
            let wording = Wording::load(with(file).path(), 90).unwrap();
            for (ids, text) in &lines {
                let text = text.strip_prefix("##").unwrap_or(text);
                assert_eq!(wording.text(ids), text, "{file} {ids:?}");
            }
        }
    }

    #[test]
    fn ids_without_a_piece_say_nothing() {
        let (folder, size) = fixture();
        let wording = Wording::load(&folder, size).unwrap();
        assert_eq!(wording.text(&[88, 35, 45, 89, u32::MAX, 8]), "a man");
        assert_eq!(wording.text(&[8, 0, 0]), "");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let empty = tempfile::tempdir().unwrap();
        let refusal = |folder: &Path, size| Wording::load(folder, size).err().expect("refused");
        assert!(matches!(refusal(empty.path(), 90), TokenizerError::Missing { .. }));
        let few = refusal(&fixture().0, 87);
        assert!(matches!(few, TokenizerError::TooManyTokens { largest: 87, rows: 87, .. }));
        let clip = fixture().0.join("../clip-tiny");
        let error = refusal(&clip, 90_000).to_string();
        assert!(error.contains("word pieces"), "{error}");
        std::fs::write(empty.path().join("vocab.txt"), "a\nb\n").unwrap();
        assert!(matches!(refusal(empty.path(), 90), TokenizerError::Unfit { .. }));
        let odd = with("tokenizer.json");
        let json = std::fs::read(odd.path().join("tokenizer.json")).unwrap();
        std::fs::write(odd.path().join("tokenizer.json"), &json[..json.len() / 2]).unwrap();
        assert!(matches!(refusal(odd.path(), 90), TokenizerError::Unfit { .. }));
    }

    #[test]
    fn control_characters_of_a_foreign_vocabulary_do_not_pass() {
        let folder = tempfile::tempdir().unwrap();
        let vocabulary = "[UNK]\n[CLS]\n[SEP]\na\u{1b}[31m\nb\u{7}\n";
        std::fs::write(folder.path().join("vocab.txt"), vocabulary).unwrap();
        let text = Wording::load(folder.path(), 5).unwrap().text(&[3, 4]);
        assert_eq!(text, "a [31m b");
    }
}
