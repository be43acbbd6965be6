//! How hnsw_rs sees our vectors: by slot, without a copy of its own.

use std::sync::Arc;

use half::f16;
use hnsw_rs::anndists::dist::distances::Distance;

use crate::kernel::cosine_of_stored;
use crate::store::Store;

/// `1 - cosine`, where a slice of one number stands for the vector in that slot.
///
/// hnsw_rs copies every vector it is given. Given only the slot number (as the bits of a float),
/// it copies 4 bytes, and asks this type for distances; the numbers stay in [`Store`], once.
/// hnsw_rs asserts that distances are not negative and panics on NaN: a cosine is at most 1, and 0 of
/// what has no direction.
pub(super) struct SlotDistance {
    store: Arc<Store>,
}

impl SlotDistance {
    pub(super) fn new(store: &Arc<Store>) -> Self {
        Self { store: Arc::clone(store) }
    }

    fn vector(&self, key: &[f32]) -> &[f16] {
        match key {
            [slot] => self.store.vector(slot.to_bits() as usize),
            _ => &[],
        }
    }
}

/// What hnsw_rs stores in place of the vector in `slot`.
pub(super) fn slot_key(slot: usize) -> [f32; 1] {
    [f32::from_bits(slot as u32)]
}

impl Distance<f32> for SlotDistance {
    fn eval(&self, a: &[f32], b: &[f32]) -> f32 {
        1.0 - cosine_of_stored(self.vector(a), self.vector(b))
    }
}

#[cfg(test)]
mod tests {
    use seer_types::RowId;

    use super::*;

    fn distance(vectors: [[f32; 2]; 3]) -> SlotDistance {
        let mut store = Store::new(2, 2);
        for (row, vector) in vectors.iter().enumerate() {
            store.push(RowId(row as u32), vector);
        }
        SlotDistance::new(&store.frozen())
    }

    #[test]
    fn slots_stand_for_their_vectors() {
        let distance = distance([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]);
        assert!((distance.eval(&slot_key(0), &slot_key(1)) - 0.4).abs() < 3e-4);
        assert!((distance.eval(&slot_key(2), &slot_key(1)) - 0.2).abs() < 3e-4);
        assert!(distance.eval(&slot_key(0), &slot_key(0)) < 1e-6);
    }

    #[test]
    fn is_never_negative_and_never_nan() {
        let distance = distance([[1.0, 0.0], [1.1, 0.0], [f32::NAN, 0.0]]);
        assert_eq!(distance.eval(&slot_key(0), &slot_key(1)), 0.0);
        let of_none = distance.eval(&slot_key(0), &slot_key(2));
        assert!((0.0..=2.0).contains(&of_none), "{of_none}");
        assert_eq!(distance.eval(&slot_key(0), &slot_key(77)), 1.0, "a slot that is not there");
    }
}
