//! The vectors, stored once: a slot for each, and which row it belongs to.
//!
//! Slots are given out in order and never reused: replacing or removing a vector leaves a dead
//! slot behind (the graph may still pass through it) until [`Store::compacted`] copies the rest.
//! Memory per vector: `2 * dim` bytes and about 9 bytes for the maps.
//!
//! The numbers have 16 bits, as in the catalog. A unit vector that was made of such numbers, as the
//! catalog's are, is rounded to the same ones again, so nothing of it is lost; see
//! `seer_store::half_precision`.

use std::ops::Range;
use std::sync::Arc;

use half::f16;
use half::slice::HalfFloatSliceExt;
use roaring::RoaringBitmap;
use seer_types::RowId;

use crate::VectorError;
use crate::error::check_vector;
use crate::row_map::RowMap;
use crate::segments::Segments;

/// In place of a row number: the slot's vector was replaced or removed.
pub(crate) const DEAD: u32 = u32::MAX;

/// Rows of a segment, unless a test asks for less.
pub(crate) const SEGMENT_ROWS: usize = 1024;

/// Row-major vectors with their rows.
pub(crate) struct Store {
    /// Full segments, shared with frozen copies.
    segments: Arc<Segments>,
    /// How many segments are full.
    sealed: usize,
    /// Vectors after the last full segment.
    tail: Vec<f16>,
    /// Slot to row, or [`DEAD`].
    rows: Vec<u32>,
    slots: RowMap,
    live: RoaringBitmap,
}

impl Store {
    pub(crate) fn new(dim: usize, segment_rows: usize) -> Self {
        Self::over(Segments::new(dim, segment_rows), 0)
    }

    /// A store whose first `sealed` segments are in place; their rows come by [`Store::restore`].
    pub(crate) fn over(segments: Segments, sealed: usize) -> Self {
        Self {
            segments: Arc::new(segments),
            sealed,
            tail: Vec::new(),
            rows: Vec::new(),
            slots: RowMap::default(),
            live: RoaringBitmap::new(),
        }
    }

    pub(crate) fn dim(&self) -> usize {
        self.segments.dim()
    }

    /// This store as it is now, to be read while it changes. Full segments are shared, not
    /// copied; what is copied is about 13 bytes per slot and the vectors of the last segment.
    pub(crate) fn frozen(&self) -> Arc<Self> {
        Arc::new(Self {
            segments: Arc::clone(&self.segments),
            sealed: self.sealed,
            tail: self.tail.clone(),
            rows: self.rows.clone(),
            slots: self.slots.clone(),
            live: self.live.clone(),
        })
    }

    /// Rows with a vector.
    pub(crate) fn live(&self) -> &RoaringBitmap {
        &self.live
    }

    /// Slots given out, dead ones included.
    pub(crate) fn slot_count(&self) -> usize {
        self.rows.len()
    }

    /// Slots in full segments.
    fn sealed_slots(&self) -> usize {
        self.sealed * self.segments.rows()
    }

    pub(crate) fn dead(&self) -> usize {
        self.rows.len() - self.live.len() as usize
    }

    /// The row whose current vector is in `slot`.
    pub(crate) fn row(&self, slot: usize) -> Option<RowId> {
        self.rows.get(slot).copied().filter(|row| *row != DEAD).map(RowId)
    }

    /// Slot to row with [`DEAD`] marks, as snapshots store it.
    pub(crate) fn raw_rows(&self) -> &[u32] {
        &self.rows
    }

    /// The numbers of the vector in `slot`, of about unit length; none when there is no such slot.
    pub(crate) fn vector(&self, slot: usize) -> &[f16] {
        match slot.checked_sub(self.sealed_slots()) {
            None => self.segments.vector(slot),
            Some(place) => {
                self.tail.get(place * self.dim()..(place + 1) * self.dim()).unwrap_or(&[])
            }
        }
    }

    /// The vector in `slot`, of unit length; empty when there is no such slot.
    pub(crate) fn unit_vector(&self, slot: usize) -> Vec<f32> {
        unit(self.vector(slot))
    }

    /// The vectors, segment by segment and then the tail, in slot order.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &[f16]> {
        (0..self.sealed).map(|n| self.segments.values(n)).chain([self.tail.as_slice()])
    }

    pub(crate) fn slot(&self, row: u32) -> Option<usize> {
        self.slots.get(row).map(|slot| slot as usize)
    }

    /// The numbers of the vector of `row`, of about unit length.
    pub(crate) fn get(&self, row: RowId) -> Option<&[f16]> {
        self.slot(row.0).map(|slot| self.vector(slot))
    }

    /// The vector of `row`, of unit length.
    pub(crate) fn unit_vector_of(&self, row: RowId) -> Option<Vec<f32>> {
        self.slot(row.0).map(|slot| self.unit_vector(slot))
    }

    /// Checks a whole batch, so that adding it cannot fail half way.
    pub(crate) fn check(&self, batch: &[(RowId, &[f32])]) -> Result<(), VectorError> {
        for (row, vector) in batch {
            check_vector(vector, self.dim())?;
            if row.0 == DEAD {
                return Err(VectorError::ReservedRow { row: row.0 });
            }
        }
        let limit = self.segments.capacity();
        if batch.len() > limit - self.rows.len() {
            return Err(VectorError::Full { limit });
        }
        Ok(())
    }

    /// Adds or replaces a vector that [`Store::check`] has passed.
    pub(crate) fn push(&mut self, row: RowId, vector: &[f32]) {
        self.append(&rounded(vector));
        self.bind(row.0);
    }

    fn append(&mut self, vector: &[f16]) {
        let segment = self.segments.rows() * self.dim();
        if self.tail.capacity() == 0 {
            self.tail.reserve_exact(segment);
        }
        self.tail.extend_from_slice(vector);
        if self.tail.len() == segment {
            self.segments.put(self.sealed, std::mem::take(&mut self.tail));
            self.sealed += 1;
        }
    }

    /// Gives the newest slot, `rows.len()`, to `row`.
    fn bind(&mut self, row: u32) {
        let slot = self.rows.len();
        self.rows.push(row);
        if let Some(old) = self.slots.set(row, slot as u32) {
            self.rows[old as usize] = DEAD;
        }
        self.live.insert(row);
    }

    /// Forgets the vector of `row`; whether there was one.
    pub(crate) fn remove(&mut self, row: RowId) -> bool {
        let Some(slot) = self.slots.clear(row.0) else { return false };
        self.rows[slot as usize] = DEAD;
        self.live.remove(row.0)
    }

    /// Takes over the rows of a snapshot, and the vectors after its last full segment.
    /// `false` when a row occurs twice; the store is useless then.
    pub(crate) fn restore(&mut self, rows: &[u32], tail: &[f16]) -> bool {
        for vector in tail.chunks_exact(self.dim()) {
            self.append(vector);
        }
        for row in rows {
            if *row == DEAD {
                self.rows.push(DEAD);
            } else if self.live.contains(*row) {
                return false;
            } else {
                self.bind(*row);
            }
        }
        true
    }

    /// The live vectors in a new store, in the same order.
    pub(crate) fn compacted(&self) -> Self {
        let mut fresh = Self::new(self.dim(), self.segments.rows());
        for slot in 0..self.rows.len() {
            if let Some(row) = self.row(slot) {
                fresh.append(self.vector(slot));
                fresh.bind(row.0);
            }
        }
        fresh
    }

    /// Where [`Store::compacted`] puts what is in each slot.
    pub(crate) fn compacted_slots(&self) -> Vec<Option<u32>> {
        let mut next = 0..;
        self.rows.iter().map(|row| (*row != DEAD).then(|| next.next()).flatten()).collect()
    }

    /// The live rows in a range of slots, with their vectors.
    pub(crate) fn live_in(&self, slots: Range<usize>) -> impl Iterator<Item = (RowId, &[f16])> {
        slots.filter_map(|slot| Some((self.row(slot)?, self.vector(slot))))
    }
}

/// The nearest numbers of 16 bits.
pub(crate) fn rounded(vector: &[f32]) -> Vec<f16> {
    let mut numbers = vec![f16::ZERO; vector.len()];
    numbers.convert_from_f32_slice(vector);
    numbers
}

/// Scaled to unit length, in the steps of `seer_types::Embedding::new`, so that a vector of the
/// catalog is the same bit for bit.
fn unit(numbers: &[f16]) -> Vec<f32> {
    let mut values = numbers.to_f32_vec();
    let length = values.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    values.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that 16 bits hold, to tell vectors apart by.
    fn numbers(first: f32) -> [f16; 2] {
        [f16::from_f32(first), f16::ZERO]
    }

    fn filled() -> Store {
        let mut store = Store::new(2, 2);
        for row in [10, 11, 12, 13, 14] {
            store.push(RowId(row), &[row as f32, 0.0]);
        }
        store
    }

    #[test]
    fn a_vector_read_back_has_unit_length_and_is_rounded_to_the_same_numbers() {
        let mut store = Store::new(3, 2);
        store.push(RowId(1), &[0.48, 0.6, -0.64]);
        let read = store.unit_vector_of(RowId(1)).unwrap();
        let length: f32 = read.iter().map(|value| value * value).sum();
        assert!((length - 1.0).abs() < 1e-6, "{length}");
        assert!((read[0] - 0.48).abs() < 3e-4);
        assert_eq!(rounded(&read), store.get(RowId(1)).unwrap());
        assert_eq!(store.unit_vector_of(RowId(2)), None);
    }

    #[test]
    fn vectors_are_found_in_segments_and_in_the_tail() {
        let store = filled();
        assert_eq!((store.slot_count(), store.sealed_slots(), store.dead()), (5, 4, 0));
        assert_eq!(store.get(RowId(10)), Some(&numbers(10.0)[..]));
        assert_eq!(store.get(RowId(14)), Some(&numbers(14.0)[..]));
        assert_eq!(store.get(RowId(15)), None);
        assert!(store.vector(5).is_empty());
    }

    #[test]
    fn replacing_leaves_a_dead_slot() {
        let mut store = filled();
        store.push(RowId(11), &[99.0, 0.0]);
        assert_eq!(store.get(RowId(11)), Some(&numbers(99.0)[..]));
        assert_eq!((store.row(1), store.row(5)), (None, Some(RowId(11))));
        assert_eq!((store.live().len(), store.dead()), (5, 1));
    }

    #[test]
    fn removing_twice_says_so() {
        let mut store = filled();
        assert!(store.remove(RowId(12)));
        assert!(!store.remove(RowId(12)));
        assert_eq!(store.get(RowId(12)), None);
        assert_eq!((store.live().len(), store.dead()), (4, 1));
    }

    #[test]
    fn compacting_keeps_what_lives_in_order() {
        let mut store = filled();
        store.remove(RowId(10));
        store.push(RowId(12), &[7.0, 0.0]);
        let fresh = store.compacted();
        assert_eq!(fresh.raw_rows(), [11, 13, 14, 12]);
        assert_eq!(fresh.get(RowId(12)), Some(&numbers(7.0)[..]));
        assert_eq!(fresh.dead(), 0);
        assert_eq!(store.compacted_slots(), [None, Some(0), None, Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn a_frozen_store_stays_as_it_was() {
        let mut store = filled();
        let frozen = store.frozen();
        store.push(RowId(15), &[15.0, 0.0]);
        store.push(RowId(10), &[99.0, 0.0]);
        store.remove(RowId(13));
        assert_eq!(frozen.raw_rows(), [10, 11, 12, 13, 14]);
        assert_eq!(frozen.get(RowId(10)), Some(&numbers(10.0)[..]));
        assert_eq!((frozen.vector(4), frozen.vector(5)), (&numbers(14.0)[..], &[][..]));
        assert_eq!(frozen.live().len(), 5);
    }

    #[test]
    fn blocks_are_all_vectors_in_slot_order() {
        let store = filled();
        let all: Vec<f16> = store.blocks().flatten().copied().collect();
        assert_eq!(all, [10.0, 11.0, 12.0, 13.0, 14.0].map(numbers).concat());
    }

    #[test]
    fn a_row_that_occurs_twice_is_no_snapshot() {
        let mut store = Store::new(1, 2);
        assert!(!store.restore(&[3, DEAD, 3], &rounded(&[1.0, 1.0, 1.0])));
        let mut store = Store::new(1, 2);
        assert!(store.restore(&[3, DEAD, 4], &rounded(&[1.0, -1.0, 0.5])));
        assert_eq!(store.get(RowId(4)), Some(&rounded(&[0.5])[..]));
        assert_eq!(store.dead(), 1);
    }

    #[test]
    fn the_reserved_row_is_refused() {
        let store = Store::new(1, 2);
        let refused = store.check(&[(RowId(1), &[1.0]), (RowId(DEAD), &[1.0])]);
        assert_eq!(refused, Err(VectorError::ReservedRow { row: u32::MAX }));
    }
}
