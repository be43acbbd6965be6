//! Searching the graphs.

use super::SpaceIndex;
use crate::graph::Graphs;
use crate::{Found, Method, SearchParams, scan};

impl SpaceIndex {
    /// The best `k` of `allowed` vectors. `None` when scanning is quicker, or the graphs do not
    /// lead to `k` of them.
    pub(super) fn search_graphs(
        &self,
        graphs: &Graphs,
        query: &[f32],
        (k, allowed): (usize, usize),
        params: &SearchParams,
    ) -> Option<Found> {
        let ef = self.filtered_ef(self.plain_ef(k, params.effort), allowed)?;
        let filter = params.filter;
        let waiting = graphs.covered()..self.store.slot_count();
        let mut top = scan::best_of_range(&self.store, query, k, waiting, filter);
        graphs.candidates(&self.store, query, ef, |slot, cosine| {
            if let Some(row) = self.store.row(slot)
                && filter.is_none_or(|allowed| allowed.contains(row.0))
            {
                top.push(row, cosine);
            }
        });
        (top.len() == k).then(|| Found {
            neighbours: top.into_neighbours(),
            method: Method::Hnsw,
            exact: false,
        })
    }

    /// Candidates that a search without filter keeps of each graph: as asked for, else the
    /// default and at least twice `k`.
    fn plain_ef(&self, k: usize, asked: Option<usize>) -> usize {
        let usual = self.params.graph.ef_search().max(k.saturating_mul(2));
        asked.unwrap_or(usual).max(k).max(1)
    }

    /// The same, with as many more as filter and dead slots will take away when `allowed` rows
    /// may be found. `None` when that is no less than `allowed`: scanning those is quicker.
    fn filtered_ef(&self, plain: usize, allowed: usize) -> Option<usize> {
        let slots = self.store.slot_count();
        Some(plain.saturating_mul(slots).div_ceil(allowed.max(1))).filter(|ef| *ef < allowed)
    }
}
