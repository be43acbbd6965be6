//! Captions of pictures.

use std::sync::{Arc, OnceLock};

use seer_encoders::Captioner;
use seer_images::{DecodeOptions, decode_prepared};
use seer_store::{Analysis, Told};
use seer_types::{IndexPhase, ModelFingerprint};

use crate::{Analyst, LookError};

/// Loads the model, or says in words why it cannot.
type Load = dyn Fn() -> Result<Arc<Captioner>, String> + Send + Sync;

/// Describes pictures in a sentence each with a model that was fetched, which is loaded with the first picture.
pub struct Describer {
    fingerprint: ModelFingerprint,
    load: Box<Load>,
    model: OnceLock<Result<Arc<Captioner>, String>>,
}

impl Describer {
    /// One that describes with the model of this fingerprint, which `load` gives, once.
    pub fn new(
        fingerprint: ModelFingerprint,
        load: impl Fn() -> Result<Arc<Captioner>, String> + Send + Sync + 'static,
    ) -> Self {
        Self { fingerprint, load: Box::new(load), model: OnceLock::new() }
    }
}

impl Analyst for Describer {
    fn analysis(&self) -> Analysis {
        Analysis::captions_by(self.fingerprint)
    }

    fn phase(&self) -> IndexPhase {
        IndexPhase::Describing
    }

    /// The model uses all cores by itself.
    fn at_once(&self) -> usize {
        1
    }

    fn look(&self, bytes: &[u8], options: &DecodeOptions) -> Result<Told, LookError> {
        let model = self.model.get_or_init(|| (self.load)()).clone().map_err(LookError::Failed)?;
        let (_, prepared) = decode_prepared(bytes, options, model.spec())?;
        let captions = model.describe(&[prepared]);
        let captions = captions.map_err(|error| LookError::Failed(error.to_string()))?;
        Ok(Told::Caption(captions.into_iter().next().filter(|caption| !caption.is_empty())))
    }
}
