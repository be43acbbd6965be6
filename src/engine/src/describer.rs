//! Captions of pictures.

use std::sync::Arc;

use seer_encoders::Captioner;
use seer_images::{DecodeOptions, decode_prepared};
use seer_store::{Analysis, Told};
use seer_types::IndexPhase;

use crate::{Analyst, LookError};

/// Describes pictures in a sentence each with a model that was fetched.
pub struct Describer {
    model: Arc<Captioner>,
}

impl Describer {
    /// One that describes with this model.
    pub fn new(model: Arc<Captioner>) -> Self {
        Self { model }
    }
}

impl Analyst for Describer {
    fn analysis(&self) -> Analysis {
        Analysis::captions_by(self.model.fingerprint())
    }

    fn phase(&self) -> IndexPhase {
        IndexPhase::Describing
    }

    /// The model uses all cores by itself.
    fn at_once(&self) -> usize {
        1
    }

    fn look(&self, bytes: &[u8], options: &DecodeOptions) -> Result<Told, LookError> {
        let (_, prepared) = decode_prepared(bytes, options, self.model.spec())?;
        let captions = self.model.describe(&[prepared]);
        let captions = captions.map_err(|error| LookError::Failed(error.to_string()))?;
        Ok(Told::Caption(captions.into_iter().next().filter(|caption| !caption.is_empty())))
    }
}
