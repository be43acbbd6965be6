//! A library: a store, a model, and what is remembered between queries.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use seer_embedded::EmbeddedStore;
use seer_encoders::Model;
use seer_postgres::{PostgresConfig, PostgresStore};
use seer_store::{Settings, Store, watch_setting};
use seer_types::{DevicePlace, LibraryPath, ModelFingerprint, PhotoRecord};

use crate::EngineError;
use crate::hidden::HiddenPhotos;
use crate::machine_speed::MachineSpeed;
use crate::path_map::PathMap;
use crate::query_cache::QueryCache;
use crate::text_queue::TextQueue;
use crate::understanding::hemisphere::Hemisphere;

/// How to open a library.
#[derive(Default)]
pub struct OpenOptions {
    /// The model for queries and new photos; without one, only records can be read.
    pub model: Option<Arc<Model>>,
    /// Where this machine sees the folders that were indexed.
    pub maps: PathMap,
}

/// One library, shared between threads as `Arc<Library>`.
///
/// What is known of photos is in its store; its folder has, besides, `thumbnails/`, which can be
/// deleted and are made again.
pub struct Library {
    pub(crate) folder: PathBuf,
    /// What people call the place of its store.
    pub(crate) place: String,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) model: Arc<RwLock<Option<Arc<Model>>>>,
    pub(crate) maps: PathMap,
    /// Texts of earlier queries.
    pub(crate) queries: Arc<QueryCache>,
    /// Texts of queries that are asked at the same time.
    pub(crate) texts: Arc<TextQueue>,
    /// How fast this machine is.
    pub(crate) speed: Arc<MachineSpeed>,
    /// When its summers are.
    pub(crate) hemisphere: Arc<Hemisphere>,
    /// What people hid.
    pub(crate) hidden: Arc<HiddenPhotos>,
    /// Whether queries may ask where photos were taken.
    pub(crate) tells_places: bool,
}

impl Library {
    /// Opens the library in `folder`, or begins one there, with a store in the same folder. One
    /// process owns it.
    ///
    /// # Errors
    /// `Store` with `Locked` when another process has it, with `NewerFormat` when a newer seer
    /// wrote it; when the folder cannot be made.
    pub fn open(folder: &Path, options: OpenOptions) -> Result<Self, EngineError> {
        let unfinished = seer_embedded::is_forgetting(folder);
        let store = EmbeddedStore::open(folder)?;
        let place = folder.display().to_string();
        let library = Self::over(Arc::new(store), folder, place, options)?;
        if unfinished {
            library.remove_thumbnails_of_nothing()?;
        }
        Ok(library)
    }

    /// Opens the library that a PostgreSQL holds. `folder` is where this machine keeps thumbnails.
    ///
    /// # Errors
    /// `Store` with `Unreachable` when the server cannot be reached, with `Refused` when the database
    /// is not prepared or of another version, each with what next.
    pub fn connect(
        config: &PostgresConfig,
        folder: &Path,
        options: OpenOptions,
    ) -> Result<Self, EngineError> {
        let store = PostgresStore::open(config)?;
        let place = store.place().to_owned();
        Self::over(Arc::new(store), folder, place, options)
    }

    fn over(
        store: Arc<dyn Store>,
        folder: &Path,
        place: String,
        options: OpenOptions,
    ) -> Result<Self, EngineError> {
        let library = Self {
            folder: folder.to_path_buf(),
            place,
            store,
            model: Arc::default(),
            maps: options.maps,
            queries: Arc::new(QueryCache::new()),
            texts: Arc::new(TextQueue::new()),
            speed: Arc::default(),
            hemisphere: Arc::default(),
            hidden: Arc::default(),
            tells_places: true,
        };
        if let Some(model) = options.model {
            library.set_model(model)?;
        }
        Ok(library)
    }

    /// The folder of this machine that it has: its own, or that of its thumbnails.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where its store is, for messages: a folder, or host and database.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// A record with its files and folders where this machine sees them.
    pub fn record_here(&self, record: PhotoRecord) -> PhotoRecord {
        self.maps.record_here(record)
    }

    /// What keeps it.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Uses this model from now on; photos encoded with another one keep their points.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn set_model(&self, model: Arc<Model>) -> Result<(), EngineError> {
        self.store.open_space(model.fingerprint())?;
        *self.model.write().unwrap_or_else(|e| e.into_inner()) = Some(model);
        Ok(())
    }

    /// Makes the space that the library was last used with ready, while its model is being loaded
    /// by another thread. What fails here fails again, and is told, when the model is set.
    pub fn read_ahead(&self) {
        if let Ok(Some(model)) = self.store.current_space() {
            let _ = self.store.open_space(model);
        }
    }

    /// The model in use.
    ///
    /// # Errors
    /// `NoModel` when the library was opened without one.
    pub fn model(&self) -> Result<Arc<Model>, EngineError> {
        let model = self.model.read().unwrap_or_else(|e| e.into_inner());
        model.clone().ok_or(EngineError::NoModel)
    }

    /// The model the library was last indexed with: its fingerprint and the name to load it by.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn chosen_model(&self) -> Result<Option<(ModelFingerprint, String)>, EngineError> {
        let Some(current) = self.store.current_space()? else { return Ok(None) };
        let entry = self.store.spaces()?.into_iter().find(|space| space.model == current);
        Ok(entry.map(|space| (space.model, space.name)))
    }

    /// Remembers under which name the model in use can be loaded again, and that it is the one to
    /// be used.
    ///
    /// # Errors
    /// `NoModel`, or when the store cannot be written.
    pub fn choose_model(&self, name: &str) -> Result<(), EngineError> {
        let model = self.model()?;
        self.add_spaces(&model, name)?;
        self.store.use_space(model.fingerprint())?;
        self.open_spaces(&model)
    }

    /// Remembers an indexed folder.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn add_root(&self, root: &LibraryPath) -> Result<(), EngineError> {
        Ok(self.store.add_root(root)?)
    }

    /// The devices that an indexed folder's files lay on when they were last looked at.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn places(&self, root: &LibraryPath) -> Result<Vec<DevicePlace>, EngineError> {
        Ok(self.store.places(root)?)
    }

    /// Remembers the devices that an indexed folder's files lie on.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_places(
        &self,
        root: &LibraryPath,
        places: &[DevicePlace],
    ) -> Result<(), EngineError> {
        Ok(self.store.set_places(root, places)?)
    }

    /// The globs of what an indexed folder leaves out, as they were told last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn excludes(&self, root: &LibraryPath) -> Result<Vec<String>, EngineError> {
        Ok(self.store.excludes(root)?)
    }

    /// Remembers the globs of what an indexed folder leaves out; one that was none is one from now
    /// on.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_excludes(&self, root: &LibraryPath, globs: &[String]) -> Result<(), EngineError> {
        Ok(self.store.set_excludes(root, globs)?)
    }

    /// What people chose for the library as a whole.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn settings(&self) -> Result<Settings, EngineError> {
        Ok(Settings::read(&*self.store)?)
    }

    /// Remembers what people chose.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn set_settings(&self, settings: &Settings) -> Result<(), EngineError> {
        Ok(self.store.set_settings(&settings.entries())?)
    }

    /// Forgets that a folder is an indexed one; its photos stay. See [`Self::forget`].
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn remove_root(&self, root: &LibraryPath) -> Result<(), EngineError> {
        // One that is indexed again is not watched at first.
        self.store.set_settings(&[(watch_setting(root), None)])?;
        Ok(self.store.remove_root(root)?)
    }

    /// The indexed folders.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn roots(&self) -> Result<Vec<LibraryPath>, EngineError> {
        Ok(self.store.roots()?)
    }
}
