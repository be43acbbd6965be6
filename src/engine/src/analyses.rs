//! What is computed for each photo, and for which photos it is done.

use seer_encoders::Model;
use seer_store::Analysis;
use seer_types::PhotoId;

use crate::{EngineError, Library};

/// What a model tells of each photo: its embedding, and its classes where it tells some apart.
pub fn analyses_of(model: &Model) -> Vec<Analysis> {
    let mut analyses = vec![Analysis::Embedding(model.fingerprint())];
    if !model.classes().is_empty() {
        analyses.push(Analysis::classes_of(model.fingerprint()));
    }
    analyses
}

impl Library {
    /// For each photo whether the analysis is done, in order; false for an unknown one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn analysed(&self, what: &Analysis, ids: &[PhotoId]) -> Result<Vec<bool>, EngineError> {
        Ok(self.store.analysed(what, ids)?)
    }
}
