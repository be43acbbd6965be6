//! The numbers that stores keep of an embedding: 16-bit floats.

use half::f16;
use seer_types::{Embedding, EmbeddingError, ModelFingerprint};

/// How often rounding is repeated; with more than a few numbers once is nearly always enough.
const ROUNDS: usize = 8;

/// An embedding's numbers in half precision (IEEE 754), two bytes for each.
///
/// A unit vector's numbers are at most 1 in size; half precision keeps 11 significant bits of each,
/// so that the direction read back differs from the one written by a cosine of less than 1e-6 (in
/// practice about 5e-8), far below what separates two pictures. What [`from_half_precision`] makes of
/// these numbers has these numbers again, so that a copy of a copy is the same.
pub fn half_precision(embedding: &Embedding) -> Vec<f16> {
    let mut numbers = rounded(embedding);
    for _ in 0..ROUNDS {
        let Ok(again) = from_half_precision(embedding.model(), &numbers) else { break };
        let next = rounded(&again);
        if next == numbers {
            break;
        }
        numbers = next;
    }
    numbers
}

/// The embedding of such numbers: of unit length again.
///
/// # Errors
/// When all are zero, or one is no number.
pub fn from_half_precision(
    model: ModelFingerprint,
    numbers: &[f16],
) -> Result<Embedding, EmbeddingError> {
    Embedding::new(model, numbers.iter().map(|number| number.to_f32()).collect())
}

fn rounded(embedding: &Embedding) -> Vec<f16> {
    embedding.values().iter().map(|value| f16::from_f32(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_a_copy_is_the_same() {
        let model = ModelFingerprint([7; 16]);
        let mut seed = 5u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
        };
        let mut moved = 0;
        for dim in [1usize, 2, 3, 7, 64, 512].iter().cycle().take(600) {
            let values = (0..*dim).map(|_| next()).collect();
            let before = Embedding::new(model, values).unwrap();
            let numbers = half_precision(&before);
            moved += u32::from(numbers != rounded(&before));
            let read = from_half_precision(model, &numbers).unwrap();
            assert_eq!(half_precision(&read), numbers, "dim {dim}");
            assert!(1.0 - before.cosine(&read).unwrap() < 1e-6, "dim {dim}");
        }
        assert!(moved > 0, "rounding once is not enough for some");
    }
}
