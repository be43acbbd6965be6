//! The walk through a graph: from a start to ever nearer neighbours (Malkov and Yashunin,
//! arXiv 1603.09320, algorithm 2, on one layer).

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::links::{Columns, Links};
use crate::kernel::cosine;
use crate::marks::Marks;
use crate::store::Store;

/// A point, ordered by its cosine with the query.
#[derive(Clone, Copy, PartialEq)]
struct Near {
    cosine: f32,
    point: u32,
}

impl Eq for Near {}

impl Ord for Near {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cosine.total_cmp(&other.cosine).then(other.point.cmp(&self.point))
    }
}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Gives `found` up to `ef` slots near `query`, and those that no walk reaches, each once with
/// its cosine, dead slots included.
pub(super) fn walk(
    links: &Links,
    store: &Store,
    query: &[f32],
    ef: usize,
    found: &mut impl FnMut(usize, f32),
) {
    let Columns { starts, offsets, links: targets } = links.columns();
    let first = links.slots().start;
    let near = |point: u32| {
        let vector = store.vector(first + point as usize);
        Near { cosine: cosine(query, vector), point }
    };
    let Some((start, lost)) = starts.split_first() else { return };
    let mut seen = Marks::new(links.len());
    for point in lost {
        seen.mark(*point as usize);
        found(first + *point as usize, near(*point).cosine);
    }
    seen.mark(*start as usize);
    let start = near(*start);
    let mut open = BinaryHeap::from([start]);
    let mut best = BinaryHeap::from([Reverse(start)]);
    while let Some(nearest) = open.pop() {
        let full = best.len() >= ef.max(1);
        if full && best.peek().is_some_and(|Reverse(worst)| nearest < *worst) {
            break;
        }
        let point = nearest.point as usize;
        let (from, to) = (offsets[point] as usize, offsets[point + 1] as usize);
        for target in targets[from..to].iter().filter(|target| !seen.replace(**target as usize)) {
            keep(near(*target), ef.max(1), &mut open, &mut best);
        }
    }
    for Reverse(near) in best {
        found(first + near.point as usize, near.cosine);
    }
}

/// Takes a point into both heaps when it is among the best `ef`.
fn keep(near: Near, ef: usize, open: &mut BinaryHeap<Near>, best: &mut BinaryHeap<Reverse<Near>>) {
    let worst = best.peek().filter(|_| best.len() >= ef);
    if worst.is_none_or(|Reverse(worst)| near > *worst) {
        open.push(near);
        best.push(Reverse(near));
        if best.len() > ef {
            best.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use seer_types::RowId;

    use super::*;

    /// Unit vectors around a circle, one for each degree.
    fn circle() -> Store {
        let mut store = Store::new(2, 64);
        for n in 0..360 {
            let (sin, cos) = (n as f32).to_radians().sin_cos();
            store.push(RowId(n), &[cos, sin]);
        }
        store
    }

    fn found(links: &Links, query: &[f32], ef: usize) -> Vec<usize> {
        let mut slots = Vec::new();
        walk(links, &circle(), query, ef, &mut |slot, cosine| {
            let right = crate::kernel::cosine(query, circle().vector(slot));
            assert_eq!(cosine, right);
            slots.push(slot);
        });
        slots.sort_unstable();
        slots
    }

    /// The slots from 100 on, each linked to the next and the one before.
    fn ring() -> Links {
        let of_point = |n: u32| vec![(n + 1) % 260, (n + 259) % 260];
        let neighbours: Vec<Vec<u32>> = (0..260).map(of_point).collect();
        Links::new(100, &neighbours, &(0..260).collect::<Vec<u32>>())
    }

    #[test]
    fn the_nearest_are_found_along_the_links() {
        let store = circle();
        for degree in 105..355 {
            let near = found(&ring(), &store.unit_vector(degree), 5);
            assert_eq!(near, (degree - 2..=degree + 2).collect::<Vec<_>>());
        }
        assert_eq!(found(&ring(), &store.unit_vector(0), 1), [359], "slot 0 is not in the graph");
        assert_eq!(found(&ring(), &store.unit_vector(200), 1000).len(), 260, "all, once each");
    }

    #[test]
    fn points_that_nobody_leads_to_are_given_all_the_same() {
        let neighbours = [vec![1], vec![0], vec![], vec![0]];
        let links = Links::new(0, &neighbours, &[0, 1, 3]);
        assert_eq!(found(&links, &[1.0, 0.0], 1), [0, 3], "point 2 is none");
        let nobody = Links::new(0, &[vec![], vec![]], &[]);
        assert!(found(&nobody, &[1.0, 0.0], 5).is_empty());
    }
}
