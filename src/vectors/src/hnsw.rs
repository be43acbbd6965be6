//! The graph as an index, always completed by exact comparisons where the graph falls short.

use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::error::check_vector;
use crate::exact::{exact_answer, possible, worth_cleaning};
use crate::graph::{Graph, GraphParams};
use crate::kernel::cosine;
use crate::store::{SEGMENT_ROWS, Store};
use crate::{Found, Method, SearchParams, VectorError, VectorIndex, scan};

/// HNSW (arXiv 1603.09320) over hnsw_rs, with one layer.
///
/// Vectors enter the graph in order of insertion, once the block of 1,024 they belong to is full,
/// and at most two for each one inserted; those still waiting are scanned. So inserting takes a
/// steady time, a large batch is linked at once on all cores, and a search sees everything.
///
/// The graph only proposes candidates: cosines come from the exact scan's arithmetic. A filter is
/// applied to what it proposes, and it proposes more accordingly. Where it would have to propose
/// as many as there are allowed vectors, or has not proposed `k` of them, the exact scan answers.
/// Builds on several threads differ from run to run.
///
/// Memory per vector: `4 * dim` bytes, once, as hnsw_rs keeps no copy (it gets slot numbers); plus
/// the links, about 0.6 KB fixed and 60 bytes for each: measured 1.7 KB per vector with the default
/// parameters on CLIP embeddings, which have 18 links on average.
pub struct HnswIndex {
    pub(crate) store: Store,
    pub(crate) graph: Graph,
}

impl HnswIndex {
    /// An empty index of vectors of `dim` numbers.
    pub fn new(dim: usize) -> Self {
        Self::with_params(dim, GraphParams::default())
    }

    /// The same with other numbers.
    pub fn with_params(dim: usize, params: GraphParams) -> Self {
        Self::over(Store::new(dim, SEGMENT_ROWS), params)
    }

    /// An empty graph over a store.
    pub(crate) fn over(store: Store, params: GraphParams) -> Self {
        let graph = Graph::new(store.segments(), params);
        Self::with_graph(store, graph)
    }

    /// A graph over (at least the covered part of) a store.
    pub(crate) fn with_graph(store: Store, graph: Graph) -> Self {
        Self { store, graph }
    }

    /// Vectors that are searched by scanning because the graph does not hold them yet.
    pub fn waiting(&self) -> usize {
        self.store.slot_count() - self.graph.covered()
    }

    /// Lets up to `rows` waiting vectors into the graph; how many of those it could take in still
    /// wait. The last up to 1,023 vectors cannot.
    pub fn catch_up(&mut self, rows: usize) -> usize {
        let (covered, sealed) = (self.graph.covered(), self.store.sealed_slots());
        let end = covered.saturating_add(rows).min(sealed);
        let store = &self.store;
        self.graph.extend(end, |slot| store.row(slot).is_some());
        sealed - end
    }

    /// Adds a checked batch to the store only.
    pub(crate) fn push(&mut self, batch: &[(RowId, &[f32])]) {
        for (row, vector) in batch {
            self.store.push(*row, vector);
        }
        self.clean_up();
    }

    /// When a quarter is dead: copies the rest together and starts a new graph, which catches up
    /// with later insertions or [`HnswIndex::catch_up`]; until then, searches scan.
    fn clean_up(&mut self) {
        if worth_cleaning(&self.store) {
            *self = Self::over(self.store.compacted(), self.graph.params());
        }
    }

    /// Whether the graph holds anything to search.
    pub(crate) fn has_graph(&self) -> bool {
        self.graph.points() > 0 && !self.graph.is_broken()
    }

    /// Candidates a search without filter keeps: as asked for, else the default and at least
    /// twice `k`.
    pub(crate) fn plain_ef(&self, k: usize, asked: Option<usize>) -> usize {
        asked.unwrap_or(self.graph.params().ef_search().max(2 * k)).max(k).max(1)
    }

    /// The same, with as many more as filter and dead slots will take away when `allowed` rows
    /// may be found. `None` when that is no less than `allowed`: scanning those is quicker.
    pub(crate) fn filtered_ef(&self, plain: usize, allowed: usize) -> Option<usize> {
        let slots = self.store.slot_count();
        Some(plain.saturating_mul(slots).div_ceil(allowed.max(1))).filter(|ef| *ef < allowed)
    }

    /// `None` when the graph cannot give `k`.
    pub(crate) fn graph_answer(
        &self,
        query: &[f32],
        k: usize,
        ef: usize,
        filter: Option<&RoaringBitmap>,
    ) -> Option<Found> {
        let waiting = self.graph.covered()..self.store.slot_count();
        let mut top = scan::best_of_range(&self.store, query, k, waiting, filter);
        for slot in self.graph.candidates(query, ef)? {
            if let Some(row) = self.store.row(slot)
                && filter.is_none_or(|allowed| allowed.contains(row.0))
            {
                top.push(row, cosine(query, self.store.vector(slot)));
            }
        }
        (top.len() == k).then(|| Found {
            neighbours: top.into_neighbours(),
            method: Method::Hnsw,
            exact: false,
        })
    }
}

impl VectorIndex for HnswIndex {
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
        self.push(batch);
        self.catch_up(2 * batch.len());
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
        let from_graph = (k > 0 && self.has_graph())
            .then(|| self.filtered_ef(self.plain_ef(k, params.effort), allowed))
            .flatten()
            .and_then(|ef| self.graph_answer(query, k, ef, params.filter));
        Ok(from_graph.unwrap_or_else(|| exact_answer(&self.store, query, k, params.filter)))
    }
}
