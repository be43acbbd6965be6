//! The write path: changes into the store.

use seer_store::{Analysis, Change, KnownFile};
use seer_types::{LibraryPath, PhotoId};

use crate::{EngineError, Library};

impl Library {
    /// The files the library knows below a folder, failed ones included, by the bytes of their
    /// paths.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn files_under(&self, folder: &LibraryPath) -> Result<Vec<KnownFile>, EngineError> {
        let mut found = Vec::new();
        self.store.files_under(folder, &mut |known| found.push(known))?;
        found.sort_by_cached_key(|known| known.path.to_bytes());
        Ok(found)
    }

    /// Whether the content is known and encoded with the model in use: nothing to compute.
    ///
    /// # Errors
    /// `NoModel`, or when the store cannot be read.
    pub fn is_embedded(&self, id: PhotoId) -> Result<bool, EngineError> {
        let embedding = Analysis::Embedding(self.model()?.fingerprint());
        Ok(self.store.analysed(&embedding, &[id])?.contains(&true))
    }

    /// Takes over a batch: durable and searchable when this returns; all of it or nothing.
    ///
    /// # Errors
    /// When the store cannot be written, or has no room: nothing was taken over.
    pub fn apply(&self, changes: Vec<Change>) -> Result<(), EngineError> {
        Ok(self.store.apply(&changes)?)
    }

    /// Does what makes later answers and the next start faster, while searches go on.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub fn save_indexes(&self) -> Result<(), EngineError> {
        Ok(self.store.maintain()?)
    }
}
