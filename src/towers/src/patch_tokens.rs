//! Pictures to the tokens that a vision transformer's blocks run over.

use candle_core::{Result, Tensor};
use seer_kernels::interpolate::Resampling;
use seer_kernels::patches::{Grid, Normalise, reorder_weight};
use seer_types::PreprocessSpec;

use crate::error::TowerError;
use crate::layers::{Linear, Norm};
use crate::positions::GridPositions;
use crate::runtime::Runtime;
use crate::weights::Weights;
use crate::{Pictures, ROWS_ON_CPU, parts};

/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 64;

/// Patches through a layer, perhaps a class token before them, positions, perhaps a norm.
pub(super) struct PatchTokens {
    grid: Grid,
    normalise: Normalise,
    patch: Linear,
    class: Option<Tensor>,
    position: Tensor,
    norm: Option<Norm>,
    runtime: Runtime,
}

/// How the tokens are made, and what the tensors are called.
pub(super) struct TokenPlan<'a> {
    /// Pixels down and across of a picture.
    pub image: [usize; 2],
    /// Pixels down and across of a patch.
    pub patch: [usize; 2],
    /// Channels of a token.
    pub width: usize,
    /// Added to the variance in the norm.
    pub eps: f32,
    /// The layer: `BASE.weight`, and `BASE.bias` where there is a bias.
    pub layer: &'a str,
    /// Whether the layer has a bias.
    pub bias: bool,
    /// The class token, where there is one.
    pub class: Option<&'a str>,
    /// The positions.
    pub position: &'a str,
    /// How positions trained for another size are brought to this one.
    pub resampling: Resampling,
    /// The norm, where there is one.
    pub norm: Option<&'a str>,
    /// timm stores the class token as `[1, 1, width]` and the positions as `[1, tokens, width]`;
    /// elsewhere the ones are left out.
    pub timm: bool,
}

impl PatchTokens {
    /// Takes the tensors of the plan.
    pub fn load(
        plan: &TokenPlan,
        spec: &PreprocessSpec,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let grid = Grid { image: plan.image, patch: plan.patch };
        let width = plan.width;
        let shape = [width, 3, plan.patch[0], plan.patch[1]];
        let weight = weights.take(&format!("{}.weight", plan.layer), &shape)?;
        let mut bias = || weights.take(&format!("{}.bias", plan.layer), &[width]);
        let bias = plan.bias.then(&mut bias).transpose()?;
        let shape = [1, 1, width];
        let class_shape = if plan.timm { &shape[..] } else { &shape[2..] };
        let class = plan.class.map(|name| weights.take(name, class_shape)).transpose()?;
        let class = class.map(|class| runtime.tensor(class, &shape)).transpose()?;
        let shape = [1, grid.count() + usize::from(class.is_some()), width];
        let positions = GridPositions {
            name: plan.position,
            extra: usize::from(class.is_some()),
            grid: grid.patches(),
            width,
            batched: plan.timm,
            resampling: plan.resampling,
        };
        let position = positions.take(weights)?;
        let norm = plan.norm.map(|name| parts::norm(weights, name, width, plan.eps, runtime));
        Ok(Self {
            grid,
            normalise: Normalise::new(spec.mean, spec.std),
            patch: Linear::new(
                reorder_weight(&weight, grid),
                bias,
                [width, grid.values()],
                runtime,
            )?,
            class,
            position: runtime.tensor(position, &shape)?,
            norm: norm.transpose()?,
            runtime: runtime.clone(),
        })
    }

    /// `[pictures, 1 + patches, width]`, without a class token `[pictures, patches, width]`.
    pub fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let patches = pictures.patches(self.grid, self.normalise, &self.runtime)?;
        let patches = self.patch.forward(&patches.flatten(1, 2)?)?;
        let tokens = match &self.class {
            None => patches,
            Some(class) => {
                let (batch, _, width) = patches.dims3()?;
                Tensor::cat(&[&class.broadcast_as((batch, 1, width))?, &patches], 1)?
            }
        };
        let tokens = tokens.broadcast_add(&self.position)?;
        self.norm.as_ref().map_or(Ok(tokens.clone()), |norm| norm.forward(&tokens))
    }

    /// The tokens of the patches alone.
    pub fn without_class(&self, tokens: &Tensor) -> Result<Tensor> {
        tokens.narrow(1, usize::from(self.class.is_some()), self.grid.count())
    }

    /// How many pictures make a good batch.
    pub fn batch(&self) -> usize {
        self.runtime.batch((ROWS_ON_CPU / (self.grid.count() + 1)).max(1), BATCH_ON_GPU)
    }
}
