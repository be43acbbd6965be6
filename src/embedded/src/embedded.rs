//! Opening a store's folder and bringing its parts in step.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use seer_catalog::{Applied, Catalog};
use seer_store::Change;
use seer_types::{IndexKind, ModelFingerprint};

use crate::EmbeddedError;
use crate::error::Result;
use crate::open_spaces::OpenSpaces;
use crate::space::Space;
use crate::word_index::WordIndex;

/// A store in a folder, owned by one process.
///
/// Folder: `catalog/` (sled, the truth), `keywords/` (tantivy), `vectors/<model>/` (snapshots). All
/// but the catalog can be deleted and are built again.
pub struct EmbeddedStore {
    pub(crate) folder: PathBuf,
    pub(crate) catalog: Catalog,
    pub(crate) words: WordIndex,
    pub(crate) spaces: OpenSpaces,
    /// Held while the catalog and the derived indexes change, so that they change together.
    writing: Mutex<()>,
    /// Held while lists and graphs are made, so that nobody makes them twice.
    keeping: Mutex<()>,
    /// Files left since it was opened, and may have traces in its files.
    pub(crate) files_left: AtomicBool,
}

impl EmbeddedStore {
    /// Opens the store in `folder`, or begins one there. The folder is closed to other users of the
    /// machine (mode 0700 on Unix), unless it holds other things too.
    ///
    /// Derived indexes that are missing, damaged or behind are brought up to date from the
    /// catalog, in memory where the disk is full; what was done is written to the log as a notice.
    ///
    /// # Errors
    /// `Catalog(Locked)` when another process has it, `Catalog(NewerFormat)` when a newer seer
    /// wrote it, `Catalog(Damaged)`, `Io` when the folder cannot be made.
    pub fn open(folder: &Path) -> std::result::Result<Self, EmbeddedError> {
        crate::private_folder::make(folder)
            .map_err(EmbeddedError::io("make the folder", folder))?;
        let start = Instant::now();
        let catalog = Catalog::open(&folder.join("catalog"))?;
        log::info!("opened the catalog in {} ms", start.elapsed().as_millis());
        crate::discard::clear(folder)
            .unwrap_or_else(|error| log::warn!("cannot clear up: {error}"));
        let start = Instant::now();
        let words = WordIndex::open(&folder.join("keywords"), &catalog)?;
        log::info!("opened the keyword index in {} ms", start.elapsed().as_millis());
        let store = Self {
            folder: folder.to_path_buf(),
            catalog,
            words,
            spaces: OpenSpaces::default(),
            writing: Mutex::new(()),
            keeping: Mutex::new(()),
            files_left: AtomicBool::new(false),
        };
        store.finish_purge();
        Ok(store)
    }

    pub(crate) fn writing(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(|e| e.into_inner())
    }

    pub(crate) fn write(&self, batch: &[Change]) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let _writing = self.writing();
        if batch.iter().any(|change| matches!(change, Change::Unlink { .. })) {
            self.files_left.store(true, Ordering::Relaxed);
        }
        let applied = self.catalog.apply(batch)?;
        self.open_filled(&applied);
        self.follow(Some(&applied));
        Ok(())
    }

    /// Opens the spaces that points came to, so that their indexes are kept from now on.
    fn open_filled(&self, applied: &Applied) {
        let models: BTreeSet<ModelFingerprint> =
            applied.points.iter().map(|stored| stored.point.embedding.model()).collect();
        for model in models {
            if let Err(error) = self.spaces.open(model, &self.catalog, &self.folder) {
                log::warn!("a vector index cannot be opened for now: {error}");
            }
        }
    }

    /// Brings the derived indexes in step with the catalog. One that fails even when it is built
    /// again is a notice: the next call tries again, and the next opening too. The caller holds
    /// `writing`.
    fn follow(&self, last: Option<&Applied>) {
        self.spaces.follow(&self.catalog, &self.folder, last);
        if let Err(error) = self.words.follow(&self.catalog, last) {
            log::warn!("the keyword index is behind the catalog for now: {error}");
        }
    }

    /// Makes the lists or graphs that the open spaces lack, while changes go on, and saves their
    /// indexes.
    pub(crate) fn keep_indexes(&self, watch: &mut dyn FnMut(u64, u64) -> bool) {
        let _keeping = self.keeping.lock().unwrap_or_else(|e| e.into_inner());
        self.spaces.all().iter().for_each(|space| space.refine(watch));
        let _writing = self.writing();
        self.follow(None);
        self.spaces.all().iter().for_each(|space| space.save());
    }

    /// Has a space indexed in this way from now on; [`Self::keep_indexes`] makes what that needs.
    pub(crate) fn index_by(&self, model: ModelFingerprint, kind: IndexKind) -> Result<()> {
        self.catalog.set_index(model, kind)?;
        if let Some(space) = self.space(model)? {
            space.set_kind(kind);
        }
        Ok(())
    }

    /// The space, opened if it is not; `None` for one that is not known.
    pub(crate) fn space(&self, model: ModelFingerprint) -> Result<Option<Arc<Space>>> {
        if let Some(space) = self.spaces.get(model) {
            return Ok(Some(space));
        }
        let _writing = self.writing();
        self.spaces.open(model, &self.catalog, &self.folder)
    }

    /// The space anew from the catalog, in place of one whose snapshot turned out to be damaged.
    pub(crate) fn rebuilt(&self, damaged: &Arc<Space>) -> Result<Arc<Space>> {
        let _writing = self.writing();
        log::warn!("the vector snapshot is damaged; building it again");
        self.spaces.rebuilt(damaged, &self.catalog, &self.folder)
    }

    pub(crate) fn drop_space(&self, model: ModelFingerprint) -> Result<()> {
        let _writing = self.writing();
        self.spaces.close(model);
        let snapshot = crate::space::place(&self.folder, model);
        // First: without its points a snapshot must not be found.
        crate::discard::discard(&self.folder, &snapshot)
            .map_err(EmbeddedError::io("remove", &snapshot))?;
        self.catalog.delete_space(model)?;
        self.catalog.expunge_when_closed()?;
        self.follow(None);
        Ok(())
    }
}
