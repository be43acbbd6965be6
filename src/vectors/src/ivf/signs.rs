//! One bit per number: whether it is positive. Enough to tell which vectors need a closer look.
//!
//! Source: RaBitQ (Gao and Long, SIGMOD 2024, arXiv 2405.12497): after a random rotation the
//! signs of a vector, scaled by one factor, estimate its product with any query without bias.
//! The error is about normal; see [`SPREAD`].

use crate::kernel::{Bar, LANES, Planes};

/// The standard deviation of an estimate's error, divided by the vector's factor and the query's
/// length: `sqrt(1 - 2 / pi)`, since the signs have a cosine of `sqrt(2 / pi)` with a vector of
/// many normal numbers. On CLIP embeddings 0.60 was measured.
pub(crate) const SPREAD: f32 = 0.603;

/// Numbers in a word.
const WORD: usize = u64::BITS as usize;

/// Words for vectors of `width` numbers.
pub(crate) fn words(width: usize) -> usize {
    width / WORD
}

/// The factor by which the signs estimate `values`: squared length over sum of sizes. The
/// estimate of the product with itself is then exact.
pub(crate) fn factor(values: &[f32]) -> f32 {
    let sizes: f32 = values.iter().map(|value| value.abs()).sum();
    let square: f32 = values.iter().map(|value| value * value).sum();
    if sizes > 0.0 { square / sizes } else { 0.0 }
}

/// Writes the signs of `values` as those of vector `lane` into a block of zeros.
pub(crate) fn write(values: &[f32], block: &mut [u64], lane: usize) {
    for (word, values) in values.chunks_exact(WORD).enumerate() {
        let bit = |(place, value): (usize, &f32)| u64::from(*value > 0.0) << place;
        block[word * LANES + lane] = values.iter().enumerate().map(bit).fold(0, |all, b| all | b);
    }
}

/// A query as four-bit numbers.
pub(crate) struct SignQuery {
    planes: Planes,
    /// The size of a number's lowest bit.
    step: f32,
    /// Sum of the numbers, in steps.
    sum: f32,
}

impl SignQuery {
    /// `values` is a whole number of words.
    pub(crate) fn new(values: &[f32]) -> Self {
        let most = values.iter().fold(0f32, |most, value| most.max(value.abs()));
        let step = if most > 0.0 { most / 7.5 } else { 1.0 };
        let numbers: Vec<i32> =
            values.iter().map(|value| ((value / step).round() as i32).clamp(-8, 7)).collect();
        let plane = |numbers: &[i32], plane: usize| {
            let bit = |(place, number): (usize, &i32)| u64::from(number >> plane & 1 == 1) << place;
            numbers.iter().enumerate().map(bit).fold(0, |all, bit| all | bit)
        };
        let words = numbers.chunks_exact(WORD);
        Self {
            planes: Planes {
                words: words.map(|word| std::array::from_fn(|n| plane(word, n))).collect(),
            },
            step,
            sum: numbers.iter().sum::<i32>() as f32,
        }
    }

    pub(crate) fn planes(&self) -> &Planes {
        &self.planes
    }

    /// Lets vectors pass whose product, estimated and raised by `deviations` of its error, is at
    /// least `floor`.
    ///
    /// With bits 0 and 1 for signs -1 and 1, the product of signs and query is
    /// `step * (2 * sum over set bits - sum)`.
    pub(crate) fn bar(&self, floor: f32, deviations: f32) -> Bar {
        let offset = deviations * SPREAD - self.step * self.sum;
        Bar { step: 2.0 * self.step, offset, floor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{dot, passing};
    use crate::random::{Random, unit_vectors};

    const WIDTH: usize = 512;

    /// The estimate, found by raising the floor until the vector does not pass.
    fn estimate(query: &SignQuery, vector: &[f32]) -> f32 {
        let mut block = vec![0; LANES * words(WIDTH)];
        write(vector, &mut block, 3);
        let mut factors = [f32::NAN; LANES];
        factors[3] = factor(vector);
        let (mut low, mut high) = (-2.0, 2.0);
        while high - low > 1e-5 {
            let (middle, mut places) = ((low + high) / 2.0, Vec::new());
            passing(query.planes(), &block, &factors, query.bar(middle, 0.0), &mut places);
            if places.is_empty() { high = middle } else { low = middle }
        }
        low
    }

    #[test]
    fn the_factor_by_hand() {
        assert_eq!(factor(&[3.0, -4.0, 0.0, 0.0]), 25.0 / 7.0);
        assert_eq!(factor(&[0.0; 64]), 0.0);
    }

    #[test]
    fn estimates_are_off_by_the_stated_spread() {
        let vectors = unit_vectors(&mut Random::new(8), 400, WIDTH);
        let (mut sum, mut squares) = (0.0, 0.0);
        for pair in vectors.chunks(2 * WIDTH) {
            let (a, b) = pair.split_at(WIDTH);
            let error = (estimate(&SignQuery::new(a), b) - dot(a, b)) / factor(b);
            sum += error;
            squares += error * error;
        }
        let count = (vectors.len() / WIDTH / 2) as f32;
        assert!((sum / count).abs() < 0.15, "no bias: {}", sum / count);
        // Uniform numbers are easier than normal ones: sqrt(1 - 3 / 4) = 0.5, and the query's
        // four bits add some.
        let spread = (squares / count).sqrt();
        assert!((0.4..0.65).contains(&spread), "{spread}");
    }

    #[test]
    fn deviations_lower_the_bar() {
        let query = SignQuery::new(&[0.1; 64]);
        let (low, high) = (query.bar(0.5, 0.0), query.bar(0.5, 2.0));
        assert!((high.offset - low.offset - 2.0 * SPREAD).abs() < 1e-6);
        assert_eq!(low.floor, 0.5);
    }
}
