//! What looks at photos one by one once they can be found: words in them, captions.

use seer_images::{DecodeOptions, ImageError};
use seer_store::{Analysis, Told};
use seer_types::{IndexPhase, PhotoId};

use crate::{EngineError, Library};

/// Looks at the pictures of a library, one by one, and says what it finds.
pub trait Analyst: Send + Sync {
    /// What it does. Photos for which it is done are not looked at again.
    fn analysis(&self) -> Analysis;

    /// How a run calls the time in which it does that.
    fn phase(&self) -> IndexPhase;

    /// How many photos it looks at at once at the most, each on a thread of its own.
    fn at_once(&self) -> usize;

    /// Looks at a picture file's bytes.
    ///
    /// # Errors
    /// `Picture` for a file that cannot be decoded, `Stopped` soon after `options.stop` is set, `Failed` when
    /// the analyst itself does.
    fn look(&self, bytes: &[u8], options: &DecodeOptions) -> Result<Told, LookError>;
}

/// Why a photo was not looked at.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// Its file cannot be decoded.
    #[error(transparent)]
    Picture(ImageError),
    /// The run was stopped.
    #[error("looking at photos was stopped")]
    Stopped,
    /// Whatever the photo: a model that cannot be loaded, a device that fails.
    #[error("{0}")]
    Failed(String),
}

impl From<ImageError> for LookError {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Stopped => Self::Stopped,
            error => Self::Picture(error),
        }
    }
}

/// Photos that are asked for at once.
const PAGE: usize = 4096;

impl Library {
    /// Whether some photo with a file lacks an analysis that the settings ask for.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn lacks_analyses(&self) -> Result<bool, EngineError> {
        for what in self.settings()?.analyses() {
            if !self.store.lacking(&what, None, 1)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// All photos with a file for which an analysis is not done, by id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn lacking(&self, what: &Analysis) -> Result<Vec<PhotoId>, EngineError> {
        let mut all: Vec<PhotoId> = Vec::new();
        loop {
            let page = self.store.lacking(what, all.last().copied(), PAGE)?;
            let is_last = page.len() < PAGE;
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }
}
