//! A fixed random rotation, so that no number of a vector is larger than others by habit.

use crate::random::Random;

/// How often signs are flipped and halves mixed. After four rounds a vector with all its length
/// in one number is as evenly spread as any.
const ROUNDS: usize = 4;

/// Random signs and Hadamard transforms in turn, over vectors padded with zeros.
///
/// Lengths and angles stay as they are. Costs `ROUNDS * n * log2(n)` additions instead of the
/// `n * n` products of a matrix. CLIP embeddings have a few numbers of ten times the common size;
/// codes of one scale per vector would spend their range on those.
///
/// Source: Ailon and Chazelle 2009, "The fast Johnson-Lindenstrauss transform"; that the first
/// and the last power-of-two many numbers take turns where the length is none: the RaBitQ library.
pub(crate) struct Rotation {
    dim: usize,
    /// `dim` rounded up to a multiple of 64.
    padded: usize,
    /// `ROUNDS * padded` factors: 1 or -1, scaled to keep lengths.
    signs: Vec<f32>,
}

impl Rotation {
    /// The same for the same `dim` on every machine: snapshots depend on it.
    pub(crate) fn new(dim: usize) -> Self {
        let padded = dim.max(1).next_multiple_of(64);
        let scale = (largest_power(padded) as f32).sqrt().recip();
        let mut random = Random::new(dim as u64);
        let sign = |_| if random.next() >> 63 == 0 { scale } else { -scale };
        Self { dim, padded, signs: (0..ROUNDS * padded).map(sign).collect() }
    }

    /// Numbers of a rotated vector.
    pub(crate) fn padded(&self) -> usize {
        self.padded
    }

    /// How much further than in `padded` free directions vectors reach in the `dim` they have.
    pub(crate) fn stretch(&self) -> f32 {
        (self.padded as f32 / self.dim.max(1) as f32).sqrt()
    }

    /// Rotates a vector of `dim` numbers into `rotated`, which has [`Rotation::padded`].
    pub(crate) fn apply(&self, vector: &[f32], rotated: &mut [f32]) {
        rotated.fill(0.0);
        rotated[..self.dim].copy_from_slice(vector);
        let size = largest_power(self.padded);
        for (round, signs) in self.signs.chunks_exact(self.padded).enumerate() {
            let start = if round % 2 == 0 { 0 } else { self.padded - size };
            let mixed = &mut rotated[start..start + size];
            for (value, sign) in mixed.iter_mut().zip(signs) {
                *value *= sign;
            }
            hadamard(mixed);
        }
    }
}

fn largest_power(number: usize) -> usize {
    1 << number.ilog2()
}

/// The Walsh-Hadamard transform of a power of two many numbers, without its scale.
fn hadamard(values: &mut [f32]) {
    let mut half = values.len() / 2;
    while half > 0 {
        for pair in values.chunks_exact_mut(2 * half) {
            let (left, right) = pair.split_at_mut(half);
            for (a, b) in left.iter_mut().zip(right) {
                (*a, *b) = (*a + *b, *a - *b);
            }
        }
        half /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::dot;
    use crate::random::unit_vectors;

    fn rotated(rotation: &Rotation, vector: &[f32]) -> Vec<f32> {
        let mut out = vec![7.0; rotation.padded()];
        rotation.apply(vector, &mut out);
        out
    }

    #[test]
    fn the_transform_by_hand() {
        let mut values = [1.0, 2.0, 3.0, 4.0];
        hadamard(&mut values);
        assert_eq!(values, [10.0, -2.0, -4.0, 0.0]);
    }

    #[test]
    fn lengths_and_angles_stay() {
        for dim in [1, 2, 24, 64, 100, 512, 640, 768, 1152] {
            let rotation = Rotation::new(dim);
            let vectors = unit_vectors(&mut Random::new(3), 2, dim);
            let (a, b) = (&vectors[..dim], &vectors[dim..]);
            let (ra, rb) = (rotated(&rotation, a), rotated(&rotation, b));
            assert_eq!(ra.len(), dim.next_multiple_of(64));
            assert!((dot(&ra, &ra) - 1.0).abs() < 1e-5, "{dim}");
            assert!((dot(&ra, &rb) - dot(a, b)).abs() < 1e-5, "{dim}");
        }
    }

    #[test]
    fn one_large_number_is_spread_over_all() {
        for dim in [512, 640, 768] {
            let rotation = Rotation::new(dim);
            for place in [0, dim / 2, dim - 1] {
                let mut vector = vec![0.0; dim];
                vector[place] = 1.0;
                let largest = rotated(&rotation, &vector).iter().fold(0f32, |m, x| m.max(x.abs()));
                assert!(largest < 6.0 / (dim as f32).sqrt(), "{dim}, {place}: {largest}");
            }
        }
    }
}
