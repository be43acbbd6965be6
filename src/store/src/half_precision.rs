//! The numbers that stores keep of an embedding: 16-bit floats.

use half::f16;
use seer_types::{Embedding, EmbeddingError, ModelFingerprint};

/// An embedding's numbers in half precision (IEEE 754), two bytes for each.
///
/// A unit vector's numbers are at most 1 in size; half precision keeps 11 significant bits of each,
/// so that the direction read back differs from the one written by a cosine of less than 1e-6 (in
/// practice about 5e-8), far below what separates two pictures. What [`from_half_precision`] makes of
/// these numbers has these numbers again, so that a copy of a copy is the same.
pub fn half_precision(embedding: &Embedding) -> Vec<f16> {
    // Rounding changes the length a little, and scaling back to unit length may move numbers to
    // their neighbours: nearly never, but a vector with one large number takes a dozen rounds.
    let mut seen = vec![rounded(embedding)];
    loop {
        let last = &seen[seen.len() - 1];
        let Ok(again) = from_half_precision(embedding.model(), last) else { return seen.remove(0) };
        let next = rounded(&again);
        match seen.iter().position(|numbers| *numbers == next) {
            None => seen.push(next),
            // Where rounds go in a circle, whoever enters it anywhere takes the same of it.
            Some(at) => {
                return seen.split_off(at).into_iter().min_by_key(|n| bits(n)).unwrap_or(next);
            }
        }
    }
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

fn bits(numbers: &[f16]) -> Vec<u16> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: ModelFingerprint = ModelFingerprint([7; 16]);

    /// Numbers from -0.5 to 0.5.
    fn random() -> impl FnMut() -> f32 {
        let mut seed = 5u32;
        move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
        }
    }

    /// Rounds until the numbers stay as they are.
    fn rounds(embedding: &Embedding) -> usize {
        let mut numbers = rounded(embedding);
        for round in 0..1000 {
            let next = rounded(&from_half_precision(MODEL, &numbers).unwrap());
            if next == numbers {
                return round;
            }
            numbers = next;
        }
        1000
    }

    fn assert_stays(before: &Embedding) {
        let numbers = half_precision(before);
        let read = from_half_precision(MODEL, &numbers).unwrap();
        assert_eq!(half_precision(&read), numbers, "dim {}", before.dim());
        let pairs = before.values().iter().zip(read.values());
        let cosine: f64 = pairs.map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        assert!((1.0 - cosine).abs() < 1e-6, "dim {}", before.dim());
    }

    #[test]
    fn a_copy_of_a_copy_is_the_same() {
        let mut next = random();
        let mut moved = 0;
        for dim in [1usize, 2, 3, 7, 64, 512].iter().cycle().take(600) {
            let before = Embedding::new(MODEL, (0..*dim).map(|_| next()).collect()).unwrap();
            moved += rounds(&before).min(1);
            assert_stays(&before);
        }
        assert!(moved > 0, "rounding once is not enough for some");
    }

    /// Large numbers, as CLIP's embeddings have them, bring the length off by as much as others have
    /// to the next number in half precision; these move one by one then.
    #[test]
    fn a_copy_of_a_vector_that_moves_for_many_rounds_is_the_same() {
        let mut next = random();
        let mut most = 0;
        for trial in 0..4000 {
            // Each lies above what it is rounded to, the third one by more and more.
            let third = (1638.0 + trial as f32 / 8000.0) / 4096.0;
            let large = [1536.499 / 2048.0, 2006.499 / 4096.0, third];
            let rest: Vec<f32> = (0..509).map(|_| next()).collect();
            let squares = |values: &[f32]| values.iter().map(|value| value * value).sum::<f32>();
            let scale = ((1.0 - squares(&large)) / squares(&rest)).sqrt();
            let values = large.into_iter().chain(rest.iter().map(|value| value * scale));
            let before = Embedding::new(MODEL, values.collect()).unwrap();
            most = most.max(rounds(&before));
            assert_stays(&before);
        }
        assert!(most > 8, "a few rounds are not enough for some: {most}");
    }
}
