//! The best `k` of many, in memory for `k`.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use seer_types::RowId;

use crate::Neighbour;

/// A neighbour ordered by how bad it is: the heap's top is the one to give up first.
#[derive(Clone, Copy, PartialEq)]
struct Badness(Neighbour);

impl Eq for Badness {}

impl Ord for Badness {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.cosine.total_cmp(&self.0.cosine).then(self.0.row.cmp(&other.0.row))
    }
}

impl PartialOrd for Badness {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Collects neighbours and keeps the best `k`: cosine descending, then row ascending.
///
/// The order is total, so the result does not depend on the order of arrival.
pub(crate) struct TopK {
    k: usize,
    heap: BinaryHeap<Badness>,
}

impl TopK {
    /// Room for `k`, which the caller has limited to the number of vectors there are.
    pub(crate) fn new(k: usize) -> Self {
        Self { k, heap: BinaryHeap::with_capacity(k.min(1024)) }
    }

    pub(crate) fn push(&mut self, row: RowId, cosine: f32) {
        let new = Badness(Neighbour { row, cosine });
        if self.heap.len() < self.k {
            self.heap.push(new);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && new < *worst
        {
            *worst = new;
        }
    }

    /// Both collections as one.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        for Badness(neighbour) in other.heap {
            self.push(neighbour.row, neighbour.cosine);
        }
        self
    }

    /// The cosine to beat: that of the worst kept, or minus infinity while there is room.
    pub(crate) fn worst(&self) -> f32 {
        match self.heap.peek() {
            Some(Badness(worst)) if self.heap.len() >= self.k => worst.cosine,
            _ => f32::NEG_INFINITY,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }

    /// Best first.
    pub(crate) fn into_neighbours(self) -> Vec<Neighbour> {
        self.heap.into_sorted_vec().into_iter().map(|Badness(neighbour)| neighbour).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(top: TopK) -> Vec<u32> {
        top.into_neighbours().iter().map(|n| n.row.0).collect()
    }

    #[test]
    fn keeps_the_best_in_order() {
        let mut top = TopK::new(3);
        for (row, cosine) in [(1, 0.1), (2, 0.9), (3, -0.5), (4, 0.5), (5, 0.7)] {
            top.push(RowId(row), cosine);
        }
        assert_eq!((top.len(), top.worst()), (3, 0.5));
        assert_eq!(rows(top), [2, 5, 4]);
    }

    #[test]
    fn equal_cosines_go_by_row_whatever_the_order_of_arrival() {
        for order in [[7, 3, 5, 1], [1, 3, 5, 7], [5, 7, 1, 3], [7, 5, 3, 1]] {
            let mut top = TopK::new(2);
            for row in order {
                top.push(RowId(row), 0.25);
            }
            assert_eq!(rows(top), [1, 3], "{order:?}");
        }
    }

    #[test]
    fn parts_merge_into_the_whole() {
        let (mut left, mut right) = (TopK::new(2), TopK::new(2));
        left.push(RowId(4), 0.4);
        left.push(RowId(9), 0.9);
        right.push(RowId(9), 0.9 - 0.2);
        right.push(RowId(8), 0.8);
        assert_eq!(rows(left.merge(right)), [9, 8]);
    }

    #[test]
    fn none_wanted_none_kept() {
        let mut top = TopK::new(0);
        top.push(RowId(1), 1.0);
        assert_eq!(TopK::new(2).worst(), f32::NEG_INFINITY);
        assert!(top.into_neighbours().is_empty());
    }
}
