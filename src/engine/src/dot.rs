//! Products of whole sets of embeddings, as measurements need them.

use seer_types::Embedding;

/// Sums kept side by side, which a processor adds at once.
const LANES: usize = 8;

/// The cosine of each of `among` to `query`; all of one model.
pub(crate) fn cosines(query: &Embedding, among: &[Embedding]) -> Vec<f32> {
    among.iter().map(|other| dot(query.values(), other.values())).collect()
}

/// The sum of the products of two rows of one length.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::dot;

    #[test]
    fn no_value_is_left_out() {
        for length in [0, 1, 7, 8, 9, 20] {
            let a: Vec<f32> = (0..length).map(|i| i as f32).collect();
            let expected: usize = (0..length).map(|i| i * i).sum();
            assert_eq!(dot(&a, &a), expected as f32);
        }
    }
}
