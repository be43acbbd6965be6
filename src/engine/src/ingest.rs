//! The write path: changes into the store.

use seer_store::{Change, KnownFile};
use seer_types::LibraryPath;

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

    /// Takes over a batch: durable and searchable when this returns; all of it or nothing.
    ///
    /// # Errors
    /// When the store cannot be written, or has no room: nothing was taken over.
    pub fn apply(&self, changes: Vec<Change>) -> Result<(), EngineError> {
        Ok(self.store.apply(&changes)?)
    }

    /// Does what makes later answers and the next start faster, while searches and changes go on.
    /// `watch` hears how much of a long step is done, of how much; where it gives false, what takes
    /// long is left to the next call.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub fn save_indexes(&self, watch: &mut dyn FnMut(u64, u64) -> bool) -> Result<(), EngineError> {
        Ok(self.store.maintain(watch)?)
    }
}
