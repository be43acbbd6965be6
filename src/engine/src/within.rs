//! A library as the holder of a token sees it that is bound to folders.

use std::sync::Arc;

use seer_store::Within;
use seer_types::LibraryPath;

use crate::Library;

impl Library {
    /// The library with the photos of these folders alone, named as they were indexed: nothing of others is
    /// in any answer, and nothing can be changed. For one request; see [`Within`]. The model and what was
    /// encoded before are shared.
    pub fn within(&self, folders: Arc<[LibraryPath]>) -> Self {
        let store = Arc::new(Within::new(self.store.clone(), folders));
        Self { store, hemisphere: Arc::default(), ..self.view() }
    }

    /// The same library, by another name.
    pub(crate) fn view(&self) -> Self {
        Self {
            folder: self.folder.clone(),
            place: self.place.clone(),
            store: self.store.clone(),
            model: self.model.clone(),
            maps: self.maps.clone(),
            queries: self.queries.clone(),
            texts: self.texts.clone(),
            speed: self.speed.clone(),
            hemisphere: self.hemisphere.clone(),
            hidden: self.hidden.clone(),
            tells_places: self.tells_places,
        }
    }
}
