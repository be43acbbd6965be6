//! How hnsw_rs sees our vectors: by slot, without a copy of its own.

use std::sync::Arc;

use hnsw_rs::anndists::dist::distances::Distance;

use crate::kernel::cosine;
use crate::segments::Segments;

/// `max(0, 1 - cosine)`, where a slice of one number stands for the vector in that slot.
///
/// hnsw_rs copies every vector it is given. Given only the slot number (as the bits of a float),
/// it copies 4 bytes, and asks this type for distances; the numbers stay in [`Segments`], once.
/// Queries come as whole vectors. hnsw_rs asserts that distances are not negative and panics on
/// NaN: `max` gives 0 for both (rounding can make a cosine exceed 1, and NaN loses to a number).
#[derive(Clone)]
pub(crate) struct SlotDistance {
    segments: Arc<Segments>,
}

impl SlotDistance {
    pub(crate) fn new(segments: Arc<Segments>) -> Self {
        Self { segments }
    }

    fn vector<'a>(&'a self, key: &'a [f32]) -> &'a [f32] {
        match key {
            [slot] => self.segments.vector(slot.to_bits() as usize),
            query => query,
        }
    }
}

/// What hnsw_rs stores in place of the vector in `slot`.
pub(crate) fn slot_key(slot: usize) -> [f32; 1] {
    [f32::from_bits(slot as u32)]
}

/// A query as hnsw_rs gets it: longer than one number, whatever the dimension (the kernel cuts
/// the longer side).
pub(crate) fn query_key(query: &[f32]) -> Vec<f32> {
    let mut key = query.to_vec();
    if key.len() < 2 {
        key.resize(2, 0.0);
    }
    key
}

impl Distance<f32> for SlotDistance {
    fn eval(&self, a: &[f32], b: &[f32]) -> f32 {
        (1.0 - cosine(self.vector(a), self.vector(b))).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance() -> SlotDistance {
        let segments = Segments::new(2, 2);
        segments.put(0, vec![1.0, 0.0, 0.6, 0.8]);
        SlotDistance::new(Arc::new(segments))
    }

    #[test]
    fn slots_stand_for_their_vectors() {
        let distance = distance();
        assert!((distance.eval(&slot_key(0), &slot_key(1)) - 0.4).abs() < 1e-6);
        assert!((distance.eval(&query_key(&[0.0, 1.0]), &slot_key(1)) - 0.2).abs() < 1e-6);
        assert_eq!(distance.eval(&slot_key(0), &slot_key(0)), 0.0);
    }

    #[test]
    fn is_never_negative_and_never_nan() {
        let distance = distance();
        assert_eq!(distance.eval(&[1.1, 0.0], &slot_key(0)), 0.0);
        assert_eq!(distance.eval(&[f32::NAN, 0.0], &slot_key(0)), 0.0);
        assert_eq!(distance.eval(&slot_key(0), &slot_key(77)), 1.0, "a slot that is not there");
    }

    #[test]
    fn one_dimension_is_not_taken_for_a_slot() {
        let segments = Segments::new(1, 2);
        segments.put(0, vec![1.0, -1.0]);
        let distance = SlotDistance::new(Arc::new(segments));
        assert_eq!(distance.eval(&query_key(&[1.0]), &slot_key(0)), 0.0);
        assert_eq!(distance.eval(&query_key(&[1.0]), &slot_key(1)), 2.0);
    }
}
