//! Eight bits per number: one scale per vector, products within a bound that is known.

use crate::kernel::{dot_each, dot_rows};

/// What a code says in place of 0: codes are unsigned.
const ZERO: u8 = 128;

/// The largest code, positive or negative.
const LARGEST: f32 = 127.0;

/// Writes the code of `values` to `code`; its scale.
///
/// A number is about `scale * (code - 128)`, off by at most half a scale. The scale of zeros is 0.
pub(crate) fn encode(values: &[f32], code: &mut Vec<u8>) -> f32 {
    let scale = scale_of(values);
    let inverse = if scale > 0.0 { scale.recip() } else { 0.0 };
    let byte = |value: &f32| (value * inverse).round() as i8;
    code.extend(values.iter().map(|value| byte(value) as u8 ^ ZERO));
    scale
}

fn scale_of(values: &[f32]) -> f32 {
    values.iter().fold(0f32, |most, value| most.max(value.abs())) / LARGEST
}

/// How far the product of a vector of length 1 with a code can be from that with the vector
/// coded, for one scale of 1: half a scale in each of `width` numbers, after Cauchy and Schwarz.
pub(crate) fn slack(width: usize) -> f32 {
    (width as f32).sqrt() / 2.0
}

/// A vector that codes are multiplied with.
pub(crate) struct ByteQuery {
    values: Vec<i8>,
    scale: f32,
    /// What [`ZERO`] adds to every sum.
    zero: i32,
}

impl ByteQuery {
    pub(crate) fn new(values: &[f32]) -> Self {
        let scale = scale_of(values);
        let inverse = if scale > 0.0 { scale.recip() } else { 0.0 };
        let values: Vec<i8> = values.iter().map(|value| (value * inverse).round() as i8).collect();
        let zero = values.iter().map(|value| i32::from(*value)).sum::<i32>() * i32::from(ZERO);
        Self { values, scale, zero }
    }

    pub(crate) fn scale(&self) -> f32 {
        self.scale
    }

    /// Adds the vector, as far as 8 bits tell it, to `sum`.
    pub(crate) fn add_to(&self, sum: &mut [f32]) {
        for (sum, value) in sum.iter_mut().zip(&self.values) {
            *sum += f32::from(*value) * self.scale;
        }
    }

    /// Sums for [`ByteQuery::product`], one for each row of `codes`.
    pub(crate) fn sums(&self, codes: &[u8], sums: &mut [i32]) {
        dot_rows(&self.values, codes, sums);
    }

    /// The same for codes that lie anywhere.
    pub(crate) fn sums_of(&self, codes: &[&[u8]], sums: &mut [i32]) {
        dot_each(&self.values, codes, sums);
    }

    /// The product with a code of this scale, from its sum.
    pub(crate) fn product(&self, sum: i32, scale: f32) -> f32 {
        (sum - self.zero) as f32 * (self.scale * scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Random, unit_vectors};

    #[test]
    fn codes_by_hand() {
        let mut code = Vec::new();
        assert_eq!(encode(&[127.0, -127.0, 0.4, 1.6], &mut code), 1.0);
        assert_eq!(code, [255, 1, 128, 130]);
        assert_eq!(encode(&[0.0, 0.0], &mut code), 0.0);
        assert_eq!(code[4..], [128, 128]);
    }

    #[test]
    fn products_stay_within_the_bound() {
        let mut random = Random::new(5);
        for width in [64, 512, 768] {
            let vectors = unit_vectors(&mut random, 40, width);
            for pair in vectors.chunks(2 * width) {
                let (a, b) = pair.split_at(width);
                let mut code = Vec::new();
                let (query, scale) = (ByteQuery::new(a), encode(b, &mut code));
                let mut sums = [0];
                query.sums(&code, &mut sums);
                let exact: f64 = a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
                let error = (f64::from(query.product(sums[0], scale)) - exact).abs();
                // The code's error and, as b has length 1 and its code hardly more, the query's.
                let bound = slack(width) * (scale + 1.01 * query.scale());
                assert!(error <= f64::from(bound), "{width}: {error} above {bound}");
                assert!(error < 0.002, "{width}: {error} is far above what is usual");
            }
        }
    }
}
