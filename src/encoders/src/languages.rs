//! A model's second text tower: for more languages than its own, into the same space.
//!
//! Its files lie in the folder `languages` of the checkpoint. It is read when the first text asks
//! for it; who never asks pays nothing.

use std::sync::{Arc, OnceLock};

use seer_checkpoint::Checkpoint;
use seer_checkpoint::config::{self, TextModelConfig, TokenizerSpec};
use seer_tokenizer::Tokenizer;
use seer_towers::{Runtime, TextTower, Weights};
use seer_types::{Embedding, ModelFingerprint};

use crate::error::{EncodeError, LoadError};
use crate::model::encode_ids;

/// The second tower of a model, read at its first use.
pub(crate) struct Languages {
    files: Checkpoint,
    config: TextModelConfig,
    runtime: Runtime,
    space: ModelFingerprint,
    tower: OnceLock<Arc<LanguageTower>>,
}

impl Languages {
    pub(crate) fn new(
        files: Checkpoint,
        runtime: &Runtime,
        space: ModelFingerprint,
    ) -> Result<Self, LoadError> {
        let config = config::read_text(&files)?;
        let (runtime, tower) = (runtime.clone(), OnceLock::new());
        Ok(Self { files, config, runtime, space, tower })
    }

    /// ISO 639-1 codes of what it reads.
    pub(crate) fn codes(&self) -> &[String] {
        &self.config.languages
    }

    pub(crate) fn tower(&self) -> Result<Arc<LanguageTower>, LoadError> {
        if let Some(tower) = self.tower.get() {
            return Ok(Arc::clone(tower));
        }
        let tower = Arc::new(LanguageTower::load(self)?);
        Ok(Arc::clone(self.tower.get_or_init(|| tower)))
    }
}

/// A text tower for many languages, whose embeddings are of the space of the model it belongs to.
/// Shared freely between threads.
pub struct LanguageTower {
    space: ModelFingerprint,
    spec: TokenizerSpec,
    tokenizer: Tokenizer,
    tower: Box<dyn TextTower>,
}

impl LanguageTower {
    fn load(from: &Languages) -> Result<Self, LoadError> {
        let config = &from.config;
        let json = from.files.bytes("tokenizer.json")?;
        let tokenizer = Tokenizer::from_json(&json, &config.tokenizer)?;
        let files = from.files.weight_files(config::Layout::OpenClip)?;
        let weights = Weights::open(&from.files, &files)?;
        let tower = seer_towers::load_text(&config.text, config.dim, weights, &from.runtime)?;
        Ok(Self { space: from.space, spec: config.tokenizer.clone(), tokenizer, tower })
    }

    /// The text as the tower reads it: start, tokens, end; cut at the context. Words in capitals are read in
    /// small letters: the tower was trained on sentences, and knows hardly any word in capitals.
    pub fn token_ids(&self, text: &str) -> Vec<u32> {
        self.tokenizer.encode(&calm(text))
    }

    /// Encodes texts, any number of them, in order. Texts beyond the context are cut.
    ///
    /// # Errors
    /// `Output` when the result has no direction, `Compute` when the device fails.
    pub fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Embedding>, EncodeError> {
        let ids: Vec<Vec<u32>> = texts.iter().map(|text| self.token_ids(text)).collect();
        self.encode_ids(&ids.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    /// Token ids as [`Self::token_ids`] gives them.
    ///
    /// # Errors
    /// `Input` for ids that the tower has no token for, or texts of a wrong length; `Output`,
    /// `Compute`.
    pub fn encode_ids(&self, texts: &[&[u32]]) -> Result<Vec<Embedding>, EncodeError> {
        encode_ids(&*self.tower, &self.spec, self.space, texts)
    }
}

/// The text with words of at least two letters that are all capitals in small ones.
fn calm(text: &str) -> String {
    let is_loud = |word: &str| {
        let letters = || word.chars().filter(|c| c.is_alphabetic());
        letters().count() > 1 && letters().all(char::is_uppercase)
    };
    let calmed = |word: &str| if is_loud(word) { word.to_lowercase() } else { word.to_owned() };
    text.split(' ').map(calmed).collect::<Vec<_>>().join(" ")
}

impl std::fmt::Debug for LanguageTower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LanguageTower({:?}, {} tokens)", self.space, self.spec.vocab_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_capitals_are_read_in_small_letters() {
        assert_eq!(calm("HUND AM STRAND, 2 U-BOOTE"), "hund am strand, 2 u-boote");
        assert_eq!(calm("Ein Hund  am Strand"), "Ein Hund  am Strand");
        assert_eq!(calm("Plan B 海 ÄÖ"), "Plan B 海 äö");
    }
}
