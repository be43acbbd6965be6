//! The index the engine uses: exact while that is fast, inverted lists when they are faster.

use std::path::Path;
use std::sync::Arc;

use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::checked::Checked;
use crate::error::check_vector;
use crate::exact::{exact_answer, possible, worth_cleaning};
use crate::ivf::{Allowed, Care, Ivf, IvfParams, Reach};
use crate::kernel::cosine;
use crate::marks::Marks;
use crate::snapshot::{self, SnapshotError, SnapshotIdentity};
use crate::store::{SEGMENT_ROWS, Store};
use crate::top_k::TopK;
use crate::{Found, Method, SearchParams, VectorError, VectorIndex};

/// Up to this many vectors every search without a filter is exact.
pub const EXACT_LIMIT: usize = 20_000;

/// From this many vectors on, or half the exact limit if that is less, there are lists. Below,
/// scanning the full vectors takes less than half a millisecond.
const LISTS_FROM: usize = 4096;

/// New centroids are worth their time when there are this many times as many vectors.
const WORTH_TRAINING: usize = 2;

/// New centroids are chosen in the middle of an insertion when there are this many times as many
/// vectors: lists have become so long that searches suffer.
const MUST_TRAIN: usize = 8;

/// A filter's rows are scanned one by one when there are at most so many for each list. Of 100,000
/// vectors with 1,265 lists, scanning 2,000 took 0.8 of the time of the lists, and 5,000 twice as
/// long; of a million with 4,000 lists, scanning 5,000 took 0.8, and 10,000 at least twice as
/// long.
const SCATTERED: usize = 2;

/// A filter is narrow when all vectors are at least this many times as many as its rows. Reading
/// the 8-bit codes of a fifth of 100,000 took 0.7 of the time of one bit per number of all, and of
/// half of them 1.4 of it.
const NARROW: usize = 4;

/// How far beyond the expected, in spreads, lists may hold one of the best after all; see
/// [`Reach`].
const REACH: f32 = 1.7;

/// The same, under a narrow filter, for lists beyond those that a search without one reads. Few
/// are read, unless the filter's rows are less like the query than most.
const FAR_REACH: f32 = 0.7;

/// So few rows are always scanned one by one.
const FEW_ROWS: usize = 1024;

/// Chooses between exact answers and inverted lists, search by search.
///
/// Without a filter, up to [`EXACT_LIMIT`] vectors every answer is exact: all vectors are compared
/// in 8 bits, within a bound, and those that may be among the best again in full. Above, the lists
/// nearest to the query are read, with [`IvfParams`].
///
/// With a filter, few rows are scanned exactly; for more, every list is read that may hold one of
/// the best, wherever the rows lie: the share of neighbours found does not depend on what the
/// filter keeps. Of a narrow filter's rows the 8-bit codes are read at once, of a wide filter's
/// first one bit per number.
///
/// An inserted vector goes into its list at once. As the index grows, more lists serve better:
/// [`needs_catch_up`](AdaptiveIndex::needs_catch_up) says when new ones should be made, in an idle
/// moment. Without such moments an insertion does it, once in every eightfold growth.
///
/// Memory: the vectors as in [`ExactIndex`](crate::ExactIndex), in memory or mapped; and 1.125
/// bytes per number and 12 per vector in lists: 0.6 KB for vectors of 512 numbers.
pub struct AdaptiveIndex {
    pub(crate) store: Store,
    pub(crate) ivf: Option<Ivf>,
    /// The snapshot's files that are or were mapped.
    pub(crate) files: Vec<Arc<Checked>>,
    params: IvfParams,
    exact_limit: usize,
    /// How often slots were given anew.
    compactions: u64,
}

/// New lists for an index, made beside it; see [`AdaptiveIndex::prepare`].
pub struct Prepared {
    ivf: Ivf,
    compactions: u64,
}

impl AdaptiveIndex {
    /// An empty index of vectors of `dim` numbers.
    pub fn new(dim: usize) -> Self {
        Self::with_limits(dim, EXACT_LIMIT, IvfParams::default())
    }

    /// The same with another limit than [`EXACT_LIMIT`] and other lists.
    pub fn with_limits(dim: usize, exact_limit: usize, params: IvfParams) -> Self {
        let mut index = Self::over(Store::new(dim, SEGMENT_ROWS), None);
        (index.exact_limit, index.params) = (exact_limit, params);
        index
    }

    pub(crate) fn over(store: Store, ivf: Option<Ivf>) -> Self {
        let (params, exact_limit) = (IvfParams::default(), EXACT_LIMIT);
        Self { store, ivf, files: Vec::new(), params, exact_limit, compactions: 0 }
    }

    /// Loads the snapshot in `folder`, if it is exactly what is expected. Vectors and lists stay
    /// in the files, mapped; a block of theirs is compared with its checksum when it is first
    /// looked at, and answers are [`VectorError::Damaged`] from the first difference on.
    ///
    /// # Errors
    /// Every kind of [`SnapshotError`]; the index is then to be built from the catalog.
    pub fn load(folder: &Path, expected: &SnapshotIdentity) -> Result<Self, SnapshotError> {
        Ok(snapshot::read(folder, expected, Some(expected.watermark))?.0)
    }

    /// The same whatever the watermark, which comes along: for a caller who can apply the changes
    /// since. `expected.watermark` is not looked at.
    ///
    /// # Errors
    /// As [`AdaptiveIndex::load`], without `Stale`.
    pub fn load_stale(
        folder: &Path,
        expected: &SnapshotIdentity,
    ) -> Result<(Self, u64), SnapshotError> {
        snapshot::read(folder, expected, None)
    }

    /// Writes a snapshot into `folder`, which is made if absent and should hold nothing else.
    /// One save at a time per folder.
    ///
    /// Stopped at any moment, by an error or by the power, it leaves the snapshot before in
    /// place; when it returns `Ok`, the new one is durable.
    ///
    /// # Errors
    /// `Io` when the disk is full, read-only, …, or `identity.dim` is not this index's.
    pub fn save(&self, folder: &Path, identity: &SnapshotIdentity) -> Result<(), SnapshotError> {
        snapshot::save(self, folder, identity)
    }

    /// How a search without a filter is answered at present.
    pub fn method(&self) -> Method {
        if self.ivf.is_some() && self.len() > self.exact_limit {
            Method::Ivf
        } else {
            Method::Exact
        }
    }

    /// Whether [`catch_up`](AdaptiveIndex::catch_up) has something to do; takes no time.
    pub fn needs_catch_up(&self) -> bool {
        self.ivf.as_ref().is_some_and(|ivf| self.len() >= WORTH_TRAINING * ivf.trained().max(1))
    }

    /// Makes new lists for what the index holds: about 40 µs of processor time per vector at
    /// 100,000 vectors, more for more, on all threads of rayon, and as much memory as the lists
    /// there are. `None` when there is no need. Searches may go on meanwhile.
    pub fn prepare(&self) -> Option<Prepared> {
        self.needs_catch_up().then(|| Prepared {
            ivf: Ivf::build(&self.store, &self.params),
            compactions: self.compactions,
        })
    }

    /// Uses lists made before. What has changed since is brought in step; lists made before a
    /// clean-up are of no use and dropped.
    pub fn install(&mut self, prepared: Prepared) {
        if prepared.compactions == self.compactions && self.ivf.is_some() {
            self.ivf = Some(prepared.ivf);
            self.follow();
        }
    }

    /// Makes new lists if they are needed; see [`AdaptiveIndex::prepare`].
    pub fn catch_up(&mut self) {
        if let Some(prepared) = self.prepare() {
            self.install(prepared);
        }
    }

    /// Whether a file of the snapshot turned out not to be as it was written: what was read of
    /// this index may be wrong, and it is to be built from the catalog again.
    pub fn is_damaged(&self) -> bool {
        self.files.iter().any(|file| file.is_damaged())
    }

    /// Reads all of the snapshot's files and compares them with their checksums: whether they are
    /// as they were written.
    pub fn verify(&self) -> bool {
        for file in &self.files {
            let _: &[u8] = file.numbers(0..file.len());
        }
        !self.is_damaged()
    }

    /// Bytes of memory the lists take, beside what is mapped.
    pub fn lists_memory(&self) -> usize {
        self.ivf.as_ref().map_or(0, Ivf::memory)
    }

    /// Brings the lists in step with the store.
    fn follow(&mut self) {
        let live = self.len();
        match &mut self.ivf {
            None if live <= LISTS_FROM.min(self.exact_limit / 2) => {}
            Some(ivf) if live < MUST_TRAIN * ivf.trained().max(1) => ivf.extend(&self.store),
            _ => self.ivf = Some(Ivf::build(&self.store, &self.params)),
        }
    }

    /// When a quarter is dead: copies the rest together.
    fn clean_up(&mut self) {
        if worth_cleaning(&self.store) {
            self.compact();
        }
    }

    /// Lets go of the vectors that were removed or replaced: they are neither in memory nor in the
    /// next snapshot then. Copies all others; without dead ones nothing happens.
    pub fn compact(&mut self) {
        if self.store.dead() == 0 {
            return;
        }
        let slots = self.store.compacted_slots();
        self.store = self.store.compacted();
        self.compactions += 1;
        if self.store.live().is_empty() {
            self.ivf = None;
        } else if let Some(ivf) = &mut self.ivf {
            ivf.renumber(self.store.slot_count(), |slot| slots.get(slot as usize).copied()?);
        }
    }

    /// How to search the lists for `k` of `allowed` vectors; `None` when scanning the rows of the
    /// filter is quicker.
    fn care(&self, k: usize, allowed: usize, params: &SearchParams) -> Option<Care> {
        let lists = self.ivf.as_ref()?.lists().len();
        if params.filter.is_some() && allowed <= FEW_ROWS.max(SCATTERED * lists) {
            return None;
        }
        if self.method() == Method::Exact {
            return Some(Care::Certain);
        }
        let probes = self.params.probes(k, lists);
        let (nearest, far) = match (params.effort, params.filter) {
            (Some(lists), _) => (lists.max(1), None),
            (None, None) => (probes, None),
            (None, Some(_)) if self.is_narrow(allowed) => (probes, Some(FAR_REACH)),
            (None, Some(_)) => (lists, None),
        };
        let lists = Reach { nearest, near: REACH, far };
        Some(Care::Likely { lists, deviations: self.params.deviations() })
    }

    fn is_narrow(&self, allowed: usize) -> bool {
        allowed <= self.len() / NARROW
    }

    /// The slots of a filter's rows.
    fn marks(&self, rows: &RoaringBitmap) -> Marks {
        let mut marks = Marks::new(self.store.slot_count());
        for row in rows {
            if let Some(slot) = self.store.slot(row) {
                marks.mark(slot);
            }
        }
        marks
    }

    /// `None` when the lists that were read do not hold `k` allowed vectors.
    fn listed(
        &self,
        query: &[f32],
        (k, allowed): (usize, usize),
        care: Care,
        filter: Option<&RoaringBitmap>,
    ) -> Option<Found> {
        let passes = |slot: u32| {
            let row = self.store.row(slot as usize);
            row.is_some_and(|row| filter.is_none_or(|rows| rows.contains(row.0)))
        };
        let marks = filter.filter(|_| self.is_narrow(allowed)).map(|rows| self.marks(rows));
        let allowed = match (&marks, filter) {
            (Some(marks), _) => Allowed::Few(marks),
            (None, Some(_)) => Allowed::Some(&passes),
            (None, None) => Allowed::Most(&passes),
        };
        let mut top = TopK::new(k);
        for slot in self.ivf.as_ref()?.candidates(query, k, care, allowed) {
            if let Some(row) = self.store.row(slot as usize) {
                top.push(row, cosine(query, self.store.vector(slot as usize)));
            }
        }
        let (method, exact) = match care {
            Care::Certain => (Method::Exact, true),
            Care::Likely { .. } => (Method::Ivf, false),
        };
        (top.len() == k).then(|| Found { neighbours: top.into_neighbours(), method, exact })
    }
}

impl VectorIndex for AdaptiveIndex {
    fn dim(&self) -> usize {
        self.store.dim()
    }

    fn rows(&self) -> &RoaringBitmap {
        self.store.live()
    }

    fn get(&self, row: RowId) -> Option<&[f32]> {
        self.store.get(row)
    }

    fn insert_batch(&mut self, batch: &[(RowId, &[f32])]) -> Result<(), VectorError> {
        self.store.check(batch)?;
        for (row, vector) in batch {
            self.store.push(*row, vector);
        }
        // Lists first: cleaning up takes every slot to be in them.
        self.follow();
        self.clean_up();
        Ok(())
    }

    fn remove(&mut self, row: RowId) -> bool {
        let removed = self.store.remove(row);
        self.clean_up();
        removed
    }

    fn search(&self, query: &[f32], params: &SearchParams) -> Result<Found, VectorError> {
        check_vector(query, self.store.dim())?;
        let (k, allowed) = possible(&self.store, params);
        let from_lists = (k > 0)
            .then(|| self.care(k, allowed, params))
            .flatten()
            .and_then(|care| self.listed(query, (k, allowed), care, params.filter));
        let found =
            from_lists.unwrap_or_else(|| exact_answer(&self.store, query, k, params.filter));
        if self.is_damaged() { Err(VectorError::Damaged) } else { Ok(found) }
    }
}

#[cfg(test)]
mod tests;
