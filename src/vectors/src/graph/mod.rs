//! hnsw_rs 0.3.5, so wrapped that it cannot take the program down.
//!
//! What its source does, and what we do about it:
//!
//! | hnsw_rs | here |
//! |---|---|
//! | copies every vector | gets slot numbers; see [`SlotDistance`] |
//! | ends the process above 256 connections | [`GraphParams`] refuses them |
//! | panics on NaN and on negative distances | [`SlotDistance`] gives neither |
//! | filtered search: can miss one of `k`, can walk the whole graph | never called: candidates are filtered afterwards, and the exact scan fills in |
//! | no delete | dead slots stay as stepping stones and are filtered out |
//! | a point inserted while there is no entry point stays alone | the first points go in one by one |
//! | a full neighbour drops a link that may be the only one to a point | lost points are found and scanned, [`strays`] |
//! | parallel inserts lock two points at a time | one layer, see below |
//! | the drop can panic (a clock set back, while logging) | dropped under `catch_unwind` |
//! | dumping and loading trust lengths, print, panic, or end the process | not called: this graph lives in memory only |
//! | `modify_level_scale`, `debug_dump`, `dump_layer_info` print to stdout | not called |
//!
//! What it logs goes through the `log` crate under the target `hnsw_rs`.
//!
//! On the paths left (`insert_slice`, `search`) nothing
//! prints, exits, or is known to panic. Should one panic all the same, it is caught, logged, and
//! the graph is not used again: answers then come from the exact scan.
//!
//! **One layer.** `insert_slice` holds a read lock on its own new point while it takes write
//! locks on neighbours, layer after layer. Two points with several layers, inserted at the same
//! time, can each wait for the other for ever. With one layer a point is only ever waited for by
//! points that became visible after it, so there is no circle. On 12,000 CLIP ViT-B/32 vectors
//! recall and speed did not suffer (16 connections, one build each; recall@10 of text queries at
//! ef 64: 0.826 with layers, 0.828 without; at ef 512: 0.967 and 0.966; duplicates counted as
//! misses). Larger sets were not compared here; arXiv 2412.01940 reports the same for many.

mod distance;
mod params;
mod strays;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hnsw_rs::hnsw::Hnsw;
use rayon::prelude::*;

use crate::segments::Segments;
use distance::{SlotDistance, query_key, slot_key};
pub use params::{GraphParams, GraphParamsError};
use strays::Strays;

type Inner = Hnsw<'static, f32, SlotDistance>;

/// Points inserted one by one at the start, so that those inserted side by side afterwards find
/// enough others to link to.
const ONE_BY_ONE: usize = 512;

/// Layers; see the module's text.
const LAYERS: usize = 1;

/// A navigable graph over the slots of [`Segments`].
pub(crate) struct Graph {
    /// `None` only while being dropped.
    inner: Option<Inner>,
    params: GraphParams,
    /// Slots below this are in the graph, or were dead when their turn came.
    covered: usize,
    strays: Strays,
    /// Set after a panic inside hnsw_rs.
    broken: AtomicBool,
}

impl Graph {
    pub(crate) fn new(segments: &Arc<Segments>, params: GraphParams) -> Self {
        let distance = SlotDistance::new(Arc::clone(segments));
        let inner = Hnsw::new(params.connections(), 0, LAYERS, params.ef_construction(), distance);
        let (strays, broken) = (Strays::default(), AtomicBool::new(false));
        Self { inner: Some(inner), params, covered: 0, strays, broken }
    }

    fn find_strays(&mut self) {
        if let Some(inner) = self.inner.as_ref() {
            let strays = &mut self.strays;
            if guarded("looking for lost points", || strays.update(inner)).is_none() {
                self.broken.store(true, Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn params(&self) -> GraphParams {
        self.params
    }

    /// Slots below this need no scan.
    pub(crate) fn covered(&self) -> usize {
        self.covered
    }

    /// Points in the graph, dead ones included.
    pub(crate) fn points(&self) -> usize {
        self.inner.as_ref().map_or(0, Hnsw::get_nb_point)
    }

    /// Whether hnsw_rs has panicked, so that this graph answers nothing any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Inserts the next slots, up to `end`; those that `is_live` denies are passed over.
    ///
    /// In no order to speak of: neighbours in time are often neighbours in space, and a graph that
    /// grows along a line has no links across.
    pub(crate) fn extend(&mut self, end: usize, is_live: impl Fn(usize) -> bool) {
        let range = self.covered..end.max(self.covered);
        let mut slots: Vec<usize> = range.clone().filter(|slot| is_live(*slot)).collect();
        slots.sort_unstable_by_key(|slot| scrambled(*slot));
        self.covered = range.end;
        let Some(inner) = self.usable() else { return };
        let start = ONE_BY_ONE.saturating_sub(inner.get_nb_point()).min(slots.len());
        let inserted = guarded("inserting", || {
            let insert = |slot: &usize| inner.insert_slice((&slot_key(*slot), *slot));
            slots[..start].iter().for_each(insert);
            slots[start..].par_iter().for_each(insert);
        });
        if inserted.is_none() {
            self.broken.store(true, Ordering::Relaxed);
        }
        self.find_strays();
    }

    /// Up to `ef` slots near `query` and those the graph has lost, ascending, each once, dead ones
    /// included.
    ///
    /// `None` when the graph is broken. Time and memory grow with `ef`.
    pub(crate) fn candidates(&self, query: &[f32], ef: usize) -> Option<Vec<usize>> {
        let inner = self.usable()?;
        let ef = ef.clamp(1, inner.get_nb_point().max(1));
        let query = query_key(query);
        let found = guarded("searching", || inner.search(&query, ef, ef));
        if found.is_none() {
            self.broken.store(true, Ordering::Relaxed);
        }
        let mut slots: Vec<usize> = found?.into_iter().map(|neighbour| neighbour.d_id).collect();
        slots.extend(self.strays.slots());
        slots.sort_unstable();
        slots.dedup();
        Some(slots)
    }

    fn usable(&self) -> Option<&Inner> {
        self.inner.as_ref().filter(|_| !self.is_broken())
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        let inner = self.inner.take();
        guarded("dropping", || drop(inner));
    }
}

/// A number that looks random but is the same in every run (Fibonacci hashing).
fn scrambled(slot: usize) -> u64 {
    (slot as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32)
}

/// Runs code of hnsw_rs; a panic is logged and becomes `None`.
///
/// The message that the panic hook prints to stderr is left alone: the hook is the program's.
fn guarded<T>(what: &str, call: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(value) => Some(value),
        Err(_) => {
            log::error!("the graph failed while {what}; searching exactly from now on");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Unit vectors around a circle, 360 of them.
    fn circle() -> Arc<Segments> {
        let segments = Segments::new(2, 512);
        let point = |n: usize| (n as f32).to_radians().sin_cos();
        let mut values: Vec<f32> = (0..360).flat_map(|n| [point(n).1, point(n).0]).collect();
        values.resize(1024, 0.0);
        segments.put(0, values);
        Arc::new(segments)
    }

    #[test]
    fn finds_every_point_of_a_circle() {
        let segments = circle();
        let mut graph = Graph::new(&segments, GraphParams::new(8, 64, 32).unwrap());
        graph.extend(360, |_| true);
        assert_eq!((graph.points(), graph.covered()), (360, 360));
        for slot in 0..360 {
            let near = graph.candidates(segments.vector(slot), 5).unwrap();
            assert!(near.contains(&slot), "{slot} of {near:?}");
        }
    }

    #[test]
    fn what_the_graph_loses_is_proposed_all_the_same() {
        let segments = circle();
        let mut graph = Graph::new(&segments, GraphParams::new(8, 64, 32).unwrap());
        // Walking around the circle is the order in which hnsw_rs loses most.
        (1..=360).for_each(|end| graph.extend(end, |_| true));
        let lost = graph.strays.slots();
        assert!(!lost.is_empty());
        let near = graph.candidates(segments.vector(90), 5).unwrap();
        assert!(lost.iter().all(|slot| near.contains(slot)), "{lost:?} in {near:?}");
    }

    #[test]
    fn dead_slots_are_passed_over() {
        let mut graph = Graph::new(&circle(), GraphParams::new(8, 64, 32).unwrap());
        graph.extend(100, |slot| slot % 2 == 0);
        assert_eq!((graph.points(), graph.covered()), (50, 100));
        graph.extend(50, |_| true);
        assert_eq!((graph.points(), graph.covered()), (50, 100), "never backwards");
    }

    #[test]
    fn an_empty_graph_finds_nothing() {
        let graph = Graph::new(&circle(), GraphParams::default());
        assert_eq!(graph.candidates(&[1.0, 0.0], 10), Some(vec![]));
    }

    #[test]
    fn a_panic_inside_is_caught_and_remembered() {
        assert_eq!(guarded("testing", || 7), Some(7));
        let mut random = Random::new(3);
        assert_eq!(guarded("testing", || [1, 2][random.below(1) + 2]), None);
        let graph = Graph::new(&circle(), GraphParams::default());
        graph.broken.store(true, Ordering::Relaxed);
        assert_eq!(graph.candidates(&[1.0, 0.0], 10), None);
    }
}
