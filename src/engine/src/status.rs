//! A library in numbers.

use seer_encoders::Model;
use seer_types::{LibraryPath, ModelFingerprint};
use serde::{Deserialize, Serialize};

use crate::advice::{ModelAdvice, model_advice};
use crate::{EngineError, Library, SpaceStatus};

/// What `seer status` shows.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LibraryStatus {
    /// Where the library lies.
    pub folder: LibraryPath,
    /// Photos that can be found.
    pub photos: u64,
    /// Files they lie in.
    pub files: u64,
    /// Files that could not be indexed.
    pub failures: u64,
    /// Indexed folders.
    pub roots: Vec<LibraryPath>,
    /// The model in use, if one is loaded.
    pub model: Option<ModelStatus>,
    /// The vector index, if a model is loaded.
    pub index: Option<IndexStatus>,
    /// The spaces of all models that photos are encoded with.
    pub spaces: Vec<SpaceStatus>,
    /// Whether the words in pictures are read.
    pub reads_text: bool,
    /// The model that describes photos, if one does.
    pub captions: Option<String>,
}

/// The model in use.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ModelStatus {
    /// Its name.
    pub name: String,
    /// Weights and preprocessing in 32 hex digits.
    pub fingerprint: String,
    /// Numbers per embedding.
    pub dim: usize,
    /// Where it runs.
    pub device: String,
    /// How good it is, and whether there is a better one.
    pub advice: ModelAdvice,
}

/// The vector index.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct IndexStatus {
    /// `exact`, `ivf` or `hnsw`.
    pub method: String,
    /// Photos in it: those encoded with the model in use.
    pub embedded: u64,
}

impl Library {
    /// The library in numbers.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn status(&self) -> Result<LibraryStatus, EngineError> {
        let counts = self.store.counts()?;
        let loaded = self.model().ok();
        let chosen = self.chosen_model()?;
        let model = loaded.as_ref().map(|model| ModelStatus {
            name: model.name().to_string(),
            fingerprint: model.fingerprint().to_string(),
            dim: model.dim(),
            device: model.device(),
            advice: advice(model, chosen.as_ref()),
        });
        let report = loaded.map(|model| self.store.report(model.fingerprint())).transpose()?;
        let index = report.map(|report| IndexStatus {
            method: report.method.to_string(),
            embedded: report.searchable,
        });
        let settings = self.settings()?;
        Ok(LibraryStatus {
            folder: LibraryPath::new(&self.folder),
            photos: counts.photos,
            files: counts.files,
            failures: counts.failures,
            roots: self.roots()?,
            model,
            index,
            spaces: self.space_list()?,
            reads_text: settings.reads_text,
            captions: settings.captions.map(|model| model.name),
        })
    }
}

/// The registry knows names; a model that was loaded from a cache calls itself by its folder.
fn advice(model: &Model, chosen: Option<&(ModelFingerprint, String)>) -> ModelAdvice {
    match chosen {
        Some((fingerprint, name)) if *fingerprint == model.fingerprint() => model_advice(name),
        _ => model_advice(model.name()),
    }
}
