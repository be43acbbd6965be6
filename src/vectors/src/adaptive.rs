//! The index the engine uses: scans while that is fast, walks the graph when it is faster.

use std::path::Path;

use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::error::check_vector;
use crate::exact::{exact_answer, possible};
use crate::graph::GraphParams;
use crate::hnsw::HnswIndex;
use crate::snapshot::{self, SnapshotError, SnapshotIdentity};
use crate::store::{SEGMENT_ROWS, Store};
use crate::{Found, Method, SearchParams, VectorError, VectorIndex};

/// Up to this many vectors every search is an exact scan.
///
/// Chosen where a graph of recall@10 >= 0.99 should begin to cost less than the scan. That point
/// is extrapolated: at every size measured, the scan was still the cheaper of the two.
///
/// Measured with the data and the queries of `benches/ann.rs` (CLIP ViT-B/32 embeddings of 512
/// numbers, 12,000 images, more mixed from them, asked by 358 texts), the default graph, on one
/// AVX-512 server processor with 2 cores (AMD EPYC, Zen 4) that had other work to do, therefore
/// in milliseconds of processor time per search. Medians of five rounds, lowest and highest
/// behind; ef is the lowest of those tried (256, 384, 512, 768, 1,024, 1,280, 1,536, 2,048) that
/// reached 0.99:
///
/// | rows | ef | recall@10 | graph | scan | graph / scan |
/// |---|---|---|---|---|---|
/// | 12,000 | 384 | 0.992 | 1.6 (1.4 to 1.7) | 0.9 (0.8 to 1.1) | 1.7 |
/// | 48,000 | 1,280 | 0.993 | 8.2 (7.9 to 8.3) | 6.1 (5.4 to 6.2) | 1.35 |
/// | 96,000 | 1,536 | 0.991 | 14.7 (11.7 to 15.8) | 12.1 (11.5 to 13.2) | 1.2 |
///
/// The last column falls by about a tenth with each doubling, which leads to some 330,000 rows.
/// At the default ef it is 2.2 and 1.4 for the last two sizes, which leads to some 160,000, where
/// recall would be near 0.99. The limit lies between. What a scan takes in processor time is
/// shared by the cores, while a walk runs on one: in waiting time, scanning pays further still.
/// For a recall of 0.95 the graph is cheaper from about 12,000 rows on (0.8 at ef 128); exact
/// answers were preferred as long as they take a few hundredths of a second.
///
/// Texts are what makes walking hard, as they lie off the cone of the images.
pub const EXACT_LIMIT: usize = 200_000;

/// Most vectors that one insertion links into the graph: a second or two of one core.
const MOST_AT_ONCE: usize = 1024;

/// Chooses between the exact scan and the graph, search by search.
///
/// Up to [`EXACT_LIMIT`] vectors there is no graph at all, and every answer is exact. Above, each
/// insertion links two vectors for each one it adds (but not more than 1,024), and
/// [`catch_up`](AdaptiveIndex::catch_up) links more; those not linked yet are scanned.
///
/// A search walks the graph unless scanning is cheaper: because most vectors are not linked yet,
/// or because a filter leaves few rows (the fewer are allowed, the more a walk has to visit, and
/// the less a scan). With `n` vectors of which `m` are allowed, and `c` linked ones among these,
/// the graph answers when `c * m > EXACT_LIMIT * n`.
///
/// Memory: as [`ExactIndex`](crate::ExactIndex) below the limit, as [`HnswIndex`] above.
pub struct AdaptiveIndex {
    pub(crate) index: HnswIndex,
    exact_limit: usize,
}

impl AdaptiveIndex {
    /// An empty index of vectors of `dim` numbers.
    pub fn new(dim: usize) -> Self {
        Self::with_limits(dim, EXACT_LIMIT, GraphParams::default())
    }

    /// The same with another limit than [`EXACT_LIMIT`] and another graph.
    pub fn with_limits(dim: usize, exact_limit: usize, params: GraphParams) -> Self {
        Self::over(HnswIndex::over(Store::new(dim, SEGMENT_ROWS), params), exact_limit)
    }

    pub(crate) fn over(index: HnswIndex, exact_limit: usize) -> Self {
        Self { index, exact_limit: exact_limit.max(1) }
    }

    /// Loads the snapshot in `folder`, if it is undamaged and exactly what is expected. The
    /// vectors stay in the file, mapped.
    ///
    /// # Errors
    /// Every kind of [`SnapshotError`]; the index is then to be built from the catalog.
    pub fn load(folder: &Path, expected: &SnapshotIdentity) -> Result<Self, SnapshotError> {
        let (index, _) = snapshot::read(folder, expected, Some(expected.watermark))?;
        Ok(Self::over(index, EXACT_LIMIT))
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
        let (index, watermark) = snapshot::read(folder, expected, None)?;
        Ok((Self::over(index, EXACT_LIMIT), watermark))
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
        snapshot::save(&self.index, folder, identity)
    }

    /// How a search without a filter is answered at present.
    pub fn method(&self) -> Method {
        if self.graph_pays(self.len(), self.index.plain_ef(1, None)) {
            Method::Hnsw
        } else {
            Method::Exact
        }
    }

    /// Vectors the graph should hold but does not yet; they are scanned. Zero below the limit.
    pub fn waiting(&self) -> usize {
        if self.wants_graph() { self.index.waiting() } else { 0 }
    }

    /// Links up to `rows` waiting vectors (a few hundred a second and core); how many are left to
    /// link. For idle moments after a mass insertion or removal: otherwise insertions keep up by
    /// themselves.
    pub fn catch_up(&mut self, rows: usize) -> usize {
        if self.wants_graph() { self.index.catch_up(rows) } else { 0 }
    }

    fn wants_graph(&self) -> bool {
        self.len() > self.exact_limit || self.index.graph.points() > 0
    }

    /// Whether walking the graph is cheaper than scanning `allowed` vectors.
    ///
    /// The limit holds for the default ef; a walk with twice that visits twice as many.
    fn graph_pays(&self, allowed: usize, plain_ef: usize) -> bool {
        let slots = self.index.store.slot_count().max(1) as f64;
        let linked = allowed as f64 * self.index.graph.covered() as f64 / slots;
        let normal = self.index.graph.params().ef_search() as f64;
        let limit = self.exact_limit as f64 * plain_ef as f64 / normal;
        self.index.has_graph() && linked * allowed as f64 > limit * self.len() as f64
    }
}

impl VectorIndex for AdaptiveIndex {
    fn dim(&self) -> usize {
        self.index.dim()
    }

    fn rows(&self) -> &RoaringBitmap {
        self.index.rows()
    }

    fn get(&self, row: RowId) -> Option<&[f32]> {
        self.index.get(row)
    }

    fn insert_batch(&mut self, batch: &[(RowId, &[f32])]) -> Result<(), VectorError> {
        self.index.store.check(batch)?;
        self.index.push(batch);
        if self.wants_graph() {
            self.index.catch_up((2 * batch.len()).min(MOST_AT_ONCE));
        }
        Ok(())
    }

    fn remove(&mut self, row: RowId) -> bool {
        self.index.remove(row)
    }

    fn search(&self, query: &[f32], params: &SearchParams) -> Result<Found, VectorError> {
        let store = &self.index.store;
        check_vector(query, store.dim())?;
        let (k, allowed) = possible(store, params);
        let plain_ef = self.index.plain_ef(k, params.ef);
        let from_graph = (k > 0 && self.graph_pays(allowed, plain_ef))
            .then(|| self.index.filtered_ef(plain_ef, allowed))
            .flatten()
            .and_then(|ef| self.index.graph_answer(query, k, ef, params.filter));
        Ok(from_graph.unwrap_or_else(|| exact_answer(store, query, k, params.filter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, unit_vectors};

    const DIM: usize = 16;

    fn filled(limit: usize, rows: usize) -> (AdaptiveIndex, Vec<f32>) {
        let params = GraphParams::new(8, 40, 64).unwrap();
        let mut index = AdaptiveIndex::with_limits(DIM, limit, params);
        let vectors = unit_vectors(&mut Random::new(2), rows, DIM);
        let batch: Vec<_> =
            vectors.chunks(DIM).enumerate().map(|(row, v)| (RowId(row as u32), v)).collect();
        index.insert_batch(&batch).unwrap();
        index.catch_up(usize::MAX);
        (index, vectors)
    }

    fn method(index: &AdaptiveIndex, query: &[f32], params: &SearchParams) -> Method {
        let found = index.search(query, params).unwrap();
        assert_eq!(found.exact, found.method == Method::Exact);
        found.method
    }

    #[test]
    fn scans_below_the_limit_and_walks_above() {
        let params = SearchParams { k: 10, ..Default::default() };
        let (index, vectors) = filled(2048, 2048);
        assert_eq!(method(&index, &vectors[..DIM], &params), Method::Exact);
        assert_eq!((index.method(), index.waiting()), (Method::Exact, 0));
        let (index, vectors) = filled(2047, 2048);
        assert_eq!(method(&index, &vectors[..DIM], &params), Method::Hnsw);
        assert_eq!((index.method(), index.waiting()), (Method::Hnsw, 0));
    }

    #[test]
    fn a_large_batch_is_not_linked_at_once() {
        let (mut index, _) = filled(100, 0);
        let vectors = unit_vectors(&mut Random::new(3), 8192, DIM);
        let batch: Vec<_> =
            vectors.chunks(DIM).enumerate().map(|(row, v)| (RowId(row as u32), v)).collect();
        index.insert_batch(&batch).unwrap();
        assert_eq!((index.index.graph.covered(), index.waiting()), (1024, 7168));
        assert_eq!(index.catch_up(usize::MAX), 0);
        assert_eq!(index.waiting(), 0);
    }

    #[test]
    fn scans_while_most_vectors_wait() {
        let (mut index, _) = filled(500, 0);
        let vectors = unit_vectors(&mut Random::new(3), 2048, DIM);
        let batch: Vec<_> =
            vectors.chunks(DIM).enumerate().map(|(row, v)| (RowId(row as u32), v)).collect();
        index.index.push(&batch);
        let params = SearchParams { k: 10, ..Default::default() };
        for (more, expected) in [(500, Method::Exact), (1, Method::Hnsw)] {
            index.catch_up(more);
            assert_eq!(method(&index, &vectors[..DIM], &params), expected);
        }
    }

    #[test]
    fn scans_when_a_filter_leaves_few() {
        // 2,048 rows, limit 128: the graph from m * m > 128 * 2048, that is m > 512.
        let (index, vectors) = filled(128, 2048);
        for (allowed, expected) in [(10, Method::Exact), (512, Method::Exact), (513, Method::Hnsw)]
        {
            let filter: RoaringBitmap = (0..allowed).collect();
            let params = SearchParams { k: 10, filter: Some(&filter), ef: None };
            assert_eq!(method(&index, &vectors[..DIM], &params), expected, "{allowed} allowed");
        }
    }

    #[test]
    fn scans_when_the_walk_would_be_long() {
        let (index, vectors) = filled(128, 2048);
        let params = |k, ef| SearchParams { k, filter: None, ef };
        assert_eq!(method(&index, &vectors[..DIM], &params(10, None)), Method::Hnsw);
        assert_eq!(method(&index, &vectors[..DIM], &params(10, Some(1024))), Method::Exact);
        assert_eq!(method(&index, &vectors[..DIM], &params(600, None)), Method::Exact);
    }

    #[test]
    fn the_graph_catches_up_two_for_one() {
        let (mut index, vectors) = filled(3000, 3000);
        assert_eq!((index.index.graph.covered(), index.waiting()), (0, 0));
        for n in 0..1000u32 {
            index.insert(RowId(3000 + n), &vectors[..DIM]).unwrap();
        }
        assert_eq!(index.index.graph.covered(), 2000);
        for n in 0..600u32 {
            index.insert(RowId(4000 + n), &vectors[..DIM]).unwrap();
        }
        assert_eq!(index.index.graph.covered(), 3200, "4,600 rows, of which 4,096 in full blocks");
        assert_eq!(index.catch_up(500), 396);
        assert_eq!(index.catch_up(usize::MAX), 0);
        assert_eq!((index.index.graph.covered(), index.waiting()), (4096, 504));
    }

    #[test]
    fn a_mass_removal_starts_the_graph_anew() {
        let (mut index, vectors) = filled(100, 4096);
        for row in 0..1400 {
            index.remove(RowId(row));
        }
        assert_eq!(index.len(), 2696);
        let params = SearchParams { k: 5, ..Default::default() };
        let found = index.search(&vectors[2000 * DIM..2001 * DIM], &params).unwrap();
        assert_eq!(found.neighbours[0].row, RowId(2000));
        assert!(index.index.graph.points() < 2000, "a new graph");
        index.catch_up(usize::MAX);
        assert_eq!(index.method(), Method::Hnsw);
    }
}
