//! Inverted lists: every vector is in the list of its nearest centroid, and a search reads the
//! lists whose centroids are nearest to the query, in three steps of growing precision.
//!
//! 1. Centroids in 8 bits put the lists in order (`search.rs`).
//! 2. One bit per number tells which vectors of a list can be among the best at all
//!    (`signs.rs`): about 2 ns per vector where the processor counts bits 512 at a time. Where a
//!    filter allows few, these are found by their marks instead.
//! 3. Those are compared in 8 bits (`bytes.rs`), with a bound on the error; what may still be
//!    among the best is compared exactly, by the caller, on the full vectors.
//!
//! There is nothing to get lost in: no vector depends on others to be found, so removing is
//! marking, a filter costs a look-up, and reading all lists in 8 bits gives the exact answer.
//!
//! Sources: inverted lists: Sivic and Zisserman 2003; one-bit codes: RaBitQ (arXiv 2405.12497).

mod bytes;
mod list;
mod params;
mod rotation;
mod search;
mod signs;
mod train;

use rayon::prelude::*;

use crate::store::Store;
use bytes::ByteQuery;
pub(crate) use list::List;
pub use params::{IvfParams, IvfParamsError};
pub(crate) use rotation::Rotation;
pub(crate) use search::{Allowed, Care, Reach};
pub(crate) use train::Centroids;
use train::Scratch;

/// Fewer vectors than this are not worth waking threads for: each takes some ten microseconds.
const PARALLEL_SLOTS: usize = 64;

/// The lists of a store's vectors.
pub(crate) struct Ivf {
    rotation: Rotation,
    centroids: Centroids,
    lists: Vec<List>,
    /// The mean factor of each list's signs: how far its vectors lie around the centroid.
    spreads: Vec<f32>,
    /// Every live slot below this is in exactly one list.
    covered: usize,
    /// Live vectors when the centroids were chosen.
    trained: usize,
}

impl Ivf {
    /// Chooses centroids for all live vectors of the store and puts these into lists. On all
    /// threads of rayon; the outcome does not depend on how many.
    pub(crate) fn build(store: &Store, params: &IvfParams) -> Self {
        let trained = store.live().len() as usize;
        let rotation = Rotation::new(store.dim());
        let centroids = train::train(store, &rotation, params.lists(trained));
        let lists = (0..centroids.len()).map(|_| List::default()).collect();
        let mut ivf = Self::over(rotation, centroids, lists, 0, trained);
        ivf.extend(store);
        ivf
    }

    /// Lists that were built before.
    pub(crate) fn over(
        rotation: Rotation,
        centroids: Centroids,
        lists: Vec<List>,
        covered: usize,
        trained: usize,
    ) -> Self {
        let spreads = lists.iter().map(spread).collect();
        Self { rotation, centroids, lists, spreads, covered, trained }
    }

    pub(crate) fn lists(&self) -> &[List] {
        &self.lists
    }

    pub(crate) fn centroids(&self) -> &Centroids {
        &self.centroids
    }

    pub(crate) fn trained(&self) -> usize {
        self.trained
    }

    /// Slots below this are in the lists.
    pub(crate) fn covered(&self) -> usize {
        self.covered
    }

    /// Numbers per rotated vector.
    pub(crate) fn width(&self) -> usize {
        self.rotation.padded()
    }

    /// Puts the slots that came since into their lists.
    pub(crate) fn extend(&mut self, store: &Store) {
        let slots: Vec<u32> = (self.covered..store.slot_count())
            .filter(|slot| store.row(*slot).is_some())
            .map(|slot| slot as u32)
            .collect();
        self.covered = store.slot_count();
        if slots.len() < PARALLEL_SLOTS {
            for slot in slots {
                self.add(store, slot);
            }
            return;
        }
        let mut placed = self.assigned(store, &slots);
        placed.par_sort_unstable();
        let (rotation, centroids) = (&self.rotation, &self.centroids);
        let lists = self.lists.par_iter_mut().zip(&mut self.spreads).enumerate();
        lists.for_each(|(number, (list, spread_of_list))| {
            let start = placed.partition_point(|(list, _)| (*list as usize) < number);
            let end = placed.partition_point(|(list, _)| (*list as usize) <= number);
            list.reserve(end - start, rotation.padded());
            let mut rotated = vec![0.0; rotation.padded()];
            for (_, slot) in &placed[start..end] {
                rotation.apply(&store.unit_vector(*slot as usize), &mut rotated);
                push_difference(list, *slot, &mut rotated, centroids.centroid(number));
            }
            *spread_of_list = spread(list);
        });
    }

    fn add(&mut self, store: &Store, slot: u32) {
        let mut rotated = vec![0.0; self.width()];
        self.rotation.apply(&store.unit_vector(slot as usize), &mut rotated);
        let number = self.centroids.nearest(&ByteQuery::new(&rotated), &mut Scratch::default());
        let list = &mut self.lists[number];
        list.reserve(1, rotated.len());
        push_difference(list, slot, &mut rotated, self.centroids.centroid(number));
        self.spreads[number] = spread(list);
    }

    /// The list of each slot, with the slot.
    fn assigned(&self, store: &Store, slots: &[u32]) -> Vec<(u32, u32)> {
        let room = || (vec![0.0; self.width()], Scratch::default());
        let nearest = |(rotated, scratch): &mut (Vec<f32>, Scratch), slot: &u32| {
            self.rotation.apply(&store.unit_vector(*slot as usize), rotated);
            (self.centroids.nearest(&ByteQuery::new(rotated), scratch) as u32, *slot)
        };
        slots.par_iter().map_init(room, nearest).collect()
    }

    /// Follows the store through [`Store::compacted`]: `slot` gives the new slot of each old one
    /// that is still alive, of `slots` now.
    pub(crate) fn renumber(&mut self, slots: usize, slot: impl Fn(u32) -> Option<u32> + Sync) {
        let width = self.width();
        self.lists.par_iter_mut().for_each(|list| list.renumber(width, &slot));
        self.covered = slots;
    }

    /// Whether every live slot below `covered` is in one list, and no slot in two or beyond.
    pub(crate) fn holds_all(&self, store: &Store) -> bool {
        let mut seen = vec![false; self.covered];
        for slot in self.lists.iter().flat_map(List::slots) {
            match seen.get_mut(*slot as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => return false,
            }
        }
        seen.iter().enumerate().all(|(slot, seen)| *seen || store.row(slot).is_none())
    }

    /// Bytes in memory and in mapped files.
    pub(crate) fn bytes(&self) -> usize {
        self.centroids.memory() + self.lists.iter().map(List::bytes).sum::<usize>()
    }

    /// Bytes of memory, beside mapped files.
    pub(crate) fn memory(&self) -> usize {
        self.centroids.memory()
            + self.lists.iter().map(|list| size_of::<List>() + list.memory()).sum::<usize>()
    }
}

/// Adds the vector to the list of `centroid`; `rotated` becomes the difference.
fn push_difference(list: &mut List, slot: u32, rotated: &mut [f32], centroid: &[f32]) {
    for (value, centre) in rotated.iter_mut().zip(centroid) {
        *value -= centre;
    }
    list.push(slot, rotated);
}

fn spread(list: &List) -> f32 {
    let sum: f32 = list.factors().iter().take(list.len()).sum();
    sum / list.len().max(1) as f32
}

#[cfg(test)]
mod tests;
