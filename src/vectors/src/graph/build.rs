//! Building a graph with hnsw_rs 0.3.5, so wrapped that it cannot take the program down.
//!
//! What its source does, and what we do about it:
//!
//! | hnsw_rs | here |
//! |---|---|
//! | copies every vector | gets slot numbers; see [`SlotDistance`] |
//! | ends the process above 256 connections | [`GraphParams`] refuses them |
//! | panics on NaN and on negative distances | [`SlotDistance`] gives neither |
//! | takes 0.6 KB per point and 60 bytes per link | the links are copied out as numbers, 4 bytes each, and it is dropped |
//! | searching locks, counts references and hashes | we walk our own copy of the links, `walk.rs` |
//! | a point inserted while there is no entry point stays alone | the first points go in one by one |
//! | a full neighbour drops a link that may be the only one to a point | lost points are found and scanned, `reach.rs` |
//! | parallel inserts lock two points at a time | one layer, see below |
//! | the drop can panic (a clock set back, while logging) | dropped under `catch_unwind` |
//! | dumping and loading trust lengths, print, panic, or end the process; a loaded graph is extended by other rules | not called: the snapshot stores our copy of the links |
//! | `modify_level_scale`, `debug_dump`, `dump_layer_info` print to stdout | not called |
//!
//! What it logs goes through the `log` crate under the target `hnsw_rs`.
//!
//! On the path left (`insert_slice`) nothing prints, exits, or is known to panic. Should it panic
//! all the same, that is caught and logged, and there is no graph: answers come from the exact
//! scan.
//!
//! **One layer.** `insert_slice` holds a read lock on its own new point while it takes write
//! locks on neighbours, layer after layer. Two points with several layers, inserted at the same
//! time, can each wait for the other for ever. With one layer a point is only ever waited for by
//! points that became visible after it, so there is no circle. On 12,000 CLIP ViT-B/32 vectors
//! recall and speed did not suffer (16 connections, one build each; recall@10 of text queries at
//! ef 64: 0.826 with layers, 0.828 without; at ef 512: 0.967 and 0.966; duplicates counted as
//! misses). Larger sets were not compared here; arXiv 2412.01940 reports the same for many.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hnsw_rs::hnsw::Hnsw;
use rayon::prelude::*;

use super::GraphParams;
use super::distance::{SlotDistance, slot_key};
use super::links::Links;
use crate::store::Store;

type Inner = Hnsw<'static, f32, SlotDistance>;

/// Points inserted one by one at the start, so that those inserted side by side afterwards find
/// enough others to link to.
const ONE_BY_ONE: usize = 512;

/// Points inserted side by side before the caller is asked whether to go on.
const STEP: usize = 512;

/// Layers; see the module's text.
const LAYERS: usize = 1;

/// Why there is no graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unbuilt {
    /// The caller wanted it no longer.
    Stopped,
    /// hnsw_rs panicked.
    Failed,
}

/// Links the live vectors of a range of slots, on all threads of rayon. Builds on several threads
/// differ from run to run.
///
/// `keep_going` hears how many vectors are linked, of how many, and says whether to go on.
///
/// # Errors
/// See [`Unbuilt`].
pub(crate) fn build(
    store: &Arc<Store>,
    range: Range<usize>,
    params: GraphParams,
    keep_going: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<Links, Unbuilt> {
    let mut slots: Vec<usize> = range.clone().filter(|slot| store.row(*slot).is_some()).collect();
    // In no order to speak of: neighbours in time are often neighbours in space, and a graph that
    // grows along a line has no links across.
    slots.sort_unstable_by_key(|slot| scrambled(*slot));
    let builder = Builder::new(store, params);
    let (first, rest) = slots.split_at(ONE_BY_ONE.min(slots.len()));
    builder.insert_in_turn(first)?;
    let mut linked = first.len();
    for step in rest.chunks(STEP) {
        if !keep_going(linked, slots.len()) {
            return Err(Unbuilt::Stopped);
        }
        builder.insert_together(step)?;
        linked += step.len();
    }
    if !keep_going(linked, slots.len()) {
        return Err(Unbuilt::Stopped);
    }
    let neighbours = builder.neighbours(&range)?;
    let points: Vec<u32> = slots.iter().map(|slot| (slot - range.start) as u32).collect();
    Ok(Links::new(range.start, &neighbours, &points))
}

/// hnsw_rs at work.
struct Builder {
    /// `None` only while being dropped.
    inner: Option<Inner>,
}

impl Builder {
    fn new(store: &Arc<Store>, params: GraphParams) -> Self {
        let distance = SlotDistance::new(store);
        let (connections, ef) = (params.connections(), params.ef_construction());
        Self { inner: Some(Hnsw::new(connections, 0, LAYERS, ef, distance)) }
    }

    fn insert_in_turn(&self, slots: &[usize]) -> Result<(), Unbuilt> {
        self.guarded("inserting", |inner| slots.iter().for_each(|slot| insert(inner, *slot)))
    }

    fn insert_together(&self, slots: &[usize]) -> Result<(), Unbuilt> {
        self.guarded("inserting", |inner| slots.par_iter().for_each(|slot| insert(inner, *slot)))
    }

    /// The links of each slot of the range, as places in the range.
    fn neighbours(&self, range: &Range<usize>) -> Result<Vec<Vec<u32>>, Unbuilt> {
        self.guarded("giving its links", |inner| {
            let mut neighbours = vec![Vec::new(); range.len()];
            for point in inner.get_point_indexation().get_layer_iterator(0) {
                let layers = point.get_neighborhood_id();
                let links = layers.into_iter().take(1).flatten();
                neighbours[point.get_origin_id() - range.start] =
                    links.map(|link| (link.d_id - range.start) as u32).collect();
            }
            neighbours
        })
    }

    fn guarded<T>(&self, what: &str, call: impl FnOnce(&Inner) -> T) -> Result<T, Unbuilt> {
        let inner = self.inner.as_ref().ok_or(Unbuilt::Failed)?;
        guarded(what, || call(inner)).ok_or(Unbuilt::Failed)
    }
}

impl Drop for Builder {
    fn drop(&mut self) {
        let inner = self.inner.take();
        guarded("dropping", || drop(inner));
    }
}

fn insert(inner: &Inner, slot: usize) {
    inner.insert_slice((&slot_key(slot), slot));
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
            log::error!("hnsw_rs failed while {what}; without a graph, searches are exact");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use seer_types::RowId;

    use super::super::walk::walk;
    use super::*;
    use crate::random::{Random, unit_vectors};

    const DIM: usize = 12;

    fn store(rows: usize) -> Arc<Store> {
        let mut store = Store::new(DIM, 64);
        let vectors = unit_vectors(&mut Random::new(1), rows, DIM);
        for (row, vector) in vectors.chunks(DIM).enumerate() {
            store.push(RowId(row as u32), vector);
        }
        (0..rows as u32).step_by(9).for_each(|row| assert!(store.remove(RowId(row))));
        store.frozen()
    }

    fn params() -> GraphParams {
        GraphParams::new(8, 64, 32).unwrap()
    }

    #[test]
    fn every_live_vector_is_found_where_it_is() {
        let store = store(1500);
        let links = build(&store, 100..1500, params(), &mut |_, _| true).unwrap();
        let live = (100..1500).filter(|slot| slot % 9 != 0);
        assert_eq!((links.slots(), links.built()), (100..1500, live.clone().count()));
        assert!(links.is_sound());
        let mut found = 0;
        for slot in live.clone() {
            walk(&links, &store, &store.unit_vector(slot), 20, &mut |near, _| {
                assert!(near >= 100 && near % 9 != 0, "{near} is not in the graph");
                found += usize::from(near == slot);
            });
        }
        assert!(found * 100 >= live.count() * 99, "{found} found");
    }

    #[test]
    fn it_can_be_watched_and_stopped() {
        let store = store(2000);
        let mut heard = Vec::new();
        let links = build(&store, 0..2000, params(), &mut |linked, of| {
            heard.push((linked, of));
            true
        });
        assert!(links.is_ok());
        assert_eq!(heard, [(512, 1777), (1024, 1777), (1536, 1777), (1777, 1777)]);
        let stopped = build(&store, 0..2000, params(), &mut |linked, _| linked < 1000);
        assert_eq!(stopped.err(), Some(Unbuilt::Stopped));
    }

    #[test]
    fn nothing_to_link_is_an_empty_graph() {
        let links = build(&store(50), 0..1, params(), &mut |_, _| true).unwrap();
        assert_eq!((links.slots(), links.built(), links.columns().starts.len()), (0..1, 0, 0));
    }

    #[test]
    fn a_panic_inside_is_caught() {
        assert_eq!(guarded("testing", || 7), Some(7));
        let mut random = Random::new(3);
        assert_eq!(guarded("testing", || [1, 2][random.below(1) + 2]), None);
        let builder = Builder::new(&store(50), params());
        let failed = builder.guarded("testing", |_| [1, 2][random.below(1) + 2]);
        assert_eq!(failed, Err(Unbuilt::Failed));
    }
}
