//! Where finished vectors lie: fixed-size segments that never move and never change.
//!
//! Frozen stores and the one that grows read the same copy. A segment is put in place once, complete, so that
//! a shared reference to the directory is all a reader needs: no lock, no unsafe code.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use half::f16;

use crate::checked::Checked;

/// Most segments of one store. With 1,024 rows each that is 16.7 million vectors; the directory
/// itself takes half a megabyte.
const DIRECTORY: usize = 1 << 14;

/// One segment's numbers, row after row.
enum Segment {
    /// In memory.
    Owned(Box<[f16]>),
    /// In a snapshot's file, mapped: from number `start` of the file on.
    Mapped { map: Arc<Checked>, start: usize },
}

impl Segment {
    /// Numbers `part` of the segment; none when it does not have them.
    fn values(&self, part: Range<usize>) -> &[f16] {
        match self {
            Segment::Owned(values) => values.get(part).unwrap_or(&[]),
            Segment::Mapped { map, start } => {
                mapped_values(map, start + part.start..start + part.end)
            }
        }
    }
}

/// These numbers of a mapped vector file; none when it does not have them.
pub(crate) fn mapped_values(map: &Checked, numbers: Range<usize>) -> &[f16] {
    map.numbers(numbers.start * size_of::<f16>()..numbers.end * size_of::<f16>())
}

/// The directory of segments, shared between a store and its frozen copies.
pub(crate) struct Segments {
    dim: usize,
    /// Rows per segment, a power of two.
    rows: usize,
    slots: Box<[OnceLock<Segment>]>,
}

impl Segments {
    pub(crate) fn new(dim: usize, rows: usize) -> Self {
        let rows = rows.max(1).next_power_of_two();
        Self { dim, rows, slots: (0..DIRECTORY).map(|_| OnceLock::new()).collect() }
    }

    pub(crate) fn dim(&self) -> usize {
        self.dim
    }

    /// Rows per segment.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Most rows all segments can hold.
    pub(crate) fn capacity(&self) -> usize {
        DIRECTORY * self.rows
    }

    /// Puts segment `number` in place: `rows * dim` numbers. A place is filled only once; whether
    /// it was free.
    pub(crate) fn put(&self, number: usize, values: Vec<f16>) -> bool {
        debug_assert_eq!(values.len(), self.rows * self.dim);
        self.slots[number].set(Segment::Owned(values.into_boxed_slice())).is_ok()
    }

    /// Puts in place the segments that `map` holds completely, from segment 0 on; how many.
    pub(crate) fn put_mapped(&self, map: &Arc<Checked>) -> usize {
        let size = self.rows * self.dim;
        let count = (map.len() / size_of::<f16>()).checked_div(size).unwrap_or(0);
        for number in 0..count {
            let start = number * size;
            let _ = self.slots[number].set(Segment::Mapped { map: Arc::clone(map), start });
        }
        count
    }

    /// The numbers of segment `number`; none when it is not in place.
    pub(crate) fn values(&self, number: usize) -> &[f16] {
        self.part(number, 0..self.rows * self.dim)
    }

    fn part(&self, number: usize, part: Range<usize>) -> &[f16] {
        let segment = self.slots.get(number).and_then(OnceLock::get);
        segment.map_or(&[], |segment| segment.values(part))
    }

    /// The vector in `slot`; empty when its segment is not in place.
    pub(crate) fn vector(&self, slot: usize) -> &[f16] {
        let start = slot % self.rows * self.dim;
        self.part(slot / self.rows, start..start + self.dim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halves<const N: usize>(numbers: [f32; N]) -> Vec<f16> {
        numbers.map(f16::from_f32).to_vec()
    }

    #[test]
    fn a_slot_is_found_in_its_segment() {
        let segments = Segments::new(2, 2);
        assert!(segments.put(0, halves([0.0, 0.5, 1.0, 1.5])));
        assert!(segments.put(1, halves([2.0, 2.5, 3.0, 3.5])));
        assert_eq!(segments.vector(0), halves([0.0, 0.5]));
        assert_eq!(segments.vector(3), halves([3.0, 3.5]));
        assert_eq!(segments.values(1), halves([2.0, 2.5, 3.0, 3.5]));
    }

    #[test]
    fn what_is_not_in_place_is_empty() {
        let segments = Segments::new(2, 2);
        assert!(segments.vector(0).is_empty());
        assert!(segments.vector(usize::MAX).is_empty());
        assert_eq!(segments.capacity(), 2 * DIRECTORY);
    }

    #[test]
    fn a_segment_is_put_once() {
        let segments = Segments::new(1, 1);
        assert!(segments.put(0, halves([1.0])));
        assert!(!segments.put(0, halves([2.0])));
        assert_eq!(segments.vector(0), halves([1.0]));
    }
}
