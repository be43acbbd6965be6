//! Searching the inverted lists.

use roaring::RoaringBitmap;
use seer_types::IndexKind;

use super::SpaceIndex;
use crate::ivf::{Allowed, Care, Ivf, Reach};
use crate::kernel::cosine;
use crate::marks::Marks;
use crate::top_k::TopK;
use crate::{Found, Method, SearchParams, VectorIndex};

/// A filter's rows are scanned one by one when there are at most so many for each list. Of 100,000
/// vectors with 1,265 lists, scanning 2,000 took 0.8 of the time of the lists, and 5,000 twice as
/// long; of a million with 4,000 lists, scanning 5,000 took 0.8, and 10,000 at least twice as
/// long.
const SCATTERED: usize = 2;

/// So few rows are always scanned one by one.
const FEW_ROWS: usize = 1024;

/// A filter is narrow when all vectors are at least this many times as many as its rows. Reading
/// the 8-bit codes of a fifth of 100,000 took 0.7 of the time of one bit per number of all, and of
/// half of them 1.4 of it.
const NARROW: usize = 4;

/// How far beyond the expected, in spreads, lists may hold one of the best after all; see
/// [`Reach`].
const REACH: f32 = 1.7;

/// The same, under a filter, for lists beyond those that a search without one reads. Few are read,
/// unless the filter's rows are less like the query than most. With filters that keep half of 100,000
/// vectors, at random or the half that is unlike one of them, recall@10 was 0.991 to 0.993. With
/// 1.4 times as many of the nearest lists it was 0.994 to 0.997, in 1.3 times the time.
const FAR_REACH: f32 = 0.7;

impl SpaceIndex {
    /// The best `k` of `allowed` vectors. `None` when scanning is quicker, or the lists that were
    /// read do not hold `k` of them. `marks`: the slots that the filter allows, where somebody has them already.
    pub(super) fn search_lists(
        &self,
        ivf: &Ivf,
        kind: IndexKind,
        query: &[f32],
        (k, allowed): (usize, usize),
        params: &SearchParams,
        marks: Option<&Marks>,
    ) -> Option<Found> {
        let care = self.care(ivf, kind, (k, allowed), params)?;
        let filter = params.filter;
        let narrow = self.is_narrow(allowed);
        let own = filter.filter(|_| narrow && marks.is_none()).map(|rows| self.marks(rows));
        let marks = marks.or(own.as_ref());
        let passes = |slot: u32| {
            let row = self.store.row(slot as usize);
            row.is_some_and(|row| filter.is_none_or(|rows| rows.contains(row.0)))
        };
        let is_marked = |slot: u32| marks.is_some_and(|marks| marks.holds(slot));
        let allowed = match (marks, filter) {
            (Some(marks), _) if narrow => Allowed::Few(marks),
            (Some(_), _) => Allowed::Some(&is_marked),
            (None, Some(_)) => Allowed::Some(&passes),
            (None, None) => Allowed::Most(&passes),
        };
        let mut top = TopK::new(k);
        for slot in ivf.candidates(query, k, care, allowed) {
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

    /// How to search the lists for `k` of `allowed` vectors; `None` when scanning the rows of the
    /// filter is quicker.
    fn care(
        &self,
        ivf: &Ivf,
        kind: IndexKind,
        (k, allowed): (usize, usize),
        params: &SearchParams,
    ) -> Option<Care> {
        let lists = ivf.lists().len();
        if params.filter.is_some() && allowed <= FEW_ROWS.max(SCATTERED * lists) {
            return None;
        }
        if self.len() <= self.exact_limit(kind) {
            return Some(Care::Certain);
        }
        let probes = self.params.lists.probes(k, lists);
        let (nearest, far) = match (params.effort, params.filter) {
            (Some(lists), _) => (lists.max(1), None),
            (None, None) => (probes, None),
            (None, Some(_)) => (probes, Some(FAR_REACH)),
        };
        let lists = Reach { nearest, near: REACH, far };
        Some(Care::Likely { lists, deviations: self.params.lists.deviations() })
    }

    fn is_narrow(&self, allowed: usize) -> bool {
        allowed <= self.len() / NARROW
    }

    /// The slots of a filter's rows.
    pub(super) fn marks(&self, rows: &RoaringBitmap) -> Marks {
        let mut marks = Marks::new(self.store.slot_count());
        for row in rows {
            if let Some(slot) = self.store.slot(row) {
                marks.mark(slot);
            }
        }
        marks
    }
}
