//! A stage: perhaps a step to a smaller image, then blocks.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;

use crate::error::TowerError;
use crate::layers::{Depthwise, Linear, Norm};
use crate::parts;
use crate::patch_convolution::{patch_convolution, patches};
use crate::runtime::Runtime;
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
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let StageShape { blocks, inputs, channels, eps } = shape;
        let smaller = match inputs {
            None => None,
            Some(inputs) => {
                let norm = format!("{base}.downsample.0");
                let norm = parts::norm(weights, &norm, inputs, eps, runtime)?;
                let layer = format!("{base}.downsample.1");
                let layer = patch_convolution(weights, &layer, [channels, inputs], STEP, runtime)?;
                Some((norm, layer))
            }
        };
        let blocks = (0..blocks).map(|number| {
            Block::load(weights, &format!("{base}.blocks.{number}"), channels, eps, runtime)
        });
        Ok(Self { smaller, blocks: blocks.collect::<std::result::Result<_, _>>()? })
    }

    /// To half the size where the stage has a step, at the same size elsewhere.
    pub fn forward(&self, x: Tensor) -> Result<Tensor> {
        let x = match &self.smaller {
            Some((norm, layer)) => layer.forward(&patches(&norm.forward(&x)?, [STEP; 2])?)?,
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
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let shape = [channels, 1, KERNEL, KERNEL];
        let kernel = weights.take(&format!("{base}.conv_dw.weight"), &shape)?;
        let bias = weights.take(&format!("{base}.conv_dw.bias"), &[channels])?;
        let scale = weights.take(&format!("{base}.gamma"), &[channels])?;
        let inner = EXPANSION * channels;
        let (fc1, fc2) = (format!("{base}.mlp.fc1"), format!("{base}.mlp.fc2"));
        Ok(Self {
            depthwise: Depthwise::new(&kernel, bias, KERNEL, runtime)?,
            norm: parts::norm(weights, &format!("{base}.norm"), channels, eps, runtime)?,
            fc1: parts::linear(weights, &fc1, [inner, channels], None, runtime)?,
            fc2: parts::linear(weights, &fc2, [channels, inner], Some(&scale), runtime)?,
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let inner = self.norm.forward(&self.depthwise.forward(x)?)?;
        self.fc2.forward_added(&self.fc1.forward_activated(&inner, Activation::Gelu)?, x)
    }
}
