//! Layer normalisation.

use crate::activation::add;
use crate::team::share;
use crate::{pieces, reduce, vectorised};

/// Rows per parallel piece, about.
const ROWS: usize = 32;

/// Every row of `values` (as long as `weight`) to mean 0 and variance 1, times `weight`, plus
/// `bias`. `eps` is added to the variance. (Ba, Kiros, Hinton: Layer Normalization, 2016.)
pub fn layer_norm(values: &[f32], weight: &[f32], bias: &[f32], eps: f32) -> Vec<f32> {
    let mut out = vec![0f32; values.len()];
    layer_norm_into(values, weight, bias, eps, &mut out);
    out
}

/// The same into memory that is there already.
pub fn layer_norm_into(values: &[f32], weight: &[f32], bias: &[f32], eps: f32, out: &mut [f32]) {
    normalise(out, values, weight, bias, eps, |_, _| {});
}

/// The same with `residual`, as long as `values`, added after it.
pub fn layer_norm_added(
    values: &[f32],
    weight: &[f32],
    bias: &[f32],
    eps: f32,
    residual: &[f32],
) -> Vec<f32> {
    let mut out = vec![0f32; values.len()];
    normalise(&mut out, values, weight, bias, eps, |first, out| add(out, &residual[first..]));
    out
}

/// `finish` gets every piece of normalised values with the number of its first.
fn normalise(
    out: &mut [f32],
    values: &[f32],
    weight: &[f32],
    bias: &[f32],
    eps: f32,
    finish: impl Fn(usize, &mut [f32]) + Sync,
) {
    let width = weight.len();
    let rows = out.len() / width;
    let piece = pieces::chunk(rows, ROWS, rayon::current_num_threads()) * width;
    share(
        out.chunks_mut(piece).zip(values.chunks(piece)).enumerate(),
        |(number, (out, values))| {
            vectorised(
                #[inline(always)]
                || {
                    for (out, row) in out.chunks_exact_mut(width).zip(values.chunks_exact(width)) {
                        one_row(out, row, weight, bias, eps);
                    }
                },
            );
            finish(number * piece, out);
        },
    );
}

#[inline(always)]
fn one_row(out: &mut [f32], row: &[f32], weight: &[f32], bias: &[f32], eps: f32) {
    let count = row.len() as f32;
    let mean = reduce::sum(
        row,
        #[inline(always)]
        |v| v,
    ) / count;
    let variance = reduce::sum(
        row,
        #[inline(always)]
        |v| (v - mean) * (v - mean),
    ) / count;
    let scale = 1.0 / (variance + eps).sqrt();
    for (((out, value), weight), bias) in out.iter_mut().zip(row).zip(weight).zip(bias) {
        *out = (value - mean) * scale * weight + bias;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_normalised_one_by_one() {
        let out = layer_norm(&[1.0, 3.0, 10.0, 10.0], &[2.0, 2.0], &[0.5, 0.0], 0.0);
        assert_eq!(out[..2], [-1.5, 2.0]);
        let out = layer_norm(&[1.0, 3.0, 10.0, 10.0], &[2.0, 2.0], &[0.5, 0.0], 1.0);
        assert!((out[0] - (0.5 - 2f32.sqrt())).abs() < 1e-6);
        assert_eq!(out[2..], [0.5, 0.0]);
    }

    #[test]
    fn more_rows_than_a_piece() {
        let values: Vec<f32> = (0..2 * 100).map(|i| (i % 2) as f32).collect();
        let out = layer_norm(&values, &[1.0, 1.0], &[0.0, 0.0], 0.0);
        assert!(out.iter().enumerate().all(|(i, v)| *v == if i % 2 == 0 { -1.0 } else { 1.0 }));
        let added = layer_norm_added(&values, &[1.0, 1.0], &[0.0, 0.0], 0.0, &out);
        assert!(added.iter().zip(&out).all(|(a, b)| *a == 2.0 * b));
    }
}
