//! Text to token ids, as the text tower was trained to read them; and back, for models that write ([`Wording`]).
//!
//! The families: CLIP's byte pairs with OpenCLIP's cleaning; whatever a language model's own `tokenizer.json`
//! says (BERT's word pieces, sentence pieces), also as CLIPA and NLLB-CLIP frame it;
//! and SigLIP's sentence pieces, filled up with padding. Special tokens typed by a user, `<|endoftext|>` or `[SEP]`, stay
//! text: as tokens they would let a query cut itself off.
//!
//! Absent on purpose: what a checkpoint's JSON says of its tokenizer (`seer-checkpoint`), models.

#![forbid(unsafe_code)]

mod byte_pairs;
mod byte_symbols;
mod clean;
mod clip;
mod clipa;
mod error;
mod language_model;
mod nllb;
mod siglip;
mod vocabulary;
mod word_pieces;
mod wording;

#[cfg(test)]
mod parity_tests;

use std::path::{Path, PathBuf};

pub use error::TokenizerError;
pub use wording::Wording;

use clean::Cleaning;
use clip::ClipTokenizer;
use clipa::ClipaTokenizer;
use language_model::LanguageModelTokenizer;
use seer_checkpoint::config::{Layout, TokenizerFamily, TokenizerSpec};
use siglip::SiglipTokenizer;
use vocabulary::ClipVocabulary;
use word_pieces::WordPieceSettings;

const FILE: &str = "tokenizer.json";
const WORD_PIECES: &str = "vocab.txt";
const SETTINGS: &str = "tokenizer_config.json";

/// Bytes of a text that are looked at; bounds the time one query can take.
const LONGEST_TEXT: usize = 16 * 1024;

/// Turns text into ids. `Send + Sync`; one is shared by all threads.
pub struct Tokenizer {
    kind: Kind,
}

enum Kind {
    Clip(Box<ClipTokenizer>),
    LanguageModel(Box<LanguageModelTokenizer>),
    Siglip(Box<SiglipTokenizer>),
    Clipa(Box<ClipaTokenizer>),
}

impl Tokenizer {
    /// Reads `tokenizer.json` in `folder`; a CLIP checkpoint without one gets CLIP's published vocabulary,
    /// cut to `spec.vocab_size` where the token embedding is smaller, a language model without one BERT's
    /// word pieces from `vocab.txt`.
    ///
    /// # Errors
    /// `Read`, `Missing` (a language model without the file), `Unfit`, `TooManyTokens`, `ShortContext`.
    pub fn load(folder: &Path, spec: &TokenizerSpec) -> Result<Self, TokenizerError> {
        let path = folder.join(FILE);
        match read(&path)? {
            Some(json) => Self::parse(&json, spec, &path.display().to_string()),
            None => match spec.family {
                TokenizerFamily::Clip => Self::published_clip(spec),
                TokenizerFamily::LanguageModel => Self::word_pieces(folder, spec, path),
                _ => Err(TokenizerError::Missing { path }),
            },
        }
    }

    /// BERT's word pieces from `vocab.txt`; `path` is the `tokenizer.json` that is not there.
    fn word_pieces(
        folder: &Path,
        spec: &TokenizerSpec,
        path: PathBuf,
    ) -> Result<Self, TokenizerError> {
        let vocab_path = folder.join(WORD_PIECES);
        let Some(vocab) = read(&vocab_path)? else { return Err(TokenizerError::Missing { path }) };
        let settings_path = folder.join(SETTINGS);
        let unfit = |path: &Path, reason| TokenizerError::Unfit {
            origin: path.display().to_string(),
            reason,
        };
        let settings = match read(&settings_path)? {
            Some(json) => WordPieceSettings::read(&json).map_err(|e| unfit(&settings_path, e))?,
            None => WordPieceSettings::default(),
        };
        let json = word_pieces::tokenizer_json(&vocab, settings);
        let json = json.map_err(|reason| unfit(&vocab_path, reason))?;
        Self::parse(&json, spec, &vocab_path.display().to_string())
    }

    /// The same from the bytes of a `tokenizer.json`, for a model that is built in.
    ///
    /// # Errors
    /// As `load`, without those about files.
    pub fn from_json(json: &[u8], spec: &TokenizerSpec) -> Result<Self, TokenizerError> {
        Self::parse(json, spec, FILE)
    }

    /// CLIP's published vocabulary of 49,408 tokens, cut to `spec.vocab_size` where that is smaller.
    ///
    /// # Errors
    /// `Unfit` where fewer than 514 ids are asked for, `ShortContext`.
    pub fn published_clip(spec: &TokenizerSpec) -> Result<Self, TokenizerError> {
        const ORIGIN: &str = "CLIP's published vocabulary";
        let vocabulary = vocabulary::published(spec.vocab_size)
            .map_err(|reason| TokenizerError::Unfit { origin: ORIGIN.to_owned(), reason })?;
        if spec.vocab_size < vocabulary::CLIP_VOCABULARY {
            log::warn!(
                "no {FILE}: CLIP's vocabulary is cut to the {} ids of the text tower",
                spec.vocab_size
            );
        }
        Self::clip(vocabulary, Cleaning::OpenClip, spec, ORIGIN)
    }

    fn parse(json: &[u8], spec: &TokenizerSpec, origin: &str) -> Result<Self, TokenizerError> {
        let unfit = |reason| TokenizerError::Unfit { origin: origin.to_owned(), reason };
        match spec.family {
            TokenizerFamily::Clip => {
                let vocabulary = vocabulary::from_json(json).map_err(unfit)?;
                Self::clip(vocabulary, Cleaning::OpenClip, spec, origin)
            }
            TokenizerFamily::LanguageModel | TokenizerFamily::CanonicalLanguageModel => {
                check_context(spec)?;
                let canonical = spec.family == TokenizerFamily::CanonicalLanguageModel;
                let cleaning = match spec.layout {
                    Layout::OpenClip if canonical => Cleaning::Canonical,
                    Layout::OpenClip => Cleaning::OpenClipKeepCase,
                    Layout::HuggingFace => Cleaning::None,
                };
                let tokenizer =
                    LanguageModelTokenizer::from_json(json, cleaning, spec.context_length)
                        .map_err(unfit)?;
                check_rows(tokenizer.largest(), spec, origin)?;
                check_end(tokenizer.frame(), spec).map_err(unfit)?;
                Ok(Self { kind: Kind::LanguageModel(Box::new(tokenizer)) })
            }
            TokenizerFamily::Nllb => {
                check_context(spec)?;
                let tokenizer = nllb::from_json(json, spec.context_length).map_err(unfit)?;
                check_rows(tokenizer.largest(), spec, origin)?;
                Ok(Self { kind: Kind::LanguageModel(Box::new(tokenizer)) })
            }
            TokenizerFamily::WithoutSeparator => {
                check_context(spec)?;
                let tokenizer =
                    ClipaTokenizer::from_json(json, spec.context_length).map_err(unfit)?;
                check_rows(tokenizer.largest(), spec, origin)?;
                Ok(Self { kind: Kind::Clipa(Box::new(tokenizer)) })
            }
            TokenizerFamily::SentencePieces { canonical } => {
                check_context(spec)?;
                let cleaning = match (spec.layout, canonical) {
                    (Layout::OpenClip, true) => Some(Cleaning::Canonical),
                    (Layout::OpenClip, false) => Some(Cleaning::OpenClipKeepCase),
                    (Layout::HuggingFace, _) => None,
                };
                let tokenizer = SiglipTokenizer::from_json(json, cleaning, spec.context_length)
                    .map_err(unfit)?;
                check_rows(tokenizer.largest(), spec, origin)?;
                Ok(Self { kind: Kind::Siglip(Box::new(tokenizer)) })
            }
        }
    }

    fn clip(
        vocabulary: ClipVocabulary,
        cleaning: Cleaning,
        spec: &TokenizerSpec,
        origin: &str,
    ) -> Result<Self, TokenizerError> {
        let unfit = |reason| TokenizerError::Unfit { origin: origin.to_owned(), reason };
        check_context(spec)?;
        check_rows(vocabulary.largest, spec, origin)?;
        if let Some(end) = spec.end_id.filter(|end| *end != vocabulary.end) {
            return Err(unfit(format!(
                "its end token has the id {}, the checkpoint's JSON says {end}",
                vocabulary.end
            )));
        }
        let tokenizer =
            ClipTokenizer::new(vocabulary, cleaning, spec.context_length).map_err(unfit)?;
        Ok(Self { kind: Kind::Clip(Box::new(tokenizer)) })
    }

    /// Ids of a text: start token, tokens, end token as the family frames them; at most `context_length` of them,
    /// unpadded but for SigLIP's and CLIPA's. Longer texts lose their last words, never the end token.
    ///
    /// Text beyond the first 16 KiB is not looked at: it is far past every context length.
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let text = beginning(text, LONGEST_TEXT);
        match &self.kind {
            Kind::Clip(tokenizer) => tokenizer.encode(text),
            Kind::LanguageModel(tokenizer) => tokenizer.encode(text),
            Kind::Siglip(tokenizer) => tokenizer.encode(text),
            Kind::Clipa(tokenizer) => tokenizer.encode(text),
        }
    }
}

/// A file's bytes, `None` where it is not there.
fn read(path: &Path) -> Result<Option<Vec<u8>>, TokenizerError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(TokenizerError::Read { path: path.to_path_buf(), source }),
    }
}

/// The first bytes of a text, at most `limit`, without cutting a character.
fn beginning(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// A start token, an end token and one more at least.
fn check_context(spec: &TokenizerSpec) -> Result<(), TokenizerError> {
    if spec.context_length < 3 {
        Err(TokenizerError::ShortContext(spec.context_length))
    } else {
        Ok(())
    }
}

/// A tower that pools at an end id needs it after every text.
fn check_end(frame: &[u32], spec: &TokenizerSpec) -> Result<(), String> {
    match (frame.last(), spec.end_id) {
        (found, Some(end)) if found != Some(&end) => {
            let found = found.map_or("nothing".to_owned(), |id| format!("the id {id}"));
            Err(format!("it puts {found} after a text, the checkpoint's JSON says {end}"))
        }
        _ => Ok(()),
    }
}

fn check_rows(largest: u32, spec: &TokenizerSpec, origin: &str) -> Result<(), TokenizerError> {
    if largest as usize >= spec.vocab_size {
        return Err(TokenizerError::TooManyTokens {
            origin: origin.to_owned(),
            largest,
            rows: spec.vocab_size,
        });
    }
    Ok(())
}
