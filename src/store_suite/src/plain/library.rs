//! What a plain library holds at one moment.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use seer_store::{Album, Derived, Filter, KnownFile, KnownState, Part};
use seer_types::{
    DevicePlace, Embedding, Failure, IndexKind, LibraryPath, ModelFingerprint, PhotoFacts, PhotoId,
    PhotoRecord,
};

use super::allows;

/// All of it.
#[derive(Clone, Default)]
pub(super) struct Library {
    pub(super) photos: BTreeMap<PhotoId, Arc<Photo>>,
    /// By the bytes of their paths.
    pub(super) failures: BTreeMap<Vec<u8>, Failure>,
    /// By the bytes of their paths.
    pub(super) roots: BTreeMap<Vec<u8>, Root>,
    /// The spaces that were added.
    pub(super) spaces: BTreeMap<ModelFingerprint, Space>,
    pub(super) current: Option<ModelFingerprint>,
    /// The points as they are stored. No inner map is empty.
    pub(super) points: BTreeMap<ModelFingerprint, BTreeMap<PhotoId, BTreeMap<Part, Embedding>>>,
    /// By their names.
    pub(super) albums: BTreeMap<String, Album>,
    /// By their names.
    pub(super) settings: BTreeMap<String, String>,
    pub(super) analyses: BTreeMap<(PhotoId, String), u32>,
}

/// A record, and what its photo is found by once somebody has asked.
#[derive(Clone)]
pub(super) struct Photo {
    record: PhotoRecord,
    derived: OnceLock<Derived>,
}

/// What was told about an indexed folder.
#[derive(Clone, Default)]
pub(super) struct Root {
    pub(super) places: Vec<DevicePlace>,
    pub(super) excludes: Vec<String>,
}

/// What was told about a space.
#[derive(Clone)]
pub(super) struct Space {
    pub(super) name: String,
    pub(super) dim: usize,
    pub(super) index: IndexKind,
}

impl Photo {
    /// A photo of which nothing is known.
    pub(super) fn new(id: PhotoId, added: i64) -> Arc<Self> {
        let facts = PhotoFacts::default();
        let record = PhotoRecord { id, files: Vec::new(), size: 0, facts, added };
        Arc::new(Self { record, derived: OnceLock::new() })
    }

    pub(super) fn record(&self) -> &PhotoRecord {
        &self.record
    }

    /// The record, to be changed.
    pub(super) fn record_mut(&mut self) -> &mut PhotoRecord {
        self.derived = OnceLock::new();
        &mut self.record
    }

    pub(super) fn derived(&self) -> &Derived {
        self.derived.get_or_init(|| Derived::of(&self.record))
    }
}

impl Library {
    /// The photos with files that a filter allows, by id.
    pub(super) fn allowed(&self, filter: Option<&Filter>) -> impl Iterator<Item = &Photo> {
        let photos = self.photos.values().map(Arc::as_ref);
        let living = photos.filter(|photo| !photo.record.files.is_empty());
        living.filter(move |photo| filter.is_none_or(|filter| allows(filter, photo.derived())))
    }

    pub(super) fn points_of(
        &self,
        model: ModelFingerprint,
        id: PhotoId,
    ) -> Option<&BTreeMap<Part, Embedding>> {
        self.points.get(&model)?.get(&id)
    }

    /// Numbers per embedding: as was told, else as the first point has them.
    pub(super) fn dim(&self, model: ModelFingerprint) -> Option<usize> {
        let told = self.spaces.get(&model).map(|space| space.dim);
        let first = || self.points.get(&model)?.values().next()?.values().next();
        told.or_else(|| first().map(Embedding::dim))
    }

    /// Every known path.
    pub(super) fn files(&self) -> Vec<KnownFile> {
        let mut known = Vec::new();
        for photo in self.photos.values() {
            known.extend(photo.record.files.iter().map(|file| KnownFile {
                path: file.path.clone(),
                root: file.root.clone(),
                stamp: file.stamp,
                state: KnownState::Photo(photo.record.id),
            }));
        }
        known.extend(self.failures.values().map(|failure| KnownFile {
            path: failure.path.clone(),
            root: failure.root.clone(),
            stamp: failure.stamp,
            state: KnownState::Failed { decoders: failure.decoders },
        }));
        known
    }
}

const SEPARATOR: u8 = std::path::MAIN_SEPARATOR as u8;

/// What a path is known by: its bytes, without a separator at the end (`/` keeps its one).
pub(super) fn key(path: &LibraryPath) -> Vec<u8> {
    let mut key = path.to_bytes();
    while key.len() > 1 && key.last() == Some(&SEPARATOR) {
        key.pop();
    }
    key
}

/// Whether a path is this folder or lies below it.
pub(super) fn is_under(path: &LibraryPath, folder: &LibraryPath) -> bool {
    let (path, mut folder) = (key(path), key(folder));
    if path == folder {
        return true;
    }
    if folder.last() != Some(&SEPARATOR) {
        folder.push(SEPARATOR);
    }
    path.starts_with(&folder)
}
