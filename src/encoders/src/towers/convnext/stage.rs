//! A stage: perhaps a step to a smaller image, then blocks.

use candle_core::{Device, Result, Tensor};

use crate::config::Activation;
use crate::error::LoadError;
use crate::kernels::transpose::transposed;
use crate::layers::{Depthwise, Linear, Norm};
use crate::towers::parts;
use crate::weights::Weights;

/// Edge of a block's depthwise kernel.
const KERNEL: usize = 7;
/// How many times wider the inside of a block's MLP is.
const EXPANSION: usize = 4;
/// How many times smaller a stage makes the image.
const STEP: usize = 2;

/// Images `[batch, height, width, channels]`, in and out.
pub(super) struct Stage {
    smaller: Option<(Norm, Linear)>,
    blocks: Vec<Block>,
}

/// `x + MLP(Norm(Depthwise(x)))`, the MLP's output scaled per channel.
struct Block {
    depthwise: Depthwise,
    norm: Norm,
    fc1: Linear,
    fc2: Linear,
}

/// How a stage is built.
#[derive(Clone, Copy)]
pub(super) struct StageShape {
    /// Blocks.
    pub blocks: usize,
    /// Channels of the stage before it, from which it steps to a smaller image.
    pub inputs: Option<usize>,
    /// Channels of its blocks.
    pub channels: usize,
    /// Added to the variance in its layer norms.
    pub eps: f32,
}

impl Stage {
    /// Reads `BASE.downsample.*` (after another stage) and `BASE.blocks.*`.
    pub fn load(
        weights: &mut Weights,
        base: &str,
        shape: StageShape,
        device: &Device,
    ) -> std::result::Result<Self, LoadError> {
        let StageShape { blocks, inputs, channels, eps } = shape;
        let smaller = match inputs {
            None => None,
            Some(inputs) => {
                let norm = format!("{base}.downsample.0");
                let norm = parts::norm(weights, &norm, inputs, eps, device)?;
                let layer = format!("{base}.downsample.1");
                let layer = patch_convolution(weights, &layer, [channels, inputs], STEP, device)?;
                Some((norm, layer))
            }
        };
        let blocks = (0..blocks).map(|number| {
            Block::load(weights, &format!("{base}.blocks.{number}"), channels, eps, device)
        });
        Ok(Self { smaller, blocks: blocks.collect::<std::result::Result<_, _>>()? })
    }

    /// To half the size where the stage has a step, at the same size elsewhere.
    pub fn forward(&self, x: Tensor) -> Result<Tensor> {
        let x = match &self.smaller {
            Some((norm, layer)) => layer.forward(&patches(&norm.forward(&x)?, STEP)?)?,
            None => x,
        };
        self.blocks.iter().try_fold(x, |x, block| block.forward(&x))
    }
}

impl Block {
    fn load(
        weights: &mut Weights,
        base: &str,
        channels: usize,
        eps: f32,
        device: &Device,
    ) -> std::result::Result<Self, LoadError> {
        let shape = [channels, 1, KERNEL, KERNEL];
        let kernel = weights.take(&format!("{base}.conv_dw.weight"), &shape)?;
        let bias = weights.take(&format!("{base}.conv_dw.bias"), &[channels])?;
        let scale = weights.take(&format!("{base}.gamma"), &[channels])?;
        let inner = EXPANSION * channels;
        let (fc1, fc2) = (format!("{base}.mlp.fc1"), format!("{base}.mlp.fc2"));
        Ok(Self {
            depthwise: Depthwise::new(&kernel, bias, KERNEL, device)?,
            norm: parts::norm(weights, &format!("{base}.norm"), channels, eps, device)?,
            fc1: parts::linear(weights, &fc1, [inner, channels], None, device)?,
            fc2: parts::linear(weights, &fc2, [channels, inner], Some(&scale), device)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let inner = self.norm.forward(&self.depthwise.forward(x)?)?;
        self.fc2.forward_added(&self.fc1.forward_activated(&inner, Activation::Gelu)?, x)
    }
}

/// A convolution whose step is its kernel's edge, as a linear layer over [`patches`]:
/// `BASE.weight`, `[outputs, inputs, edge, edge]`, and `BASE.bias`.
pub(super) fn patch_convolution(
    weights: &mut Weights,
    base: &str,
    [outputs, inputs]: [usize; 2],
    edge: usize,
    device: &Device,
) -> std::result::Result<Linear, LoadError> {
    let weight = weights.take(&format!("{base}.weight"), &[outputs, inputs, edge, edge])?;
    let bias = weights.take(&format!("{base}.bias"), &[outputs])?;
    let weight = channels_last(&weight, inputs, edge);
    Ok(Linear::new(weight, Some(bias), [outputs, inputs * edge * edge], device)?)
}

/// `[outputs, inputs, edge, edge]` as `[outputs, edge, edge, inputs]`.
fn channels_last(weight: &[f32], inputs: usize, edge: usize) -> Vec<f32> {
    let kernels = weight.chunks_exact(inputs * edge * edge);
    kernels.flat_map(|kernel| transposed(kernel, edge * edge)).collect()
}

/// `[batch, height, width, channels]` cut into squares:
/// `[batch, height / edge, width / edge, edge * edge * channels]`; what makes no whole square at
/// the right and bottom is left out.
fn patches(x: &Tensor, edge: usize) -> Result<Tensor> {
    let (batch, height, width, channels) = x.dims4()?;
    let (high, wide) = (height / edge, width / edge);
    x.narrow(1, 0, high * edge)?
        .narrow(2, 0, wide * edge)?
        .contiguous()?
        .reshape(&[batch, high, edge, wide, edge, channels][..])?
        .permute(vec![0, 1, 3, 2, 4, 5])?
        .contiguous()?
        .reshape((batch, high, wide, edge * edge * channels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_cut_row_by_row_and_the_rest_is_left_out() {
        let x: Vec<f32> = (0..30).map(|v| v as f32).collect();
        let x = Tensor::from_vec(x, (1, 3, 5, 2), &Device::Cpu).unwrap();
        let out = patches(&x, 2).unwrap();
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
