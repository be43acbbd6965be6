//! One model and the vector index of the photos encoded with it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Instant;

use seer_catalog::Catalog;
use seer_encoders::Model;
use seer_types::{Embedding, ModelFingerprint, RowId};
use seer_vectors::{AdaptiveIndex, SnapshotError, SnapshotIdentity, VectorIndex};

use crate::EngineError;

/// A model's space: only rows whose photo still has a file are in the index.
pub(crate) struct Space {
    pub(crate) model: Arc<Model>,
    pub(crate) index: RwLock<AdaptiveIndex>,
    dir: PathBuf,
    /// The watermark of the snapshot on disk; 0 when there is none.
    saved: AtomicU64,
    /// The catalog's watermark that the index reflects.
    at: AtomicU64,
}

/// What was read for a model before it was there.
pub(crate) struct Ahead {
    pub(crate) model: ModelFingerprint,
    pub(crate) snapshot: Option<Snapshot>,
}

/// A model's index as it was when it was saved.
pub(crate) struct Snapshot {
    index: AdaptiveIndex,
    watermark: u64,
}

impl Snapshot {
    /// Reads a model's snapshot; `None` when there is none that can be used.
    pub(crate) fn read(folder: &Path, model: ModelFingerprint, dim: usize) -> Option<Self> {
        let start = Instant::now();
        let identity = SnapshotIdentity { model, dim, watermark: 0 };
        match AdaptiveIndex::load_stale(&place(folder, model), &identity) {
            Ok((index, watermark)) => {
                log::info!("read the vector index in {} ms", start.elapsed().as_millis());
                Some(Self { index, watermark })
            }
            Err(SnapshotError::Missing { .. }) => None,
            Err(error) => {
                log::warn!("the vector snapshot cannot be used ({error}); building it again");
                None
            }
        }
    }

    /// The index with what changed since; `None` when too much has.
    fn brought_up(
        mut self,
        catalog: &Catalog,
        model: &Model,
    ) -> Result<Option<(AdaptiveIndex, u64)>, EngineError> {
        let at = catalog.watermark();
        let Some(rows) = catalog.rows_changed_since(self.watermark)? else {
            log::warn!("the vector snapshot is too far behind; building it again");
            return Ok(None);
        };
        match catch_up(&mut self.index, model, catalog, &rows) {
            Err(error @ EngineError::Catalog(_)) => Err(error),
            Err(error) => {
                log::warn!("the vector snapshot cannot be used ({error}); building it again");
                Ok(None)
            }
            // Saved as of its own watermark, except when nothing has changed since.
            Ok(()) if rows.is_empty() => Ok(Some((self.index, at))),
            Ok(()) => Ok(Some((self.index, self.watermark))),
        }
    }
}

/// Where a model's snapshot lies.
pub(crate) fn place(folder: &Path, model: ModelFingerprint) -> PathBuf {
    folder.join("vectors").join(model.to_string())
}

impl Space {
    /// Takes the snapshot (read now, unless it was `ahead`) and what changed since, or builds the
    /// index from the catalog.
    pub(crate) fn open(
        catalog: &Catalog,
        folder: &Path,
        model: Arc<Model>,
        ahead: Option<Ahead>,
    ) -> Result<Self, EngineError> {
        let snapshot = match ahead {
            Some(ahead) if ahead.model == model.fingerprint() => ahead.snapshot,
            _ => Snapshot::read(folder, model.fingerprint(), model.dim()),
        };
        let at = catalog.watermark();
        match snapshot.map_or(Ok(None), |snapshot| snapshot.brought_up(catalog, &model))? {
            Some((index, saved)) => Ok(Self::over(folder, model, index, saved, at)),
            None => Self::build(catalog, folder, model),
        }
    }

    /// Builds the index from the catalog.
    pub(crate) fn build(
        catalog: &Catalog,
        folder: &Path,
        model: Arc<Model>,
    ) -> Result<Self, EngineError> {
        let at = catalog.watermark();
        let index = rebuild(catalog, &model)?;
        Ok(Self::over(folder, model, index, 0, at))
    }

    fn over(folder: &Path, model: Arc<Model>, index: AdaptiveIndex, saved: u64, at: u64) -> Self {
        let dir = place(folder, model.fingerprint());
        let (saved, at) = (AtomicU64::new(saved), AtomicU64::new(at));
        Self { model, index: RwLock::new(index), dir, saved, at }
    }

    /// Takes in what the catalog has changed since.
    ///
    /// # Errors
    /// When the index is too far behind, damaged or full, or the catalog cannot be read: it is to
    /// be built again.
    pub(crate) fn follow(&self, catalog: &Catalog) -> Result<(), EngineError> {
        let watermark = catalog.watermark();
        let Some(rows) = catalog.rows_changed_since(self.at.load(Ordering::Acquire))? else {
            return Err(EngineError::Behind);
        };
        let mut index = self.index.write().unwrap_or_else(|e| e.into_inner());
        catch_up(&mut index, &self.model, catalog, &rows)?;
        self.at.store(watermark, Ordering::Release);
        Ok(())
    }

    /// Makes new lists for an index that has outgrown its own. Searches go on meanwhile; the
    /// caller keeps other writers away.
    pub(crate) fn refine(&self) {
        let prepared = self.index.read().unwrap_or_else(|e| e.into_inner()).prepare();
        if let Some(prepared) = prepared {
            self.index.write().unwrap_or_else(|e| e.into_inner()).install(prepared);
            // The watermark is the same, the snapshot would not be.
            self.saved.store(0, Ordering::Relaxed);
        }
    }

    /// Lets go of the vectors of rows that left.
    pub(crate) fn compact(&self) {
        self.index.write().unwrap_or_else(|e| e.into_inner()).compact();
        // The watermark may be the same, the snapshot is not.
        self.saved.store(0, Ordering::Relaxed);
    }

    /// Writes a snapshot of the index as of `watermark`.
    ///
    /// A snapshot that cannot be written costs a rebuild at the next start and nothing else, so
    /// it is a notice, not an error.
    pub(crate) fn save(&self, watermark: u64) {
        if self.saved.load(Ordering::Relaxed) == watermark {
            return;
        }
        let index = self.index.read().unwrap_or_else(|e| e.into_inner());
        let (model, dim) = (self.model.fingerprint(), self.model.dim());
        match index.save(&self.dir, &SnapshotIdentity { model, dim, watermark }) {
            Ok(()) => self.saved.store(watermark, Ordering::Relaxed),
            Err(error) => {
                log::warn!("the vector snapshot could not be saved ({error}); it is rebuilt later");
            }
        }
    }
}

fn catch_up(
    index: &mut AdaptiveIndex,
    model: &Model,
    catalog: &Catalog,
    rows: &[RowId],
) -> Result<(), EngineError> {
    let mut added: Vec<(RowId, Embedding)> = Vec::new();
    for &row in rows {
        let record = catalog.record_at(row)?.filter(|record| !record.files.is_empty());
        let embedding = match &record {
            Some(record) => catalog.embedding(model.fingerprint(), record.id)?,
            None => None,
        };
        match embedding {
            Some(embedding) if index.get(row).is_none() => added.push((row, embedding)),
            Some(_) => {}
            None => {
                index.remove(row);
            }
        }
    }
    insert(index, &added)?;
    // What was read of a damaged file may have gone on into the index.
    if index.is_damaged() { Err(seer_vectors::VectorError::Damaged.into()) } else { Ok(()) }
}

/// How many embeddings are held beside the index while it is built.
const REBUILD_BATCH: usize = 8192;

fn rebuild(catalog: &Catalog, model: &Model) -> Result<AdaptiveIndex, EngineError> {
    let mut index = AdaptiveIndex::new(model.dim());
    let mut live = roaring::RoaringBitmap::new();
    for record in catalog.records()? {
        let record = record?;
        if !record.files.is_empty() {
            live.insert(record.row.0);
        }
    }
    let mut batch = Vec::new();
    let mut failed = None;
    catalog.for_each_embedding(model.fingerprint(), |row, embedding| {
        if live.contains(row.0) && failed.is_none() {
            batch.push((row, embedding));
            if batch.len() == REBUILD_BATCH {
                failed = insert(&mut index, &batch).err();
                batch.clear();
            }
        }
    })?;
    if let Some(error) = failed {
        return Err(error);
    }
    insert(&mut index, &batch)?;
    index.catch_up();
    Ok(index)
}

fn insert(index: &mut AdaptiveIndex, batch: &[(RowId, Embedding)]) -> Result<(), EngineError> {
    let vectors: Vec<(RowId, &[f32])> = batch.iter().map(|(row, e)| (*row, e.values())).collect();
    Ok(index.insert_batch(&vectors)?)
}
