//! The index the engine holds for a space: one store of vectors, and the kind of index that a
//! person chose for it.

mod catch_up;
mod graph_search;
mod list_search;
mod many;

use std::path::Path;
use std::sync::Arc;

use roaring::RoaringBitmap;
use seer_types::{IndexKind, RowId};

use crate::checked::Checked;
use crate::error::check_vector;
use crate::exact::{exact_answer, possible, worth_cleaning};
use crate::graph::{GraphParams, Graphs};
use crate::ivf::{Ivf, IvfParams};
use crate::marks::Marks;
use crate::snapshot::{self, SnapshotError, SnapshotIdentity};
use crate::store::{SEGMENT_ROWS, Store};
use crate::{Found, Method, SearchParams, VectorError, VectorIndex};
pub use catch_up::{Preparation, Prepared};

/// Up to this many vectors every search of an index of kind `auto` is exact, unless there is a
/// filter.
pub const EXACT_LIMIT: usize = 20_000;

/// The same for kind `lists`.
const LISTS_EXACT_LIMIT: usize = 1024;

/// Above this many vectors, or half the exact limit if that is less, there are lists or graphs.
/// Below, scanning the full vectors takes less than half a millisecond.
const STRUCTURE_FROM: usize = 4096;

/// The numbers of an index.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct IndexParams {
    /// Up to this many vectors kind `auto` answers exactly; half of it limits how many vectors
    /// any kind may hold without lists or graphs.
    pub exact_limit: usize,
    /// How lists are made and read.
    pub lists: IvfParams,
    /// How graphs are built and searched.
    pub graph: GraphParams,
}

impl Default for IndexParams {
    fn default() -> Self {
        let (lists, graph) = (IvfParams::default(), GraphParams::default());
        Self { exact_limit: EXACT_LIMIT, lists, graph }
    }
}

/// What is there beside the vectors.
pub(crate) enum Structure {
    /// Nothing: vectors are scanned.
    None,
    Lists(Ivf),
    Graphs(Graphs),
}

impl Structure {
    /// Bytes in memory and in mapped files.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Structure::None => 0,
            Structure::Lists(ivf) => ivf.bytes(),
            Structure::Graphs(graphs) => graphs.memory(),
        }
    }
}

/// The vectors of a space, indexed in the way that its [`IndexKind`] says.
///
/// | kind | searches without a filter |
/// |---|---|
/// | `auto` | exact up to [`EXACT_LIMIT`] vectors, inverted lists above |
/// | `exact` | every vector is compared; nothing is kept beside the vectors |
/// | `lists` | exact up to 1,024 vectors, inverted lists above |
/// | `hnsw` | exact up to 4,096 vectors, HNSW graphs above; vectors that are not linked yet are scanned beside them |
///
/// Under a filter that leaves few vectors, every kind compares these. Whatever the kind, an
/// answer has as many neighbours as were asked for, or as many as the filter allows, and cosines
/// are those of the exact scan.
///
/// **Exact** answers of `auto` compare all vectors in 8 bits, within a bound, and those that may
/// be among the best again in full, once there are lists.
///
/// **Lists** ([`IvfParams`]): the lists nearest to the query are read; under a filter also further
/// lists that are likely to hold one of the best, wherever the rows lie, so that the share of
/// neighbours found hardly depends on what the filter keeps. An inserted vector goes into its list
/// at once.
/// Memory: 1.125 bytes per number and 12 per vector.
///
/// **Graphs** ([`GraphParams`]; arXiv 1603.09320) are built with hnsw_rs and walked by us. They
/// propose candidates, more when a filter takes some away; where they would have to propose as
/// many as there are allowed vectors, or have not proposed enough of them, the exact scan answers.
/// Memory: 4 bytes per link and 4 per vector; measured about 80 per vector with the default
/// parameters on CLIP embeddings. While a graph is built, hnsw_rs takes 1.7 KB for each of its
/// vectors.
///
/// **The work of indexing** is not done in the calls that insert, except for the first lists and
/// for lists that have become eight times too long: [`needs_catch_up`](SpaceIndex::needs_catch_up)
/// says when there is some, [`preparation`](SpaceIndex::preparation) takes it out to be done
/// beside the index, and [`install`](SpaceIndex::install) uses the result. Until then searches
/// are answered as before, and see every vector.
pub struct SpaceIndex {
    pub(crate) store: Store,
    kind: IndexKind,
    pub(crate) structure: Structure,
    /// The snapshot's files that are or were mapped.
    pub(crate) files: Vec<Arc<Checked>>,
    /// The snapshot's graphs could not be used.
    pub(crate) lost_graphs: bool,
    /// The snapshot has an earlier format.
    pub(crate) is_older: bool,
    params: IndexParams,
    /// How often slots were given anew.
    compactions: u64,
    /// The new number of each slot when that happened last; none for those that went.
    moved: Vec<Option<u32>>,
    /// hnsw_rs has failed; it is not tried again before the kind is set.
    graph_failed: bool,
}

impl SpaceIndex {
    /// An empty index of vectors of `dim` numbers, of kind `auto`.
    pub fn new(dim: usize) -> Self {
        Self::with_kind(dim, IndexKind::Auto)
    }

    /// An empty index of vectors of `dim` numbers.
    pub fn with_kind(dim: usize, kind: IndexKind) -> Self {
        Self::with_params(dim, kind, IndexParams::default())
    }

    /// The same with other numbers. A snapshot does not keep these: it is loaded with the default
    /// ones.
    pub fn with_params(dim: usize, kind: IndexKind, params: IndexParams) -> Self {
        let store = Store::new(dim, SEGMENT_ROWS);
        Self { params, ..Self::over(store, kind, Structure::None) }
    }

    pub(crate) fn over(store: Store, kind: IndexKind, structure: Structure) -> Self {
        Self {
            store,
            kind,
            structure,
            files: Vec::new(),
            lost_graphs: false,
            is_older: false,
            params: IndexParams::default(),
            compactions: 0,
            moved: Vec::new(),
            graph_failed: false,
        }
    }

    /// Loads the snapshot in `folder`, if it is exactly what is expected. Vectors and lists stay
    /// in the files; a block of theirs is compared with its checksum when it is first looked at,
    /// and answers are [`VectorError::Damaged`] from the first difference on. Graphs are compared
    /// at once; damaged ones are left out, with a notice in the log, and are to be built again
    /// ([`needs_catch_up`](SpaceIndex::needs_catch_up)).
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
    /// As [`SpaceIndex::load`], without `Stale`.
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

    /// How the vectors are to be indexed. What [`method`](SpaceIndex::method) says may lag behind.
    pub fn kind(&self) -> IndexKind {
        self.kind
    }

    /// Chooses another kind over the same vectors; takes no time.
    ///
    /// Lists or graphs of the kind before answer until new ones are installed; they go at once
    /// where the new kind needs none.
    pub fn set_kind(&mut self, kind: IndexKind) {
        self.kind = kind;
        self.graph_failed = false;
        if kind == IndexKind::Exact || self.len() <= self.structure_from(kind) {
            self.structure = Structure::None;
        }
    }

    /// How a search without a filter is answered at present.
    pub fn method(&self) -> Method {
        match &self.structure {
            Structure::Lists(_) if self.len() > self.exact_limit(self.kind) => Method::Ivf,
            Structure::Graphs(_) => Method::Hnsw,
            Structure::Lists(_) | Structure::None => Method::Exact,
        }
    }

    /// Whether a file of the snapshot turned out not to be as it was written: what was read of
    /// this index may be wrong, and it is to be built from the catalog again. Damaged graphs do
    /// not count: nothing is read of them.
    pub fn is_damaged(&self) -> bool {
        self.files.iter().any(|file| file.is_damaged())
    }

    /// Whether it was loaded from a snapshot in an earlier format, which takes time at every start:
    /// it is worth saving even where nothing has changed.
    pub fn is_older(&self) -> bool {
        self.is_older
    }

    /// Reads all of the snapshot's files and compares them with their checksums: whether they,
    /// graphs included, are as they were written.
    pub fn verify(&self) -> bool {
        for file in &self.files {
            let _: &[u8] = file.numbers(0..file.len());
        }
        !self.lost_graphs && !self.is_damaged()
    }

    /// Bytes of memory the lists take, beside what is in the snapshot's files.
    pub fn lists_memory(&self) -> usize {
        self.lists().map_or(0, Ivf::memory)
    }

    /// Bytes of memory the graphs take.
    pub fn graph_memory(&self) -> usize {
        self.graphs().map_or(0, Graphs::memory)
    }

    pub(crate) fn lists(&self) -> Option<&Ivf> {
        if let Structure::Lists(ivf) = &self.structure { Some(ivf) } else { None }
    }

    pub(crate) fn graphs(&self) -> Option<&Graphs> {
        if let Structure::Graphs(graphs) = &self.structure { Some(graphs) } else { None }
    }

    /// Up to so many vectors a search without a filter is exact although there are lists.
    fn exact_limit(&self, kind: IndexKind) -> usize {
        match kind {
            IndexKind::Lists => self.params.exact_limit.min(LISTS_EXACT_LIMIT),
            _ => self.params.exact_limit,
        }
    }

    /// Above so many vectors an index of this kind has lists or graphs.
    fn structure_from(&self, kind: IndexKind) -> usize {
        STRUCTURE_FROM.min(self.exact_limit(kind) / 2)
    }

    /// When a quarter is dead: copies the rest together.
    fn clean_up(&mut self) {
        if worth_cleaning(&self.store) {
            self.compact();
        }
    }

    /// Lets go of the vectors that were removed or replaced: they are neither in memory nor in the
    /// next snapshot then. Copies all others; without dead ones nothing happens. Lists and graphs
    /// stay, without those that went.
    pub fn compact(&mut self) {
        if self.store.dead() == 0 {
            return;
        }
        let slots = self.store.compacted_slots();
        self.store = self.store.compacted();
        let count = self.store.slot_count();
        match &mut self.structure {
            Structure::None => {}
            Structure::Lists(ivf) => {
                ivf.renumber(count, |slot| slots.get(slot as usize).copied()?);
            }
            Structure::Graphs(graphs) => graphs.renumber(&slots),
        }
        if count == 0 || self.graphs().is_some_and(|graphs| graphs.covered() == 0) {
            self.structure = Structure::None;
        }
        self.compactions += 1;
        self.moved = slots;
    }

    /// Answers as an index of this kind with this structure over the same vectors would.
    pub(crate) fn search_as(
        &self,
        (kind, structure): (IndexKind, &Structure),
        query: &[f32],
        params: &SearchParams,
    ) -> Result<Found, VectorError> {
        check_vector(query, self.store.dim())?;
        let (k, allowed) = possible(&self.store, params);
        let proposed = self.proposed((kind, structure), query, (k, allowed), params, None);
        let found = proposed.unwrap_or_else(|| exact_answer(&self.store, query, k, params.filter));
        if self.is_damaged() { Err(VectorError::Damaged) } else { Ok(found) }
    }

    /// What lists or graphs say; `None` where all allowed vectors are to be compared. `marks`: the slots that the
    /// filter allows, where somebody has them already.
    fn proposed(
        &self,
        (kind, structure): (IndexKind, &Structure),
        query: &[f32],
        (k, allowed): (usize, usize),
        params: &SearchParams,
        marks: Option<&Marks>,
    ) -> Option<Found> {
        match structure {
            Structure::None => None,
            _ if k == 0 => None,
            Structure::Lists(ivf) => {
                self.search_lists(ivf, kind, query, (k, allowed), params, marks)
            }
            Structure::Graphs(graphs) => self.search_graphs(graphs, query, (k, allowed), params),
        }
    }
}

impl VectorIndex for SpaceIndex {
    fn dim(&self) -> usize {
        self.store.dim()
    }

    fn rows(&self) -> &RoaringBitmap {
        self.store.live()
    }

    fn get(&self, row: RowId) -> Option<Vec<f32>> {
        self.store.unit_vector_of(row)
    }

    fn insert_batch(&mut self, batch: &[(RowId, &[f32])]) -> Result<(), VectorError> {
        self.store.check(batch)?;
        let before = self.len();
        for (row, vector) in batch {
            self.store.push(*row, vector);
        }
        // Lists first: cleaning up takes every slot to be in them.
        self.follow(before);
        self.clean_up();
        Ok(())
    }

    fn remove(&mut self, row: RowId) -> bool {
        let removed = self.store.remove(row);
        self.clean_up();
        removed
    }

    fn search(&self, query: &[f32], params: &SearchParams) -> Result<Found, VectorError> {
        self.search_as((self.kind, &self.structure), query, params)
    }
}

#[cfg(test)]
mod tests;
