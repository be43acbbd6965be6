//! From pixels to tokens.

use candle_core::{Device, Result, Tensor};
use seer_checkpoint::config::{Activation, TimmStem, TimmVitConfig};
use seer_kernels::patches::{Grid, Normalise, reorder_weight};

use crate::error::TowerError;
use crate::layers::Linear;
use crate::patch_convolution::{over_patches, patch_convolution, patches};
use crate::timm_vit::bottleneck::Bottlenecks;
use crate::weights::Weights;
use crate::{Pictures, parts};

/// Added to the variance in the batch norms of MobileCLIP's stem.
const EPS: f32 = 1e-5;
/// Steps of MobileCLIP's three convolutions.
const STEPS: [usize; 3] = [4, 2, 2];

/// Pictures cut into patches or rows, and what makes tokens of them.
pub(super) struct Stem {
    /// How pictures are cut up.
    cut: Grid,
    /// How they would be cut into tokens.
    grid: Grid,
    normalise: Normalise,
    layers: Layers,
    device: Device,
}

enum Layers {
    /// Patches.
    One(Linear),
    /// Patches of [`STEPS`], GELU between the layers.
    Three([Linear; 3]),
    /// Rows of pixels.
    Bottlenecks(Bottlenecks),
}

impl Stem {
    pub fn load(
        config: &TimmVitConfig,
        normalise: Normalise,
        weights: &mut Weights,
        device: &Device,
    ) -> std::result::Result<Self, TowerError> {
        let base = format!("{}patch_embed", config.prefix);
        let (image, width) = (config.image, config.transformer.width);
        let edge = config.stem.edge();
        let grid = Grid { image, patch: [edge; 2] };
        let (cut, layers) = match config.stem {
            TimmStem::Patches(edge) => {
                let weight =
                    weights.take(&format!("{base}.proj.weight"), &[width, 3, edge, edge])?;
                let weight = reorder_weight(&weight, grid);
                let shape = [width, grid.values()];
                (grid, Layers::One(Linear::new(weight, None, shape, device)?))
            }
            TimmStem::Convolutions(inner) => {
                let base = format!("{base}.backbone");
                let cut = Grid { image, patch: [STEPS[0]; 2] };
                (cut, Layers::Three(convolutions(weights, &base, [inner, width], device)?))
            }
            TimmStem::Bottlenecks(stages) => {
                let base = format!("{base}.backbone");
                let cut = Grid { image, patch: [1, image[1]] };
                let layers = Bottlenecks::load(weights, &base, stages, width, device)?;
                (cut, Layers::Bottlenecks(layers))
            }
        };
        Ok(Self { cut, grid, normalise, layers, device: device.clone() })
    }

    /// Tokens of one picture.
    pub fn tokens(&self) -> usize {
        match self.layers {
            Layers::One(_) | Layers::Three(_) => self.grid.count(),
            // Halved four times, rounded up.
            Layers::Bottlenecks(_) => {
                let [height, width] = self.grid.image.map(|length| length.div_ceil(16));
                height * width
            }
        }
    }

    /// `[pictures, tokens, width]`.
    pub fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let values = pictures.patches(self.cut, self.normalise);
        let ([high, wide], size) = (self.cut.patches(), self.cut.values());
        let batch = values.len() / (high * wide * size);
        let cut =
            |shape: (usize, usize, usize, usize)| Tensor::from_vec(values, shape, &self.device);
        let x = match &self.layers {
            Layers::One(layer) => layer.forward(&cut((batch, high, wide, size))?)?,
            Layers::Three([first, second, third]) => {
                let x =
                    first.forward_activated(&cut((batch, high, wide, size))?, Activation::Gelu)?;
                let x = second.forward_activated(&patches(&x, STEPS[1])?, Activation::Gelu)?;
                third.forward(&patches(&x, STEPS[2])?)?
            }
            Layers::Bottlenecks(layers) => {
                let [height, width] = self.cut.image;
                layers.forward(&cut((batch, height, width, 3))?)?
            }
        };
        x.flatten(1, 2)
    }
}

/// `BASE.0` and `BASE.1` with a batch norm each, `BASE.2` with something added.
fn convolutions(
    weights: &mut Weights,
    base: &str,
    [inner, width]: [usize; 2],
    device: &Device,
) -> std::result::Result<[Linear; 3], TowerError> {
    let mut normed = |number: usize, inputs: usize| {
        let names = ["conv", "bn"].map(|part| format!("{base}.{number}.{part}"));
        let edge = STEPS[number];
        let (weight, bias) = parts::folded(weights, &names, [inner, inputs, edge, edge], EPS)?;
        over_patches(&weight, bias, [inner, inputs], edge, device)
    };
    let (first, second) = (normed(0, 3)?, normed(1, inner)?);
    let last = format!("{base}.2.conv");
    Ok([first, second, patch_convolution(weights, &last, [width, inner], STEPS[2], device)?])
}
