//! A model's space: the vector index of the photos encoded with it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{RwLock, RwLockReadGuard};
use std::time::Instant;

use roaring::RoaringBitmap;
use seer_catalog::{Applied, Catalog, StoredPoint};
use seer_store::Part;
use seer_types::{IndexKind, ModelFingerprint, RowId};
use seer_vectors::{SnapshotError, SnapshotIdentity, SpaceIndex, VectorError, VectorIndex};

use crate::EmbeddedError;
use crate::catch_up::{RowNow, after_batch, read_all};
use crate::error::Result;
use crate::long_work::LongWork;
use crate::parts::Parts;

/// How many points are held beside the index while it is built.
const REBUILD_BATCH: usize = 8192;

/// A snapshot is written again when so many rows changed since,
const FEW: u64 = 256;
/// and at least this share of all. Until then the catalog's list of changes is the log that is read
/// beside it.
const SHARE: u64 = 32;

/// An open space: only points of photos that still have a file are in its index.
pub(crate) struct Space {
    pub(crate) model: ModelFingerprint,
    pub(crate) dim: usize,
    held: RwLock<Held>,
    dir: PathBuf,
    /// The watermark of the snapshot on disk; 0 when there is none.
    saved: AtomicU64,
    /// The catalog's watermark that the index reflects.
    at: AtomicU64,
    /// Rows that changed since the snapshot; those that changed twice count twice.
    behind: AtomicU64,
}

/// The index, and whose parts its rows are.
pub(crate) struct Held {
    pub(crate) index: SpaceIndex,
    pub(crate) parts: Parts,
}

/// Where a model's snapshot lies.
pub(crate) fn place(folder: &Path, model: ModelFingerprint) -> PathBuf {
    folder.join("vectors").join(model.to_string())
}

impl Space {
    /// Takes the snapshot and what changed since, or builds the index from the catalog.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn open(
        catalog: &Catalog,
        folder: &Path,
        model: ModelFingerprint,
        dim: usize,
    ) -> Result<Self> {
        let Some((index, watermark)) = read_snapshot(folder, model, dim) else {
            return Self::build(catalog, folder, model, dim);
        };
        let kind = kind_of(catalog, model)?;
        let parts = parts_of(catalog, model)?;
        let saved = if index.is_older() { 0 } else { watermark };
        let space = Self::over(folder, (model, dim), Held { index, parts }, saved, watermark);
        match space.follow(catalog, None) {
            Ok(()) => {
                space.set_kind(kind);
                Ok(space)
            }
            Err(error @ EmbeddedError::Catalog(_)) => Err(error),
            Err(error) => {
                log::warn!("the vector snapshot cannot be used ({error}); building it again");
                Self::build(catalog, folder, model, dim)
            }
        }
    }

    /// Builds the index from the catalog.
    ///
    /// # Errors
    /// When the catalog cannot be read, or holds what an index refuses.
    pub(crate) fn build(
        catalog: &Catalog,
        folder: &Path,
        model: ModelFingerprint,
        dim: usize,
    ) -> Result<Self> {
        let at = catalog.watermark();
        let parts = parts_of(catalog, model)?;
        let index = rebuild(catalog, model, SpaceIndex::with_kind(dim, kind_of(catalog, model)?))?;
        Ok(Self::over(folder, (model, dim), Held { index, parts }, 0, at))
    }

    fn over(
        folder: &Path,
        (model, dim): (ModelFingerprint, usize),
        held: Held,
        saved: u64,
        at: u64,
    ) -> Self {
        let dir = place(folder, model);
        let (saved, at) = (AtomicU64::new(saved), AtomicU64::new(at));
        let behind = AtomicU64::new(0);
        Self { model, dim, held: RwLock::new(held), dir, saved, at, behind }
    }

    pub(crate) fn held(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(|e| e.into_inner())
    }

    /// Takes in what the catalog has changed since: what the last batch wrote, where that is all.
    /// What has to be read is read before searches have to wait.
    ///
    /// # Errors
    /// When the index is too far behind, damaged or full, or the catalog cannot be read: it is to
    /// be built again.
    pub(crate) fn follow(&self, catalog: &Catalog, last: Option<&Applied>) -> Result<()> {
        let at = self.at.load(Ordering::Acquire);
        let watermark = catalog.watermark();
        if at == watermark {
            return Ok(());
        }
        let rows = match last.filter(|last| last.watermark == watermark && at + 1 == watermark) {
            Some(last) => after_batch(catalog, self.model, last)?,
            None => {
                let rows = catalog.rows_changed_since(at)?.ok_or(EmbeddedError::Behind)?;
                read_all(catalog, self.model, &rows)?
            }
        };
        self.behind.fetch_add(rows.len() as u64, Ordering::Relaxed);
        self.take_in(rows)?;
        self.at.store(watermark, Ordering::Release);
        Ok(())
    }

    fn take_in(&self, rows: Vec<RowNow>) -> Result<()> {
        let mut held = self.held.write().unwrap_or_else(|e| e.into_inner());
        let Held { index, parts } = &mut *held;
        let mut added: Vec<StoredPoint> = Vec::new();
        for row in rows {
            match row {
                RowNow::Point(point)
                    if index.get(point.row).as_deref() == Some(point.point.embedding.values()) => {}
                RowNow::Point(point) => added.push(*point),
                RowNow::Gone(row) => {
                    index.remove(row);
                    parts.remove(row);
                }
            }
        }
        for stored in added.iter().filter(|stored| stored.point.part != Part::WHOLE) {
            parts.add(stored.row, stored.photo, stored.point.part);
        }
        insert(index, &added)?;
        // What was read of a damaged file may have gone on into the index.
        if index.is_damaged() { Err(VectorError::Damaged.into()) } else { Ok(()) }
    }

    /// Makes the lists or graphs that the index lacks or has outgrown. Searches and changes go on
    /// meanwhile; `watch` hears how many vectors are done, of how many, and may end it.
    pub(crate) fn refine(&self, watch: &mut dyn FnMut(u64, u64) -> bool) {
        let mut keep_going = |done: usize, of: usize| watch(done as u64, of as u64);
        loop {
            let work = self.held().index.preparation();
            let Some(prepared) = work.and_then(|work| work.run(&mut keep_going)) else { return };
            let mut held = self.held.write().unwrap_or_else(|e| e.into_inner());
            if !held.index.install(prepared) {
                return;
            }
            // The watermark is the same, the snapshot would not be.
            self.saved.store(0, Ordering::Relaxed);
        }
    }

    /// Chooses how the vectors are indexed. Until what that needs is made, searches are answered as
    /// before.
    pub(crate) fn set_kind(&self, kind: IndexKind) {
        let mut held = self.held.write().unwrap_or_else(|e| e.into_inner());
        if held.index.kind() != kind {
            held.index.set_kind(kind);
            self.saved.store(0, Ordering::Relaxed);
        }
    }

    /// Lets go of the vectors of rows that left.
    pub(crate) fn compact(&self) {
        self.held.write().unwrap_or_else(|e| e.into_inner()).index.compact();
        // The watermark may be the same, the snapshot is not.
        self.saved.store(0, Ordering::Relaxed);
    }

    /// Writes a snapshot of the index, unless the one there is lacks little: a run that changes
    /// little writes little, and the next start reads what changed since from the catalog.
    ///
    /// A snapshot that cannot be written costs a rebuild at the next start and nothing else, so
    /// it is a notice, not an error.
    pub(crate) fn save(&self) {
        let watermark = self.at.load(Ordering::Acquire);
        let saved = self.saved.load(Ordering::Relaxed);
        if saved == watermark || (saved > 0 && !self.is_far_behind()) {
            return;
        }
        let identity = SnapshotIdentity { model: self.model, dim: self.dim, watermark };
        match self.held().index.save(&self.dir, &identity) {
            Ok(()) => {
                self.saved.store(watermark, Ordering::Relaxed);
                self.behind.store(0, Ordering::Relaxed);
            }
            Err(error) => {
                log::warn!("the vector snapshot could not be saved ({error}); it is rebuilt later");
            }
        }
    }
}

impl Space {
    fn is_far_behind(&self) -> bool {
        let of = self.held().index.len() as u64;
        self.behind.load(Ordering::Relaxed) >= FEW.max(of / SHARE)
    }
}

/// Reads a model's snapshot; `None` when there is none that can be used.
fn read_snapshot(folder: &Path, model: ModelFingerprint, dim: usize) -> Option<(SpaceIndex, u64)> {
    let start = Instant::now();
    let identity = SnapshotIdentity { model, dim, watermark: 0 };
    match SpaceIndex::load_stale(&place(folder, model), &identity) {
        Ok(found) => {
            log::info!("read the vector index in {} ms", start.elapsed().as_millis());
            Some(found)
        }
        Err(SnapshotError::Missing { .. }) => None,
        Err(error) => {
            log::warn!("the vector snapshot cannot be used ({error}); building it again");
            None
        }
    }
}

fn parts_of(catalog: &Catalog, model: ModelFingerprint) -> Result<Parts> {
    let mut parts = Parts::default();
    catalog.for_each_part(model, |stored| {
        parts.add(stored.row, stored.photo, stored.point.part);
        Ok::<(), EmbeddedError>(())
    })?;
    Ok(parts)
}

/// How a space's vectors are to be indexed.
fn kind_of(catalog: &Catalog, model: ModelFingerprint) -> Result<IndexKind> {
    Ok(catalog.space(model)?.map_or(IndexKind::Auto, |space| space.index))
}

/// Fills an empty index.
fn rebuild(
    catalog: &Catalog,
    model: ModelFingerprint,
    mut index: SpaceIndex,
) -> Result<SpaceIndex> {
    let live = live_rows(catalog)?;
    let mut work = LongWork::begin("building the vector index", live.len());
    let (mut batch, mut done) = (Vec::new(), 0);
    let mut take = |stored: StoredPoint| -> Result<()> {
        if live.contains(stored.photo.0) {
            batch.push(stored);
        }
        if batch.len() == REBUILD_BATCH {
            insert(&mut index, &batch)?;
            done += batch.len() as u64;
            work.reach(done);
            batch.clear();
        }
        Ok(())
    };
    catalog.for_each_point(model, &mut take)?;
    insert(&mut index, &batch)?;
    // A graph takes minutes: it is made while searches go on.
    if index.kind() != IndexKind::Hnsw {
        index.catch_up();
    }
    Ok(index)
}

/// The rows of photos that have a file.
pub(crate) fn live_rows(catalog: &Catalog) -> Result<RoaringBitmap> {
    let mut live = RoaringBitmap::new();
    for entry in catalog.records()? {
        let entry = entry?;
        if !entry.record.files.is_empty() {
            live.insert(entry.row.0);
        }
    }
    Ok(live)
}

fn insert(index: &mut SpaceIndex, batch: &[StoredPoint]) -> Result<()> {
    let vectors: Vec<(RowId, &[f32])> =
        batch.iter().map(|stored| (stored.row, stored.point.embedding.values())).collect();
    Ok(index.insert_batch(&vectors)?)
}
