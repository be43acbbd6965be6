//! ViTamin's convolutions before its transformer: a stem, two stages of inverted bottlenecks with
//! layer norm, a last step down.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;

use crate::error::TowerError;
use crate::layers::{
    Convolution, Depthwise, DepthwiseShape, Linear, Norm, activate, average_halved,
};
use crate::parts;
use crate::runtime::{Backend, Runtime};
use crate::weights::Weights;

/// Added to the variance in every layer norm here.
const EPS: f32 = 1e-6;
/// Edge of all kernels that look around.
const KERNEL: usize = 3;
/// How many times wider the inside of a bottleneck is.
const EXPANSION: usize = 4;

/// Images `[batch, height, width, channels]`, to a sixteenth of the size.
pub(super) struct Bottlenecks {
    colours: Convolution,
    norm: Norm,
    around: Convolution,
    blocks: Vec<Bottleneck>,
    last_norm: Norm,
    last: Convolution,
    backend: Backend,
}

/// `skip(x) + narrow(GELU(convolve(GELU(widen(norm(x))))))`.
struct Bottleneck {
    norm: Norm,
    widen: Linear,
    convolve: Depthwise,
    narrow: Linear,
    skip: Skip,
    backend: Backend,
}

/// What a bottleneck adds.
enum Skip {
    Same,
    /// The image at half the size, perhaps with more channels.
    Halved(Option<Linear>),
}

impl Bottlenecks {
    /// From the tensors `BASE.*`; `stages` are their blocks and channels, `width` is what comes
    /// out.
    pub fn load(
        weights: &mut Weights,
        base: &str,
        stages: [(usize, usize); 2],
        width: usize,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let name = |part: &str| format!("{base}.{part}");
        let stem = stages[0].1;
        let colours = convolution(weights, &name("stem.conv1"), [stem, 3], 2, runtime)?;
        let norm = parts::norm(weights, &name("stem.norm1"), stem, EPS, runtime)?;
        let around = convolution(weights, &name("stem.conv2"), [stem, stem], 1, runtime)?;
        let mut blocks = Vec::new();
        let mut inputs = stem;
        for (stage, (count, channels)) in stages.into_iter().enumerate() {
            for number in 0..count {
                let base = name(&format!("stages.{stage}.{number}"));
                let shape = ([inputs, channels], number == 0);
                blocks.push(Bottleneck::load(weights, &base, shape, runtime)?);
                inputs = channels;
            }
        }
        Ok(Self {
            colours,
            norm,
            around,
            blocks,
            last_norm: parts::norm(weights, &name("pool.norm"), inputs, EPS, runtime)?,
            last: convolution(weights, &name("pool.proj"), [width, inputs], 2, runtime)?,
            backend: runtime.backend(),
        })
    }

    pub fn forward(&self, pixels: &Tensor) -> Result<Tensor> {
        let x = self.norm.forward(&self.colours.forward(pixels)?)?;
        let x = self.around.forward(&activate(&x, Activation::Gelu, self.backend)?)?;
        let x = self.blocks.iter().try_fold(x, |x, block| block.forward(&x))?;
        self.last.forward(&self.last_norm.forward(&x)?)
    }
}

impl Bottleneck {
    fn load(
        weights: &mut Weights,
        base: &str,
        ([inputs, outputs], halve): ([usize; 2], bool),
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let name = |part: &str| format!("{base}.{part}");
        let inner = EXPANSION * outputs;
        let stride = if halve { 2 } else { 1 };
        let shape = DepthwiseShape { inputs: inner, outputs: inner, kernel: KERNEL, stride };
        let norm = parts::norm(weights, &name("pre_norm"), inputs, EPS, runtime)?;
        let widen = pixel(weights, &name("conv1_1x1"), [inner, inputs], runtime)?;
        let kernel = name("conv2_kxk");
        let weight = weights.take(&format!("{kernel}.weight"), &[inner, 1, KERNEL, KERNEL])?;
        let bias = weights.take(&format!("{kernel}.bias"), &[inner])?;
        let more = || pixel(weights, &name("shortcut.expand"), [outputs, inputs], runtime);
        let skip = if halve {
            Skip::Halved((inputs != outputs).then(more).transpose()?)
        } else {
            Skip::Same
        };
        Ok(Self {
            norm,
            widen,
            convolve: Depthwise::shaped(&weight, bias, shape, runtime)?,
            narrow: pixel(weights, &name("conv3_1x1"), [outputs, inner], runtime)?,
            skip,
            backend: runtime.backend(),
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let inner = self.widen.forward_activated(&self.norm.forward(x)?, Activation::Gelu)?;
        let inner = self.convolve.forward_activated(&inner, Activation::Gelu)?;
        let skip = match &self.skip {
            Skip::Same => x.clone(),
            Skip::Halved(None) => average_halved(x, self.backend)?,
            Skip::Halved(Some(more)) => more.forward(&average_halved(x, self.backend)?)?,
        };
        self.narrow.forward_added(&inner, &skip)
    }
}

/// A convolution over all channels: `BASE.weight` and `BASE.bias`.
fn convolution(
    weights: &mut Weights,
    base: &str,
    [outputs, inputs]: [usize; 2],
    stride: usize,
    runtime: &Runtime,
) -> std::result::Result<Convolution, TowerError> {
    let weight = weights.take(&format!("{base}.weight"), &[outputs, inputs, KERNEL, KERNEL])?;
    let bias = weights.take(&format!("{base}.bias"), &[outputs])?;
    Ok(Convolution::new(weight, bias, [outputs, inputs, KERNEL], stride, runtime)?)
}

/// A convolution of one pixel: `BASE.weight` and `BASE.bias`.
fn pixel(
    weights: &mut Weights,
    base: &str,
    [outputs, inputs]: [usize; 2],
    runtime: &Runtime,
) -> std::result::Result<Linear, TowerError> {
    let weight = weights.take(&format!("{base}.weight"), &[outputs, inputs, 1, 1])?;
    let bias = weights.take(&format!("{base}.bias"), &[outputs])?;
    Ok(Linear::new(weight, Some(bias), [outputs, inputs], runtime)?)
}
