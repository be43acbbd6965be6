//! The spaces that are open: each is opened when it is first asked for, and followed from then on.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, RwLock};

use seer_catalog::{Applied, Catalog};
use seer_types::ModelFingerprint;

use crate::error::Result;
use crate::space::Space;

/// See the module's description.
#[derive(Default)]
pub(crate) struct OpenSpaces {
    open: RwLock<BTreeMap<ModelFingerprint, Arc<Space>>>,
}

impl OpenSpaces {
    /// All that are open.
    pub(crate) fn all(&self) -> Vec<Arc<Space>> {
        self.open.read().unwrap_or_else(|e| e.into_inner()).values().cloned().collect()
    }

    /// The space, if it is open.
    pub(crate) fn get(&self, model: ModelFingerprint) -> Option<Arc<Space>> {
        self.open.read().unwrap_or_else(|e| e.into_inner()).get(&model).cloned()
    }

    fn put(&self, space: Arc<Space>) {
        self.open.write().unwrap_or_else(|e| e.into_inner()).insert(space.model, space);
    }

    /// Lets go of a space.
    pub(crate) fn close(&self, model: ModelFingerprint) {
        self.open.write().unwrap_or_else(|e| e.into_inner()).remove(&model);
    }

    /// The space, opened if it is not; `None` when nothing says how long its embeddings are. The
    /// caller keeps writers away, so that the space misses nothing.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn open(
        &self,
        model: ModelFingerprint,
        catalog: &Catalog,
        folder: &Path,
    ) -> Result<Option<Arc<Space>>> {
        if let Some(space) = self.get(model) {
            return Ok(Some(space));
        }
        let Some(dim) = catalog.length_of(model)? else { return Ok(None) };
        let space = Arc::new(Space::open(catalog, folder, model, dim)?);
        self.put(Arc::clone(&space));
        Ok(Some(space))
    }

    /// Builds a space's index anew from the catalog, in place of a damaged one, unless somebody
    /// has already. The caller keeps writers away.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn rebuilt(
        &self,
        damaged: &Arc<Space>,
        catalog: &Catalog,
        folder: &Path,
    ) -> Result<Arc<Space>> {
        if let Some(current) = self.get(damaged.model).filter(|s| !Arc::ptr_eq(s, damaged)) {
            return Ok(current);
        }
        let space = Arc::new(Space::build(catalog, folder, damaged.model, damaged.dim)?);
        self.put(Arc::clone(&space));
        Ok(space)
    }

    /// Brings all in step with the catalog; one that cannot be is built again, whatever the error.
    /// What fails even then is a notice: the next call tries again. The caller keeps other writers
    /// away.
    pub(crate) fn follow(&self, catalog: &Catalog, folder: &Path, last: Option<&Applied>) {
        for space in self.all() {
            let outcome = space.follow(catalog, last).or_else(|error| {
                log::warn!("the vector index is built again: {error}");
                self.rebuilt(&space, catalog, folder).map(|_| ())
            });
            if let Err(error) = outcome {
                log::warn!("a vector index is behind the catalog for now: {error}");
            }
        }
    }
}
