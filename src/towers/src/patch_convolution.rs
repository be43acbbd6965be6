//! Convolutions whose step is their kernel's edge, as linear layers over squares of pixels.

use candle_core::{Result, Tensor};
use seer_kernels::transpose::transposed;

use crate::error::TowerError;
use crate::layers::Linear;
use crate::runtime::Runtime;
use crate::weights::Weights;

/// A linear layer over [`patches`]: `BASE.weight`, `[outputs, inputs, edge, edge]`, and `BASE.bias`.
pub(super) fn patch_convolution(
    weights: &mut Weights,
    base: &str,
    [outputs, inputs]: [usize; 2],
    edge: usize,
    runtime: &Runtime,
) -> std::result::Result<Linear, TowerError> {
    let weight = weights.take(&format!("{base}.weight"), &[outputs, inputs, edge, edge])?;
    let bias = weights.take(&format!("{base}.bias"), &[outputs])?;
    over_patches(&weight, bias, [outputs, inputs], edge, runtime)
}

/// The same from values: `weight` is `[outputs, inputs, edge, edge]`.
pub(super) fn over_patches(
    weight: &[f32],
    bias: Vec<f32>,
    [outputs, inputs]: [usize; 2],
    edge: usize,
    runtime: &Runtime,
) -> std::result::Result<Linear, TowerError> {
    let weight = channels_last(weight, inputs, edge);
    Ok(Linear::new(weight, Some(bias), [outputs, inputs * edge * edge], runtime)?)
}

/// `[outputs, inputs, edge, edge]` as `[outputs, edge, edge, inputs]`.
fn channels_last(weight: &[f32], inputs: usize, edge: usize) -> Vec<f32> {
    let kernels = weight.chunks_exact(inputs * edge * edge);
    kernels.flat_map(|kernel| transposed(kernel, edge * edge)).collect()
}

/// `[batch, height, width, channels]` cut into patches of `down` x `across` pixels:
/// `[batch, height / down, width / across, down * across * channels]`; what makes no whole patch at
/// the right and bottom is left out.
pub(super) fn patches(x: &Tensor, [down, across]: [usize; 2]) -> Result<Tensor> {
    let (batch, height, width, channels) = x.dims4()?;
    let (high, wide) = (height / down, width / across);
    x.narrow(1, 0, high * down)?
        .narrow(2, 0, wide * across)?
        .contiguous()?
        .reshape(&[batch, high, down, wide, across, channels][..])?
        .permute(vec![0, 1, 3, 2, 4, 5])?
        .contiguous()?
        .reshape((batch, high, wide, down * across * channels))
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn squares_are_cut_row_by_row_and_the_rest_is_left_out() {
        let x: Vec<f32> = (0..30).map(|v| v as f32).collect();
        let x = Tensor::from_vec(x, (1, 3, 5, 2), &Device::Cpu).unwrap();
        let out = patches(&x, [2; 2]).unwrap();
        assert_eq!(out.dims(), [1, 1, 2, 8]);
        let out: Vec<f32> = out.flatten_all().unwrap().to_vec1().unwrap();
        assert_eq!(out[..8], [0.0, 1.0, 2.0, 3.0, 10.0, 11.0, 12.0, 13.0]);
        assert_eq!(out[8..], [4.0, 5.0, 6.0, 7.0, 14.0, 15.0, 16.0, 17.0]);
    }

    #[test]
    fn a_weight_follows_the_squares() {
        let weight: Vec<f32> = (0..16).map(|v| v as f32).collect();
        let out = channels_last(&weight, 2, 2);
        assert_eq!(out[..4], [0.0, 4.0, 1.0, 5.0]);
        assert_eq!(out[8..12], [8.0, 12.0, 9.0, 13.0]);
    }
}
