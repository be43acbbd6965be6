//! Folders and spaces.

use seer_store::{SpaceEntry, StoreResult};
use seer_types::{IndexKind, LibraryPath, ModelFingerprint};

use super::library::{Library, Space, key};
use super::refused;

impl Library {
    pub(super) fn add_root(&mut self, root: &LibraryPath) {
        self.roots.entry(key(root)).or_default();
    }

    pub(super) fn entries(&self) -> Vec<SpaceEntry> {
        let mut models: Vec<ModelFingerprint> = self.spaces.keys().copied().collect();
        models.extend(self.points.keys().copied());
        models.sort_unstable();
        models.dedup();
        models.into_iter().map(|model| self.entry(model)).collect()
    }

    fn entry(&self, model: ModelFingerprint) -> SpaceEntry {
        let told = self.spaces.get(&model);
        SpaceEntry {
            model,
            name: told.map_or(String::new(), |space| space.name.clone()),
            dim: told.map_or(0, |space| space.dim),
            photos: self.points.get(&model).map_or(0, |points| points.len() as u64),
            index: told.map_or(IndexKind::default(), |space| space.index),
        }
    }

    pub(super) fn add_space(
        &mut self,
        model: ModelFingerprint,
        name: &str,
        dim: usize,
    ) -> StoreResult<()> {
        if self.dim(model).is_some_and(|known| known != dim) {
            return refused("the space has another length");
        }
        let index = self.spaces.get(&model).map_or(IndexKind::default(), |space| space.index);
        self.spaces.insert(model, Space { name: name.to_owned(), dim, index });
        Ok(())
    }

    pub(super) fn delete_space(&mut self, model: ModelFingerprint) {
        self.spaces.remove(&model);
        self.points.remove(&model);
        self.current = self.current.filter(|current| *current != model);
    }

    /// A space that was added.
    pub(super) fn space(&mut self, model: ModelFingerprint) -> StoreResult<&mut Space> {
        match self.spaces.get_mut(&model) {
            Some(space) => Ok(space),
            None => refused("the space was not added"),
        }
    }
}
