//! Opening a library folder and bringing its parts in step.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Instant;

use seer_catalog::Catalog;
use seer_encoders::Model;
use seer_types::{DevicePlace, LibraryPath, ModelFingerprint};

use crate::EngineError;
use crate::query_cache::QueryCache;
use crate::space::{Ahead, Snapshot, Space};
use crate::text_queue::TextQueue;
use crate::word_index::WordIndex;

/// How to open a library.
#[derive(Default)]
pub struct OpenOptions {
    /// The model for queries and new photos; without one, only records can be read.
    pub model: Option<Arc<Model>>,
}

/// One library, owned by one process; shared between threads as `Arc<Library>`.
///
/// Folder: `catalog/` (sled, the truth), `keywords/` (tantivy), `vectors/<model>/` (snapshots),
/// `thumbnails/`. All but the catalog can be deleted and are built again.
pub struct Library {
    pub(crate) folder: PathBuf,
    pub(crate) catalog: Catalog,
    pub(crate) words: WordIndex,
    pub(crate) space: RwLock<Option<Arc<Space>>>,
    /// Read before its model was there; see [`Library::read_ahead`].
    ahead: Mutex<Option<Ahead>>,
    /// Texts of earlier queries.
    pub(crate) queries: QueryCache,
    /// Texts of queries that are asked at the same time.
    pub(crate) texts: TextQueue,
    /// Held while the catalog and the derived indexes change, so that they change together.
    pub(crate) writing: Mutex<()>,
    /// Files left since it was opened, and may have traces in the library's files.
    pub(crate) files_left: AtomicBool,
}

impl Library {
    /// Opens the library in `folder`, or begins one there.
    ///
    /// Derived indexes that are missing, damaged or behind are brought up to date from the
    /// catalog, in memory where the disk is full; what was done is written to the log as a notice.
    ///
    /// # Errors
    /// `Catalog(Locked)` when another process has it, `Catalog(NewerFormat)` when a newer seer
    /// wrote it, `Io` when the folder cannot be made.
    pub fn open(folder: &Path, options: OpenOptions) -> Result<Self, EngineError> {
        crate::private_folder::make(folder).map_err(EngineError::io("make the folder", folder))?;
        let start = Instant::now();
        let catalog = Catalog::open(&folder.join("catalog"))?;
        log::info!("opened the catalog in {} ms", start.elapsed().as_millis());
        crate::discard::clear(folder)
            .unwrap_or_else(|error| log::warn!("cannot clear up: {error}"));
        let start = Instant::now();
        let words = WordIndex::open(&folder.join("keywords"), &catalog)?;
        log::info!("opened the keyword index in {} ms", start.elapsed().as_millis());
        let library = Self {
            folder: folder.to_path_buf(),
            catalog,
            words,
            space: RwLock::new(None),
            ahead: Mutex::new(None),
            queries: QueryCache::new(),
            texts: TextQueue::new(),
            writing: Mutex::new(()),
            files_left: AtomicBool::new(false),
        };
        library.finish_forgetting();
        if let Some(model) = options.model {
            library.set_model(model)?;
        }
        Ok(library)
    }

    /// The folder it lives in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Uses this model from now on; photos encoded with another one keep their embeddings.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn set_model(&self, model: Arc<Model>) -> Result<(), EngineError> {
        let _writing = self.writing.lock().unwrap_or_else(|e| e.into_inner());
        let ahead = self.ahead.lock().unwrap_or_else(|e| e.into_inner()).take();
        let space = Space::open(&self.catalog, &self.folder, model, ahead)?;
        *self.space.write().unwrap_or_else(|e| e.into_inner()) = Some(Arc::new(space));
        Ok(())
    }

    /// The space anew from the catalog, in place of one whose snapshot turned out to be damaged.
    pub(crate) fn rebuilt(&self, damaged: &Arc<Space>) -> Result<Arc<Space>, EngineError> {
        let _writing = self.writing.lock().unwrap_or_else(|e| e.into_inner());
        let current = self.space()?;
        if !Arc::ptr_eq(&current, damaged) {
            return Ok(current);
        }
        log::warn!("the vector snapshot is damaged; building it again");
        self.build_space(damaged.model.clone())
    }

    fn build_space(&self, model: Arc<Model>) -> Result<Arc<Space>, EngineError> {
        let space = Arc::new(Space::build(&self.catalog, &self.folder, model)?);
        *self.space.write().unwrap_or_else(|e| e.into_inner()) = Some(Arc::clone(&space));
        Ok(space)
    }

    /// Brings the derived indexes in step with the catalog; one that cannot be is built again,
    /// whatever the error. What fails even then is a notice: the next call tries again, and the
    /// next opening too. The caller holds `writing`.
    pub(crate) fn follow(&self) {
        let vectors = match self.space() {
            Ok(space) => space.follow(&self.catalog).or_else(|error| {
                log::warn!("the vector index is built again: {error}");
                self.build_space(space.model.clone()).map(|_| ())
            }),
            Err(_) => Ok(()),
        };
        for outcome in [vectors, self.words.follow(&self.catalog)] {
            if let Err(error) = outcome {
                log::warn!("an index is behind the catalog for now: {error}");
            }
        }
    }

    /// Reads the vector index of the model the library was last used with, while that model is
    /// being loaded by another thread; [`Self::set_model`] then takes it over.
    pub fn read_ahead(&self) {
        let (Some(model), Ok(known)) = (self.catalog.current_model(), self.catalog.models()) else {
            return;
        };
        let chosen = known.iter().find(|entry| entry.fingerprint == model && entry.dim > 0);
        if let Some(dim) = chosen.map(|entry| entry.dim) {
            let snapshot = Snapshot::read(&self.folder, model, dim);
            let ahead = Ahead { model, snapshot };
            *self.ahead.lock().unwrap_or_else(|e| e.into_inner()) = Some(ahead);
        }
    }

    /// The model in use.
    ///
    /// # Errors
    /// `NoModel` when the library was opened without one.
    pub fn model(&self) -> Result<Arc<Model>, EngineError> {
        Ok(self.space()?.model.clone())
    }

    pub(crate) fn space(&self) -> Result<Arc<Space>, EngineError> {
        let space = self.space.read().unwrap_or_else(|e| e.into_inner());
        space.clone().ok_or(EngineError::NoModel)
    }

    /// The model the library was last indexed with: its fingerprint and the name to load it by.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn chosen_model(&self) -> Result<Option<(ModelFingerprint, String)>, EngineError> {
        let Some(current) = self.catalog.current_model() else { return Ok(None) };
        let entry = self.catalog.models()?.into_iter().find(|m| m.fingerprint == current);
        Ok(entry.map(|model| (model.fingerprint, model.name)))
    }

    /// Remembers under which name the model in use can be loaded again.
    ///
    /// # Errors
    /// `NoModel`, or when the catalog cannot be written.
    pub fn choose_model(&self, name: &str) -> Result<(), EngineError> {
        let model = self.model()?;
        Ok(self.catalog.set_current_model(model.fingerprint(), name, model.dim())?)
    }

    /// Remembers an indexed folder.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn add_root(&self, root: &LibraryPath) -> Result<(), EngineError> {
        Ok(self.catalog.set_root(root)?)
    }

    /// The devices that an indexed folder's files lay on when they were last looked at.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn places(&self, root: &LibraryPath) -> Result<Vec<DevicePlace>, EngineError> {
        Ok(self.catalog.places(root)?)
    }

    /// Remembers the devices that an indexed folder's files lie on.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn set_places(
        &self,
        root: &LibraryPath,
        places: &[DevicePlace],
    ) -> Result<(), EngineError> {
        Ok(self.catalog.set_places(root, places)?)
    }

    /// Forgets that a folder is an indexed one; its photos stay. See [`Self::forget`].
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn remove_root(&self, root: &LibraryPath) -> Result<(), EngineError> {
        Ok(self.catalog.remove_root(root)?)
    }

    /// The indexed folders.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn roots(&self) -> Result<Vec<LibraryPath>, EngineError> {
        Ok(self.catalog.roots()?)
    }
}
