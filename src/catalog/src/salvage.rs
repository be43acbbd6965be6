//! A new catalog from what can be read of a damaged one.
//!
//! The damaged database is opened on copies: as it is, without the damaged messages of its log,
//! without its snapshot, and without its settings. Each may be able to read what others cannot. What is found goes into
//! a new catalog, which then takes the place of the damaged one; that stays beside it, untouched.
//! Photos are named by their content, so that an older value of one is not wrong: the next
//! indexing run sees the files that changed since.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use seer_store::{Change, Point};
use seer_types::{LibraryPath, ModelFingerprint, PhotoId};
use sled::IVec;

use crate::database::{Database, FOLDER};
use crate::draft::Draft;
use crate::error::{CatalogError, Result};
use crate::head::{self, Found};
use crate::keys::{self, Table};
use crate::lock::FolderLock;
use crate::open::Catalog;
use crate::opened::{read_state, refuse_newer};
use crate::recover::{copy, io_error, remove_all, size_of};
use crate::replace::Replacement;
use crate::room::{self, Room};
use crate::state::State;
use crate::value::{StoredFailure, StoredFile, decode_record};
use crate::{analyses, embedding_store, log_repair, rows};

/// Photos, points or analyses in one batch.
const BATCH: usize = 512;

/// What is left out of each copy that is read, and whether damaged messages of its log are made
/// void. The first that has an entry is believed.
const COPIES: [(&[&str], bool); 5] = [
    (&[], false),
    (&[], true),
    (&["snap."], true),
    (&["snap."], false),
    (&["snap.", "conf"], true),
];

/// What became of a damaged catalog.
#[derive(Debug)]
pub struct Salvaged {
    /// Photos with files in the new one.
    pub photos: u64,
    /// Paths that were known and are not any more.
    pub lost: Vec<LibraryPath>,
    /// Photos that are gone besides, whose paths cannot be read.
    pub lost_without_path: u64,
    /// Embeddings that are gone: these photos are encoded again.
    pub lost_embeddings: u64,
    /// Whether the last batch's counters could be read: otherwise more may be gone than is told here.
    pub counted: bool,
    /// Where the damaged one lies.
    pub kept: Option<PathBuf>,
}

/// Replaces the catalog in `folder` by what can be read of it.
///
/// # Errors
/// `Locked`, `NewerFormat`; `DiskFull` when there is no room for two copies; `Io`. The catalog is
/// as it was then.
pub fn salvage(folder: &Path) -> Result<Salvaged> {
    let lock = FolderLock::take(folder)?;
    let head = head::read(folder).map_err(|source| io_error(folder, "read the head", source))?;
    if let Found::Head(head) = &head {
        refuse_newer(folder, head.format, &head.written_by)?;
    }
    room_for_copies(folder)?;
    let replacement = Replacement::begin(folder)?;
    let mut rescue = Rescue::begin(&replacement.building())?;
    for (left_out, mend) in COPIES {
        if let Err(error) = rescue.read_copy(folder, left_out, mend) {
            log::info!("salvaging without {}: {error}", left_out.join(", "));
        }
    }
    let least = match &head {
        Found::Head(head) => head.watermark,
        _ => 0,
    };
    let mut salvaged = rescue.finish(least)?;
    salvaged.kept = replacement.install(true)?;
    drop(lock);
    Ok(salvaged)
}

fn room_for_copies(folder: &Path) -> Result<()> {
    let bytes = size_of(folder).unwrap_or(u64::MAX).saturating_mul(2);
    match Room::of(folder) {
        Some(room) if !room::fits(folder, bytes) => {
            let needed = bytes.saturating_add(room.reserve());
            let folder = folder.to_path_buf();
            Err(CatalogError::DiskFull { folder, free: room.free, needed })
        }
        _ => Ok(()),
    }
}

/// The new catalog and what is known to be missing in it.
struct Rescue {
    catalog: Catalog,
    copy: PathBuf,
    /// Paths that some copy knew.
    paths: BTreeSet<Vec<u8>>,
    /// The fullest counters that any copy had.
    counters: Option<State>,
}

impl Rescue {
    fn begin(building: &Path) -> Result<Self> {
        let copy = building.join("copy");
        let catalog = Catalog::open(building)?;
        Ok(Self { catalog, copy, paths: BTreeSet::new(), counters: None })
    }

    fn read_copy(&mut self, folder: &Path, left_out: &[&str], mend: bool) -> Result<()> {
        let copying = |source| io_error(folder, "copy the database", source);
        remove_all(&self.copy).map_err(copying)?;
        copy(&folder.join(FOLDER), &self.copy, &[left_out, &[".generating"]].concat())
            .map_err(copying)?;
        if mend && log_repair::void_damaged(&self.copy.join("db")).map_err(copying)? == 0 {
            log::info!("no message of the log is damaged");
        }
        let store = Database::open_at(folder, &self.copy)?;
        self.counters_of(&store)?;
        self.settings(&store)?;
        self.photos(&store)?;
        self.embeddings(&store)?;
        self.failures(&store)?;
        store.close()
    }

    fn counters_of(&mut self, store: &Database) -> Result<()> {
        let state = match read_state(store) {
            Err(error @ CatalogError::NewerFormat { .. }) => return Err(error),
            state => state.ok().flatten(),
        };
        if state.as_ref().map(|s| s.watermark) > self.counters.as_ref().map(|s| s.watermark) {
            self.counters = state;
        }
        Ok(())
    }

    /// Folders, models, albums and what was chosen.
    fn settings(&self, store: &Database) -> Result<()> {
        let mut entries = Vec::new();
        for table in [Table::Roots, Table::Models, Table::Albums, Table::Settings] {
            store.each_readable(table, &mut |key, value| entries.push((table, key, value)));
        }
        let current = self.counters.as_ref().and_then(|state| state.current_model);
        self.catalog.write_settings(|draft| {
            for (table, key, value) in &entries {
                if draft.get(*table, key)?.is_none() && draft.is_setting(*table, key, value) {
                    draft.put(*table, key, value.to_vec());
                }
            }
            draft.state.current_model = current.or(draft.state.current_model);
            Ok(())
        })
    }

    fn photos(&mut self, store: &Database) -> Result<()> {
        let mut ids = BTreeSet::new();
        let paths = &mut self.paths;
        let whole = store.each_readable(Table::Files, &mut |key, value| {
            if let Ok(file) = StoredFile::decode(&value) {
                ids.insert(file.id);
                paths.insert(key.to_vec());
            }
        });
        let mut batch = Batch::new(self);
        let photos = store.each_readable(Table::Photos, &mut |key, value| {
            batch.photo(&key, &value);
        });
        if !(whole && photos) {
            ids.extend(rows::readable(store));
            store.each_readable(Table::Embeddings, &mut |key, _| {
                ids.extend(key.get(16..).and_then(keys::photo_id));
            });
            for id in ids {
                if let Ok(Some(value)) = store.get(Table::Photos, &id.0) {
                    batch.photo(&id.0, &value);
                }
            }
        }
        batch.end()
    }

    fn embeddings(&mut self, store: &Database) -> Result<()> {
        let mut batch = Batch::new(self);
        let mut models = BTreeSet::new();
        let whole = store.each_readable(Table::Embeddings, &mut |key, value| {
            models.extend(key.get(..16).and_then(|model| <[u8; 16]>::try_from(model).ok()));
            batch.embedding(&key, &value);
        });
        store.each_readable(Table::Parts, &mut |key, value| batch.part(&key, &value));
        store.each_readable(Table::Analyses, &mut |key, value| batch.analysis(key, value));
        if !whole {
            let ids: Vec<PhotoId> = batch.rescue.ids()?;
            for model in models {
                for id in &ids {
                    let key = keys::embedding(ModelFingerprint(model), *id);
                    if let Ok(Some(value)) = store.get(Table::Embeddings, &key) {
                        batch.embedding(&key, &value);
                    }
                }
            }
        }
        batch.end()
    }

    fn has_point(&self, id: PhotoId, point: &Point) -> Result<bool> {
        let known = self.catalog.points(point.embedding.model(), id)?;
        Ok(known.iter().any(|stored| stored.point.part == point.part))
    }

    fn ids(&self) -> Result<Vec<PhotoId>> {
        self.catalog.records()?.map(|entry| Ok(entry?.record.id)).collect()
    }

    fn failures(&self, store: &Database) -> Result<()> {
        let mut failures = Vec::new();
        store.each_readable(Table::Failures, &mut |key, value| {
            let read = StoredFailure::decode(&value).and_then(|f| f.into_failure(&key));
            failures.extend(read);
        });
        let new = |path: &LibraryPath| Ok::<_, CatalogError>(self.catalog.file_at(path)?.is_none());
        let mut changes = Vec::new();
        for failure in failures {
            if new(&failure.path)? {
                changes.push(Change::Failed(failure));
            }
        }
        self.catalog.apply(&changes)?;
        Ok(())
    }

    /// Ends the new catalog; its watermark is above `least`, so that no index of the old one fits.
    fn finish(self, least: u64) -> Result<Salvaged> {
        let known = self.counters.as_ref().filter(|state| state.watermark >= least);
        let least = least.max(known.map_or(0, |state| state.watermark));
        self.catalog.write_settings(|draft| draft.forget_history(least.saturating_add(1)))?;
        let mut lost = Vec::new();
        for key in &self.paths {
            let path = LibraryPath::from_bytes(key);
            if self.catalog.file_at(&path)?.is_none() {
                lost.push(path);
            }
        }
        let state = self.catalog.state();
        let gone = |before: u64, after: u64| before.saturating_sub(after);
        let embedded = |state: &State| state.embedded.iter().map(|entry| entry.1).sum::<u64>();
        let salvaged = Salvaged {
            photos: state.photos,
            lost_without_path: known
                .map_or(0, |known| gone(gone(known.photos, state.photos), lost.len() as u64)),
            lost_embeddings: known.map_or(0, |known| gone(embedded(known), embedded(&state))),
            counted: known.is_some(),
            lost,
            kept: None,
        };
        remove_all(&self.copy)
            .map_err(|source| io_error(&self.catalog.folder, "remove a copy", source))?;
        self.catalog.dirty.store(true, Ordering::Release);
        let _ = fs::remove_file(self.catalog.folder.join("ballast"));
        Ok(salvaged)
    }
}

/// Entries on their way into the new catalog.
struct Batch<'a> {
    rescue: &'a mut Rescue,
    photos: Vec<seer_types::PhotoRecord>,
    points: Vec<(PhotoId, Point)>,
    analyses: Vec<(IVec, IVec)>,
    failed: Option<CatalogError>,
}

impl<'a> Batch<'a> {
    fn new(rescue: &'a mut Rescue) -> Self {
        Self { rescue, photos: Vec::new(), points: Vec::new(), analyses: Vec::new(), failed: None }
    }

    /// Takes a photo that can be read and is not there yet.
    fn photo(&mut self, key: &[u8], value: &[u8]) {
        let Some(id) = keys::photo_id(key) else { return };
        let Ok(entry) = decode_record(id, value) else { return };
        if matches!(self.rescue.catalog.record(id), Ok(None)) {
            self.photos.push(entry.record);
            self.write_full();
        }
    }

    fn embedding(&mut self, key: &[u8], value: &[u8]) {
        let Some((model, id)) = key.split_at_checked(16) else { return };
        let (Ok(model), Some(id)) = (<[u8; 16]>::try_from(model), keys::photo_id(id)) else {
            return;
        };
        if let Ok((_, embedding)) = embedding_store::decode(ModelFingerprint(model), value) {
            self.point(id, Point::whole(embedding));
        }
    }

    fn part(&mut self, key: &[u8], value: &[u8]) {
        let model = key.get(..16).and_then(|model| <[u8; 16]>::try_from(model).ok());
        let Some(model) = model.map(ModelFingerprint) else { return };
        if let Ok(stored) = embedding_store::decode_part(model, key, value) {
            self.point(stored.id, stored.point);
        }
    }

    /// Takes a point that is not there yet.
    fn point(&mut self, id: PhotoId, point: Point) {
        if let Ok(false) = self.rescue.has_point(id, &point) {
            self.points.push((id, point));
            self.write_full();
        }
    }

    fn analysis(&mut self, key: IVec, value: IVec) {
        if analyses::understood(&value).is_ok() {
            self.analyses.push((key, value));
            self.write_full();
        }
    }

    fn write_full(&mut self) {
        if self.photos.len().max(self.points.len()).max(self.analyses.len()) >= BATCH {
            self.write();
        }
    }

    fn write(&mut self) {
        let photos = std::mem::take(&mut self.photos);
        let points = std::mem::take(&mut self.points);
        let analyses = std::mem::take(&mut self.analyses);
        let nothing = photos.is_empty() && points.is_empty() && analyses.is_empty();
        if self.failed.is_some() || nothing {
            return;
        }
        let fill = |draft: &mut Draft<'_>| {
            photos.into_iter().try_for_each(|record| draft.adopt(record))?;
            points.iter().try_for_each(|(id, point)| draft.adopt_point(*id, point))?;
            analyses.iter().try_for_each(|(key, value)| draft.adopt_analysis(key, value))
        };
        self.failed = self.rescue.catalog.write(fill).err();
    }

    fn end(mut self) -> Result<()> {
        self.write();
        self.failed.map_or(Ok(()), Err)
    }
}
