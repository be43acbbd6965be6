//! Many searches at once.

use roaring::RoaringBitmap;

use super::{SpaceIndex, Structure};
use crate::error::check_vector;
use crate::exact::possible;
use crate::scan::on_threads;
use crate::scan_many::best_of_all;
use crate::top_k::TopK;
use crate::{Found, Method, SearchParams, VectorError, VectorIndex};

impl SpaceIndex {
    /// [`VectorIndex::search`] for many queries at once, each a vector with how many to return at
    /// most, all of them under one filter: the same answers, in their order.
    ///
    /// Where all vectors are compared, each is read once for all queries. Through lists and graphs
    /// every query goes its own way, on all threads; what the filter allows is looked up once for all.
    /// `effort` as in [`SearchParams`].
    ///
    /// # Errors
    /// As for one of them: a wrong length, no unit length, `Damaged`.
    pub fn search_many(
        &self,
        queries: &[(&[f32], usize)],
        filter: Option<&RoaringBitmap>,
        effort: Option<usize>,
    ) -> Result<Vec<Found>, VectorError> {
        for (query, _) in queries {
            check_vector(query, self.dim())?;
        }
        let params = |k: usize| SearchParams { k, filter, effort };
        let (_, allowed) = possible(&self.store, &params(usize::MAX));
        let queries: Vec<(&[f32], usize)> =
            queries.iter().map(|(query, k)| (*query, (*k).min(allowed))).collect();
        let mut found: Vec<Option<Found>> = match &self.structure {
            Structure::None => vec![None; queries.len()],
            structure => {
                let has_lists = matches!(structure, Structure::Lists(_));
                let marks = filter.filter(|_| has_lists).map(|rows| self.marks(rows));
                on_threads(&queries, |(query, k)| {
                    let possible = (*k, allowed);
                    self.proposed(
                        (self.kind, structure),
                        query,
                        possible,
                        &params(*k),
                        marks.as_ref(),
                    )
                })
            }
        };
        let compared = queries.iter().zip(&found).filter(|(_, found)| found.is_none());
        let compared: Vec<(&[f32], usize)> = compared.map(|(query, _)| *query).collect();
        let mut best = best_of_all(&self.store, &compared, filter).into_iter();
        let exact = |top: TopK| Found {
            neighbours: top.into_neighbours(),
            method: Method::Exact,
            exact: true,
        };
        for found in found.iter_mut().filter(|found| found.is_none()) {
            *found = best.next().map(exact);
        }
        if self.is_damaged() {
            return Err(VectorError::Damaged);
        }
        Ok(found.into_iter().flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{IndexKind, RowId};

    use super::*;
    use crate::IndexParams;
    use crate::random::{Random, unit_vectors};

    const DIM: usize = 24;
    const ROWS: usize = 6000;

    #[test]
    fn many_searches_find_what_each_finds_alone() {
        let vectors = unit_vectors(&mut Random::new(5), ROWS, DIM);
        let asked = unit_vectors(&mut Random::new(6), 64, DIM);
        let some: RoaringBitmap = (0..ROWS as u32).filter(|row| row % 3 == 1).collect();
        let narrow: RoaringBitmap = (0..ROWS as u32).step_by(5).collect();
        let few: RoaringBitmap = (0..ROWS as u32).step_by(97).collect();
        for kind in [IndexKind::Auto, IndexKind::Exact, IndexKind::Lists, IndexKind::Hnsw] {
            let small = IndexParams { exact_limit: 500, ..IndexParams::default() };
            let mut index = SpaceIndex::with_params(DIM, kind, small);
            let batch = vectors.chunks(DIM).enumerate();
            let batch: Vec<(RowId, &[f32])> =
                batch.map(|(row, vector)| (RowId(row as u32), vector)).collect();
            index.insert_batch(&batch).unwrap();
            index.catch_up();
            for row in 0..40 {
                assert!(index.remove(RowId(row * 7)));
            }
            for filter in
                [None, Some(&some), Some(&narrow), Some(&few), Some(&RoaringBitmap::new())]
            {
                let queries: Vec<(&[f32], usize)> = asked.chunks(DIM).zip(0..).collect();
                let together = index.search_many(&queries, filter, None).unwrap();
                assert_eq!(together.len(), queries.len());
                for ((query, k), found) in queries.iter().zip(together) {
                    let params = SearchParams { k: *k, filter, effort: None };
                    assert_eq!(found, index.search(query, &params).unwrap(), "{kind:?}, {k}");
                }
            }
        }
    }

    #[test]
    fn a_query_of_another_length_is_refused() {
        let index = SpaceIndex::new(2);
        let queries: [(&[f32], usize); 2] = [(&[1.0, 0.0], 1), (&[1.0], 1)];
        assert!(index.search_many(&queries, None, None).is_err());
        assert!(index.search_many(&queries[..1], None, None).unwrap()[0].neighbours.is_empty());
        assert!(index.search_many(&[], None, None).unwrap().is_empty());
    }
}
