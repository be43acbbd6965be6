//! The block of a residual network: narrow, look around, widen, add.

use candle_core::{Result, Tensor};

use crate::error::TowerError;
use crate::layers::{Convolution, average_pool};
use crate::resnet::convolutions::Convolutions;
use crate::runtime::Backend;

/// `ReLU(x + widen(pool(ReLU(convolve(ReLU(narrow(x)))))))`, with `pool` and a convolution over `x`
/// where size or channels change.
pub(super) struct Bottleneck {
    narrow: Convolution,
    convolve: Convolution,
    shrink: usize,
    widen: Convolution,
    skip: Option<Convolution>,
    backend: Backend,
}

impl Bottleneck {
    /// Channels that come out for each one inside.
    pub const EXPANSION: usize = 4;

    /// From the tensors `BASE.*`; the image becomes `shrink` times smaller.
    pub fn load(
        reader: &mut Convolutions,
        base: &str,
        inputs: usize,
        inner: usize,
        shrink: usize,
    ) -> std::result::Result<Self, TowerError> {
        let outputs = inner * Self::EXPANSION;
        let mut take = |names: [&str; 2], shape| {
            let [convolution, norm] = names.map(|name| format!("{base}.{name}"));
            reader.take([&convolution, &norm], shape, 1)
        };
        Ok(Self {
            narrow: take(["conv1", "bn1"], [inner, inputs, 1])?,
            convolve: take(["conv2", "bn2"], [inner, inner, 3])?,
            shrink,
            widen: take(["conv3", "bn3"], [outputs, inner, 1])?,
            skip: (shrink > 1 || inputs != outputs)
                .then(|| take(["downsample.0", "downsample.1"], [outputs, inputs, 1]))
                .transpose()?,
            backend: reader.runtime.backend(),
        })
    }

    /// `[batch, height, width, inputs]` to `[batch, height / shrink, width / shrink, outputs]`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let inner = self.convolve.forward_relu(&self.narrow.forward_relu(x)?)?;
        let inner = average_pool(&inner, self.shrink, self.backend)?;
        match &self.skip {
            None => self.widen.forward_added_relu(&inner, x),
            Some(skip) => {
                let x = skip.forward(&average_pool(x, self.shrink, self.backend)?)?;
                self.widen.forward_added_relu(&inner, &x)
            }
        }
    }
}
