//! Depthwise convolutions with two outputs for each input, as FastViT widens images by.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;

use crate::error::TowerError;
use crate::fastvit::kernels::{Branches, Kernels, Reader, Shape, parted_columns};
use crate::layers::{Depthwise, Linear, SqueezeExcite};

/// Edge of the kernel that halves an image, and of the one in its middle.
const LARGE: usize = 7;
const SMALL: usize = 3;
/// Edge of the last kernel.
const LAST: usize = 3;
/// How many times fewer channels are inside a weighing of channels, where images are halved and at
/// the end.
const SQUEEZE: usize = 4;
const LAST_SQUEEZE: usize = 16;

/// The convolution, perhaps a weighing of its channels, GELU. Channels come out in the order that
/// `kernels::parted` says.
pub(super) struct Widen {
    convolution: Depthwise,
    weighing: Option<SqueezeExcite>,
}

/// To half the size and twice the channels, then a convolution of one pixel with GELU.
pub(super) struct Halve {
    widen: Widen,
    pixel: Linear,
}

impl Widen {
    /// The convolution at the end of the trunk: `BASE.*`, from `inputs` channels to twice as many.
    pub fn last(
        reader: &mut Reader,
        base: &str,
        inputs: usize,
    ) -> std::result::Result<Self, TowerError> {
        let shape = Shape { outputs: 2 * inputs, inputs: 1, edge: LAST };
        let kernels = reader.block(base, shape, Branches { scale: true, identity: false })?;
        Self::new(reader, base, kernels, [inputs, 2 * inputs, 1], Some(LAST_SQUEEZE))
    }

    fn new(
        reader: &mut Reader,
        base: &str,
        kernels: Kernels,
        [inputs, outputs, stride]: [usize; 3],
        squeeze: Option<usize>,
    ) -> std::result::Result<Self, TowerError> {
        let convolution = kernels.parted(inputs).depthwise(inputs, stride, reader.runtime)?;
        let weighing = squeeze.map(|squeeze| weighing(reader, base, [inputs, outputs], squeeze));
        Ok(Self { convolution, weighing: weighing.transpose()? })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        match &self.weighing {
            None => self.convolution.forward_activated(x, Activation::Gelu),
            Some(weighing) => {
                weighing.forward_activated(&self.convolution.forward(x)?, Activation::Gelu)
            }
        }
    }
}

/// `BASE.se.*`, for channels in our order.
fn weighing(
    reader: &mut Reader,
    base: &str,
    [inputs, outputs]: [usize; 2],
    squeeze: usize,
) -> std::result::Result<SqueezeExcite, TowerError> {
    let fewer = outputs / squeeze;
    let shape = |outputs, inputs| Shape { outputs, inputs, edge: 1 };
    let fc1 = reader.plain(&format!("{base}.se.fc1"), shape(fewer, outputs))?;
    let fc2 = reader.plain(&format!("{base}.se.fc2"), shape(outputs, fewer))?.parted(inputs);
    let columns = parted_columns(&fc1.weight, outputs, inputs);
    Ok(SqueezeExcite {
        fc1: Linear::new(columns, Some(fc1.bias), [fewer, outputs], reader.runtime)?,
        fc2: fc2.linear(reader.runtime)?,
        backend: reader.runtime.backend(),
    })
}

impl Halve {
    /// From the tensors `BASE.0.*` and `BASE.1.*`; `outputs` is a multiple of `inputs`.
    pub fn load(
        reader: &mut Reader,
        base: &str,
        [inputs, outputs]: [usize; 2],
        weighed: bool,
    ) -> std::result::Result<Self, TowerError> {
        let shape = Shape { outputs, inputs: 1, edge: LARGE };
        let first = format!("{base}.0");
        let kernels = reader.large(&first, shape, SMALL)?;
        let squeeze = weighed.then_some(SQUEEZE);
        let widen = Widen::new(reader, &first, kernels, [inputs, outputs, 2], squeeze)?;
        let shape = Shape { outputs, inputs: outputs, edge: 1 };
        let both = Branches { scale: false, identity: true };
        let mut pixel = reader.block(&format!("{base}.1"), shape, both)?;
        pixel.weight = parted_columns(&pixel.weight, outputs, inputs);
        Ok(Self { widen, pixel: pixel.linear(reader.runtime)? })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.pixel.forward_activated(&self.widen.forward(x)?, Activation::Gelu)
    }
}

/// timm's classifier over the averages of [`Widen::last`]: `BASE.weight` and `BASE.bias`.
pub(super) fn head(
    reader: &mut Reader,
    base: &str,
    inputs: usize,
    dim: usize,
) -> std::result::Result<Linear, TowerError> {
    let outputs = 2 * inputs;
    let weight = reader.weights.take(&format!("{base}.weight"), &[dim, outputs])?;
    let bias = reader.weights.take(&format!("{base}.bias"), &[dim])?;
    let weight = parted_columns(&weight, outputs, inputs);
    Ok(Linear::new(weight, Some(bias), [dim, outputs], reader.runtime)?)
}
