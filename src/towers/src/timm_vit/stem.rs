//! From pixels to tokens.

use candle_core::{DType, Result, Tensor};
use seer_checkpoint::config::{Activation, TimmStem, TimmVitConfig};
use seer_kernels::patches::{Grid, Normalise, reorder_weight};

use crate::error::TowerError;
use crate::layers::Linear;
use crate::patch_convolution::{over_patches, patch_convolution, patches};
use crate::runtime::Runtime;
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
    runtime: Runtime,
}

enum Layers {
    /// Patches.
    One(Linear),
    /// Patches of [`STEPS`], GELU between the layers.
    Three(Box<[Linear; 3]>),
    /// Rows of pixels.
    Bottlenecks(Box<Bottlenecks>),
}

impl Stem {
    pub fn load(
        config: &TimmVitConfig,
        normalise: Normalise,
        weights: &mut Weights,
        runtime: &Runtime,
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
                (grid, Layers::One(Linear::new(weight, None, shape, runtime)?))
            }
            TimmStem::Convolutions(inner) => {
                let base = format!("{base}.backbone");
                let cut = Grid { image, patch: [STEPS[0]; 2] };
                (
                    cut,
                    Layers::Three(Box::new(convolutions(weights, &base, [inner, width], runtime)?)),
                )
            }
            TimmStem::Bottlenecks(stages) => {
                let base = format!("{base}.backbone");
                let cut = Grid { image, patch: [1, image[1]] };
                let layers = Bottlenecks::load(weights, &base, stages, width, runtime)?;
                (cut, Layers::Bottlenecks(Box::new(layers)))
            }
        };
        Ok(Self { cut, grid, normalise, layers, runtime: runtime.clone() })
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

    /// `[pictures, tokens, width]`, f32.
    pub fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let cut = || pictures.patches(self.cut, self.normalise, &self.runtime);
        let x = match &self.layers {
            Layers::One(layer) => layer.forward(&cut()?)?,
            Layers::Three(layers) => {
                let [first, second, third] = &**layers;
                let x = first.forward_activated(&cut()?, Activation::Gelu)?;
                let x = second.forward_activated(&patches(&x, [STEPS[1]; 2])?, Activation::Gelu)?;
                third.forward(&patches(&x, [STEPS[2]; 2])?)?
            }
            Layers::Bottlenecks(layers) => layers.forward(&pictures.pixels(
                self.cut.image,
                self.normalise,
                &self.runtime,
            )?)?,
        };
        x.flatten(1, 2)?.to_dtype(DType::F32)
    }
}

/// `BASE.0` and `BASE.1` with a batch norm each, `BASE.2` with something added.
fn convolutions(
    weights: &mut Weights,
    base: &str,
    [inner, width]: [usize; 2],
    runtime: &Runtime,
) -> std::result::Result<[Linear; 3], TowerError> {
    let mut normed = |number: usize, inputs: usize| {
        let names = ["conv", "bn"].map(|part| format!("{base}.{number}.{part}"));
        let edge = STEPS[number];
        let (weight, bias) = parts::folded(weights, &names, [inner, inputs, edge, edge], EPS)?;
        over_patches(&weight, bias, [inner, inputs], edge, runtime)
    };
    let (first, second) = (normed(0, 3)?, normed(1, inner)?);
    let last = format!("{base}.2.conv");
    Ok([first, second, patch_convolution(weights, &last, [width, inner], STEPS[2], runtime)?])
}
