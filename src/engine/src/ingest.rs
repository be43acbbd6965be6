//! The write path: changes into the catalog, then into the derived indexes.

use std::sync::atomic::Ordering;

use seer_store::{Change, KnownFile};
use seer_types::{LibraryPath, PhotoId};

use crate::{EngineError, Library};

impl Library {
    /// The files the library knows below a folder, failed ones included.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn files_under(&self, folder: &LibraryPath) -> Result<Vec<KnownFile>, EngineError> {
        Ok(self.catalog.files_under(folder)?)
    }

    /// Whether the content is known and encoded with the model in use: nothing to compute.
    ///
    /// # Errors
    /// `NoModel`, or when the catalog cannot be read.
    pub fn is_embedded(&self, id: PhotoId) -> Result<bool, EngineError> {
        let model = self.space()?.model.fingerprint();
        Ok(self.catalog.record(id)?.is_some() && self.catalog.has_embedding(model, id)?)
    }

    /// Takes over a batch: durable and searchable when this returns; all of it or nothing. A
    /// derived index that fails is built again.
    ///
    /// # Errors
    /// When the catalog cannot be written, or the disk is nearly full: nothing was taken over.
    pub fn apply(&self, changes: Vec<Change>) -> Result<(), EngineError> {
        if changes.is_empty() {
            return Ok(());
        }
        let _writing = self.writing.lock().unwrap_or_else(|e| e.into_inner());
        if changes.iter().any(|change| matches!(change, Change::Unlink { .. })) {
            self.files_left.store(true, Ordering::Relaxed);
        }
        self.catalog.apply(&changes)?;
        self.follow();
        Ok(())
    }

    /// Writes snapshots of the derived indexes, so that the next start is fast. A vector index that
    /// has outgrown its lists gets new ones first, while searches go on.
    ///
    /// # Errors
    /// None for a snapshot that cannot be written: that is a notice in the log.
    pub fn save_indexes(&self) -> Result<(), EngineError> {
        let _writing = self.writing.lock().unwrap_or_else(|e| e.into_inner());
        self.follow();
        if let Ok(space) = self.space() {
            space.refine();
            space.save(self.catalog.watermark());
        }
        Ok(())
    }
}
