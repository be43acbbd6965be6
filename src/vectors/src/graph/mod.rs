//! HNSW graphs over the vectors of a store: built by hnsw_rs, walked by us.
//!
//! A graph is built over a range of slots and does not change afterwards. Vectors that come later
//! wait, and are scanned, until there are enough of them for a graph of their own; graphs that
//! are not much larger than what waits are built anew together with it. So there are few graphs,
//! each much larger than the next, and a search walks through all of them (as Lucene does with
//! its segments; the rule is the logarithmic method of Bentley and Saxe, 1980).

mod build;
mod distance;
mod links;
mod params;
mod reach;
mod walk;

use std::ops::Range;

use crate::store::Store;
pub(crate) use build::{Unbuilt, build};
pub(crate) use links::{Columns, Links};
pub use params::{GraphParams, GraphParamsError};

/// What waits is linked when it is at least this part of what is linked.
const WAITING_SHARE: usize = 32;

/// A graph is built anew with what comes after it when it is at most so many times as large.
const MERGE: usize = 2;

/// The graphs of a store, of slot ranges that follow one another from slot 0 on.
#[derive(Default)]
pub(crate) struct Graphs {
    all: Vec<Links>,
}

impl Graphs {
    /// Graphs that were built before; `None` when their ranges do not follow one another.
    pub(crate) fn over(all: Vec<Links>) -> Option<Self> {
        let mut graphs = Self::default();
        all.into_iter().all(|links| graphs.add(links)).then_some(graphs)
    }

    pub(crate) fn all(&self) -> &[Links] {
        &self.all
    }

    /// Slots below this need no scan.
    pub(crate) fn covered(&self) -> usize {
        self.all.last().map_or(0, |links| links.slots().end)
    }

    /// The slots, of `slots`, that the next graph should be built over. `None` while fewer than
    /// `least` wait, or too few beside those that are linked.
    pub(crate) fn due(&self, slots: usize, least: usize) -> Option<Range<usize>> {
        if let Some(worn) = self.all.iter().find(|links| links.is_worn()) {
            return Some(worn.slots().start..slots);
        }
        let covered = self.covered();
        let waiting = slots.saturating_sub(covered);
        if waiting < least.max(covered / WAITING_SHARE).max(1) {
            return None;
        }
        let mut first = covered;
        for links in self.all.iter().rev() {
            if links.len() > MERGE * (slots - first) {
                break;
            }
            first = links.slots().start;
        }
        Some(first..slots)
    }

    /// Takes a graph in place of those that begin where it does or later; whether it follows the
    /// others without a gap.
    pub(crate) fn add(&mut self, links: Links) -> bool {
        let first = links.slots().start;
        let kept = self.all.iter().take_while(|links| links.slots().start < first).count();
        let end = kept.checked_sub(1).map_or(0, |last| self.all[last].slots().end);
        if end == first {
            self.all.truncate(kept);
            self.all.push(links);
        }
        end == first
    }

    /// Calls `found` with slots near `query` and their cosines: of each graph up to `ef` that
    /// walking finds and all that it cannot, dead ones included. Time and memory grow with `ef`.
    pub(crate) fn candidates(
        &self,
        store: &Store,
        query: &[f32],
        ef: usize,
        mut found: impl FnMut(usize, f32),
    ) {
        for links in &self.all {
            walk::walk(links, store, query, ef, &mut found);
        }
    }

    /// Follows the store through a compaction, which gave each slot the number in `slots`, or
    /// none.
    pub(crate) fn renumber(&mut self, slots: &[Option<u32>]) {
        self.all = self.all.iter().filter_map(|links| links.renumbered(slots)).collect();
    }

    /// Bytes of memory.
    pub(crate) fn memory(&self) -> usize {
        self.all.iter().map(Links::memory).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A graph of these slots, each linked to the next.
    fn line(slots: Range<usize>) -> Links {
        let points: Vec<u32> = (0..slots.len() as u32).collect();
        let neighbours: Vec<Vec<u32>> =
            points.iter().map(|n| vec![(n + 1) % points.len() as u32]).collect();
        Links::new(slots.start, &neighbours, &points)
    }

    fn graphs(ends: &[usize]) -> Graphs {
        let starts = [0].into_iter().chain(ends.iter().copied());
        Graphs::over(starts.zip(ends).map(|(start, end)| line(start..*end)).collect()).unwrap()
    }

    #[test]
    fn enough_must_wait() {
        assert_eq!(graphs(&[]).due(99, 100), None);
        assert_eq!(graphs(&[]).due(100, 100), Some(0..100));
        assert_eq!(graphs(&[3200]).due(3299, 10), None, "a small share");
        assert_eq!(graphs(&[3200]).due(3300, 10), Some(3200..3300));
        assert_eq!(graphs(&[100]).due(100, 0), None, "nobody waits");
    }

    #[test]
    fn graphs_that_are_not_much_larger_are_built_anew_as_well() {
        assert_eq!(graphs(&[1000]).due(1499, 100), Some(1000..1499));
        assert_eq!(graphs(&[1000]).due(1500, 100), Some(0..1500));
        assert_eq!(graphs(&[10_000, 11_000]).due(11_500, 100), Some(10_000..11_500));
        assert_eq!(graphs(&[3000, 4000]).due(4500, 100), Some(0..4500), "one leads to the other");
    }

    #[test]
    fn a_new_graph_takes_the_place_of_those_it_holds() {
        let mut graphs = graphs(&[100, 150, 160]);
        assert!(graphs.add(line(100..200)));
        assert_eq!((graphs.all().len(), graphs.covered()), (2, 200));
        assert!(!graphs.add(line(250..300)), "a gap");
        assert!(!graphs.add(line(150..300)), "half of another");
        assert_eq!((graphs.all().len(), graphs.covered()), (2, 200), "refused, and no harm done");
        assert!(graphs.add(line(0..50)));
        assert_eq!((graphs.all().len(), graphs.covered()), (1, 50));
        assert!(Graphs::over(vec![line(0..5), line(6..9)]).is_none());
    }

    #[test]
    fn worn_graphs_are_built_anew() {
        let mut graphs = graphs(&[100, 200, 220]);
        let mut next = 0..;
        let alive = |slot: usize| !(100..200).contains(&slot) || slot.is_multiple_of(2);
        let slots: Vec<Option<u32>> =
            (0..230).map(|slot| alive(slot).then(|| next.next()).flatten()).collect();
        graphs.renumber(&slots);
        let ends: Vec<usize> = graphs.all().iter().map(|links| links.slots().end).collect();
        assert_eq!(ends, [100, 150, 170]);
        assert_eq!(graphs.due(180, 1000), Some(100..180));
    }
}
