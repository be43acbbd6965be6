//! The exact scan as an index: the reference, and the best choice for small libraries.

use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::error::check_vector;
use crate::store::{SEGMENT_ROWS, Store};
use crate::top_k::TopK;
use crate::{Found, Method, SearchParams, VectorError, VectorIndex, scan};

/// Compares the query with every allowed vector, on all cores. Always exact.
///
/// Memory: `2 * dim` bytes and about 9 more per vector. Replaced and removed vectors keep their
/// place until a quarter of all places is dead; then the rest is copied together.
pub struct ExactIndex {
    pub(crate) store: Store,
}

/// Share of dead places from which cleaning up pays: one in this many.
pub(crate) const DEAD_SHARE: usize = 4;

/// Dead places that are never worth cleaning up.
pub(crate) const FEW_DEAD: usize = SEGMENT_ROWS;

impl ExactIndex {
    /// An empty index of vectors of `dim` numbers.
    pub fn new(dim: usize) -> Self {
        Self { store: Store::new(dim, SEGMENT_ROWS) }
    }

    fn clean_up(&mut self) {
        if worth_cleaning(&self.store) {
            self.store = self.store.compacted();
        }
    }
}

/// Whether enough places are dead.
pub(crate) fn worth_cleaning(store: &Store) -> bool {
    store.dead() > FEW_DEAD && store.dead() * DEAD_SHARE > store.slot_count()
}

/// How many neighbours a search can give: `k`, but not more than there are allowed vectors.
pub(crate) fn possible(store: &Store, params: &SearchParams) -> (usize, usize) {
    let allowed = match params.filter {
        None => store.live().len(),
        Some(filter) => filter.intersection_len(store.live()),
    } as usize;
    (params.k.min(allowed), allowed)
}

/// The exact answer: the best `k` (from [`possible`]) of the allowed rows.
pub(crate) fn exact_answer(
    store: &Store,
    query: &[f32],
    k: usize,
    filter: Option<&RoaringBitmap>,
) -> Found {
    let top = match filter {
        _ if k == 0 => TopK::new(0),
        None => scan::best_of_range(store, query, k, 0..store.slot_count(), None),
        Some(filter) => scan::best_of_rows(store, query, k, &(filter & store.live())),
    };
    Found { neighbours: top.into_neighbours(), method: Method::Exact, exact: true }
}

impl VectorIndex for ExactIndex {
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
        for (row, vector) in batch {
            self.store.push(*row, vector);
        }
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
        let (k, _) = possible(&self.store, params);
        Ok(exact_answer(&self.store, query, k, params.filter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_by_hand() {
        let mut index = ExactIndex::new(2);
        index.insert(RowId(1), &[1.0, 0.0]).unwrap();
        index.insert(RowId(2), &[0.0, 1.0]).unwrap();
        index.insert(RowId(3), &[0.6, 0.8]).unwrap();
        let found =
            index.search(&[0.8, 0.6], &SearchParams { k: 2, ..Default::default() }).unwrap();
        let rows: Vec<u32> = found.neighbours.iter().map(|n| n.row.0).collect();
        assert_eq!(rows, [3, 1], "cosines 0.96 and 0.8, against 0.6");
        assert!((found.neighbours[0].cosine - 0.96).abs() < 3e-4, "0.6 and 0.8 are rounded");
        assert!(found.exact);
    }

    #[test]
    fn replaced_vectors_do_not_pile_up() {
        let mut index = ExactIndex::new(2);
        for turn in 0..4 * FEW_DEAD as u32 {
            index.insert(RowId(turn % 8), &[1.0, 0.0]).unwrap();
        }
        assert_eq!(index.len(), 8);
        assert!(index.store.slot_count() <= 2 * FEW_DEAD + 8, "{}", index.store.slot_count());
    }
}
