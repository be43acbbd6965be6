//! Which of the indexed folders are watched: what people chose, kept with the library.

use seer_store::{WATCHED, watch_setting};
use seer_types::LibraryPath;

use crate::{EngineError, Library};

impl Library {
    /// The indexed folders that are watched, by path.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn watched(&self) -> Result<Vec<LibraryPath>, EngineError> {
        let chosen = self.store.settings(WATCHED)?;
        let mut roots = self.roots()?;
        roots.retain(|root| chosen.contains_key(&watch_setting(root)));
        Ok(roots)
    }

    /// Has an indexed folder watched from now on, or no longer. It is named by its path on this
    /// machine or by the one that was indexed. False, and nothing changes, when it is no indexed
    /// folder.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn set_watched(&self, folder: &LibraryPath, watch: bool) -> Result<bool, EngineError> {
        let root = self.maps.indexed(folder);
        if !self.roots()?.contains(&root) {
            return Ok(false);
        }
        let watched = watch.then(|| "on".to_owned());
        self.store.set_settings(&[(watch_setting(&root), watched)])?;
        Ok(true)
    }
}
