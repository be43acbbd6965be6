//! Where finished vectors lie: fixed-size segments that never move and never change.
//!
//! The graph and the scan read the same copy. A segment is put in place once, complete, so that
//! a shared reference to the directory is all a reader needs: no lock, no unsafe code.

use std::sync::{Arc, OnceLock};

use memmap2::Mmap;

/// Most segments of one store. With 1,024 rows each that is 16.7 million vectors; the directory
/// itself takes half a megabyte.
const DIRECTORY: usize = 1 << 14;

/// One segment's numbers, row after row.
enum Segment {
    /// In memory.
    Owned(Box<[f32]>),
    /// In a snapshot's file, mapped: numbers from `start` to `end`.
    Mapped { map: Arc<Mmap>, start: usize, end: usize },
}

impl Segment {
    fn values(&self) -> &[f32] {
        match self {
            Segment::Owned(values) => values,
            Segment::Mapped { map, start, end } => &mapped_values(map)[*start..*end],
        }
    }
}

/// The numbers of a mapped vector file; none when the file is not a whole number of them.
pub(crate) fn mapped_values(map: &Mmap) -> &[f32] {
    // A mapping starts at a page boundary, so alignment always fits.
    bytemuck::try_cast_slice(map).unwrap_or(&[])
}

/// The directory of segments, shared between store and graph.
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
    pub(crate) fn put(&self, number: usize, values: Vec<f32>) -> bool {
        debug_assert_eq!(values.len(), self.rows * self.dim);
        self.slots[number].set(Segment::Owned(values.into_boxed_slice())).is_ok()
    }

    /// Puts in place the segments that `map` holds completely, from segment 0 on; how many.
    pub(crate) fn put_mapped(&self, map: &Arc<Mmap>) -> usize {
        let size = self.rows * self.dim;
        let count = mapped_values(map).len().checked_div(size).unwrap_or(0);
        for number in 0..count {
            let (start, end) = (number * size, (number + 1) * size);
            let _ = self.slots[number].set(Segment::Mapped { map: Arc::clone(map), start, end });
        }
        count
    }

    /// The numbers of segment `number`; none when it is not in place.
    pub(crate) fn values(&self, number: usize) -> &[f32] {
        self.slots.get(number).and_then(OnceLock::get).map_or(&[], Segment::values)
    }

    /// The vector in `slot`; empty when its segment is not in place.
    pub(crate) fn vector(&self, slot: usize) -> &[f32] {
        let start = slot % self.rows * self.dim;
        self.values(slot / self.rows).get(start..start + self.dim).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_found_in_its_segment() {
        let segments = Segments::new(2, 2);
        assert!(segments.put(0, vec![0.0, 0.5, 1.0, 1.5]));
        assert!(segments.put(1, vec![2.0, 2.5, 3.0, 3.5]));
        assert_eq!(segments.vector(0), [0.0, 0.5]);
        assert_eq!(segments.vector(3), [3.0, 3.5]);
        assert_eq!(segments.values(1), [2.0, 2.5, 3.0, 3.5]);
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
        assert!(segments.put(0, vec![1.0]));
        assert!(!segments.put(0, vec![2.0]));
        assert_eq!(segments.vector(0), [1.0]);
    }
}
