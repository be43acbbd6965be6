//! One model and the vector index of the photos encoded with it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use seer_catalog::Catalog;
use seer_encoders::Model;
use seer_types::{Embedding, RowId};
use seer_vectors::{AdaptiveIndex, SnapshotError, SnapshotIdentity, VectorIndex};

use crate::EngineError;

/// A model's space: only rows whose photo still has a file are in the index.
pub(crate) struct Space {
    pub(crate) model: Arc<Model>,
    pub(crate) index: RwLock<AdaptiveIndex>,
    dir: PathBuf,
    /// The watermark of the snapshot on disk; 0 when there is none.
    saved: AtomicU64,
}

impl Space {
    /// Loads the snapshot and what changed since, or builds the index from the catalog.
    pub(crate) fn open(
        catalog: &Catalog,
        folder: &Path,
        model: Arc<Model>,
    ) -> Result<Self, EngineError> {
        let dir = folder.join("vectors").join(model.fingerprint().to_string());
        let (index, saved) = match load(&dir, &model, catalog)? {
            Some(loaded) => loaded,
            None => (rebuild(catalog, &model)?, 0),
        };
        Ok(Self { model, index: RwLock::new(index), dir, saved: AtomicU64::new(saved) })
    }

    /// Makes the rows' entries equal to the catalog's.
    pub(crate) fn update(&self, catalog: &Catalog, rows: &[RowId]) -> Result<(), EngineError> {
        let mut index = self.index.write().unwrap_or_else(|e| e.into_inner());
        catch_up(&mut index, &self.model, catalog, rows)
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

    /// Writes a snapshot of the index as of `watermark`.
    ///
    /// A snapshot that cannot be written costs a rebuild at the next start and nothing else, so
    /// it is a notice, not an error.
    pub(crate) fn save(&self, watermark: u64) {
        if self.saved.load(Ordering::Relaxed) == watermark {
            return;
        }
        let index = self.index.read().unwrap_or_else(|e| e.into_inner());
        match index.save(&self.dir, &identity(&self.model, watermark)) {
            Ok(()) => self.saved.store(watermark, Ordering::Relaxed),
            Err(error) => {
                log::warn!("the vector snapshot could not be saved ({error}); it is rebuilt later");
            }
        }
    }
}

fn identity(model: &Model, watermark: u64) -> SnapshotIdentity {
    SnapshotIdentity { model: model.fingerprint(), dim: model.dim(), watermark }
}

/// The snapshot brought up to date with the watermark it had, or `None` when none can be used.
fn load(
    dir: &Path,
    model: &Model,
    catalog: &Catalog,
) -> Result<Option<(AdaptiveIndex, u64)>, EngineError> {
    let (mut index, watermark) = match AdaptiveIndex::load_stale(dir, &identity(model, 0)) {
        Ok(loaded) => loaded,
        Err(SnapshotError::Missing { .. }) => return Ok(None),
        Err(error) => {
            log::warn!("the vector snapshot cannot be used ({error}); building it again");
            return Ok(None);
        }
    };
    let Some(rows) = catalog.rows_changed_since(watermark)? else {
        log::warn!("the vector snapshot is too far behind; building it again");
        return Ok(None);
    };
    catch_up(&mut index, model, catalog, &rows)?;
    Ok(Some((index, watermark)))
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
    insert(index, &added)
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
