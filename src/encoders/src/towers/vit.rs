//! The vision transformer (Dosovitskiy and others, 2020) in CLIP's form (Radford and others, 2021)
//! and in SigLIP's (Zhai and others, 2023).

use candle_core::{Device, Result, Tensor};
use seer_types::PreprocessSpec;

use crate::config::{ImagePooling, Layout, VitConfig};
use crate::error::LoadError;
use crate::kernels::patches::{Grid, Normalise, reorder_weight};
use crate::layers::{AttentionPool, Head, Linear, Mask, Norm, Transformer};
use crate::towers::positions::{self, GridPositions};
use crate::towers::{ImageTower, Pictures, parts};
use crate::weights::{PoolNames, VitNames, Weights};

/// Rows (tokens) of a batch that keep the processor busy while its tensors still fit its cache.
const ROWS_ON_CPU: usize = 1600;
/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 64;

/// Patches, and mostly a class token, through transformer blocks.
pub(super) struct Vit {
    grid: Grid,
    normalise: Normalise,
    width: usize,
    patch: Linear,
    class: Option<Tensor>,
    position: Tensor,
    norm_before: Option<Norm>,
    transformer: Transformer,
    norm_after: Norm,
    projection: Head,
    pooling: Pooling,
    device: Device,
}

/// From the tokens after the blocks to one point.
enum Pooling {
    Class,
    Average { norm_after: bool },
    Attention(Box<AttentionPool>),
}

impl Vit {
    pub fn load(
        config: &VitConfig,
        spec: &PreprocessSpec,
        dim: usize,
        layout: Layout,
        weights: &mut Weights,
        device: &Device,
    ) -> std::result::Result<Self, LoadError> {
        let by_attention = config.pooling == ImagePooling::Attention;
        let names = if by_attention { VitNames::siglip(layout) } else { VitNames::new(layout) };
        let grid = Grid { image: config.image, patch: config.patch };
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        let shape = [width, 3, config.patch[0], config.patch[1]];
        let patch =
            reorder_weight(&weights.take(&format!("{}.weight", names.patch), &shape)?, grid);
        let mut bias = || weights.take(&format!("{}.bias", names.patch), &[width]);
        let patch_bias = by_attention.then(&mut bias).transpose()?;
        let tokens = grid.count() + usize::from(!by_attention);
        let class = (!by_attention).then(|| weights.take(&names.class, &[width])).transpose()?;
        let class = class.map(|class| Tensor::from_vec(class, (1, 1, width), device));
        let positions = GridPositions {
            name: &names.position,
            extra: usize::from(!by_attention),
            grid: grid.patches(),
            width,
            batched: names.timm,
            resampling: positions::of_pictures(layout),
        };
        let position = positions.take(weights)?;
        let norm_before = config
            .norm_before
            .then(|| parts::norm(weights, &names.norm_before, width, eps, device))
            .transpose()?;
        let pooling = match config.pooling {
            ImagePooling::Class => Pooling::Class,
            ImagePooling::Average => Pooling::Average { norm_after: config.norm_after_pooling },
            ImagePooling::Attention => {
                let names = PoolNames::new(layout);
                let pool = parts::pool(weights, &names, &config.transformer, device)?;
                Pooling::Attention(Box::new(pool))
            }
        };
        Ok(Self {
            grid,
            normalise: Normalise::new(spec.mean, spec.std),
            width,
            patch: Linear::new(patch, patch_bias, [width, grid.values()], device)?,
            class: class.transpose()?,
            position: Tensor::from_vec(position, (1, tokens, width), device)?,
            norm_before,
            transformer: parts::transformer(
                weights,
                |number| names.block(number),
                &config.transformer,
                device,
            )?,
            norm_after: parts::norm(weights, &names.norm_after, width, eps, device)?,
            projection: parts::projection(
                weights,
                &names.projection,
                config.projection,
                [dim, width],
                device,
            )?,
            pooling,
            device: device.clone(),
        })
    }

    /// `[pictures, patches, values of a patch]`.
    fn patches(&self, pictures: Pictures) -> Result<Tensor> {
        let patches = pictures.patches(self.grid, self.normalise);
        let (count, values) = (self.grid.count(), self.grid.values());
        let batch = patches.len() / (count * values);
        Tensor::from_vec(patches, (batch, count, values), &self.device)
    }

    /// `[pictures, 1 + patches, width]`, without a class token `[pictures, patches, width]`.
    fn tokens(&self, pictures: Pictures) -> Result<Tensor> {
        let patches = self.patch.forward(&self.patches(pictures)?)?;
        let tokens = match &self.class {
            None => patches,
            Some(class) => {
                let class = class.broadcast_as((patches.dim(0)?, 1, self.width))?;
                Tensor::cat(&[&class, &patches], 1)?
            }
        };
        let tokens = tokens.broadcast_add(&self.position)?;
        self.norm_before.as_ref().map_or(Ok(tokens.clone()), |norm| norm.forward(&tokens))
    }
}

impl ImageTower for Vit {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let tokens = self.tokens(pictures)?;
        let pooled = match &self.pooling {
            Pooling::Class => {
                let places = vec![0; tokens.dim(0)?];
                let class = self.transformer.forward_once(tokens, Mask::None, &places)?;
                self.norm_after.forward(&class)?
            }
            Pooling::Average { norm_after } => {
                let tokens = self.transformer.forward(tokens, Mask::None)?;
                let patches = tokens.narrow(1, 1, self.grid.count())?;
                if *norm_after {
                    self.norm_after.forward(&patches.mean(1)?)?
                } else {
                    self.norm_after.forward(&patches)?.mean(1)?
                }
            }
            Pooling::Attention(pool) => {
                let tokens = self.transformer.forward(tokens, Mask::None)?;
                pool.forward(&self.norm_after.forward(&tokens)?)?
            }
        };
        self.projection.forward(pooled)
    }

    fn batch(&self) -> usize {
        if self.device.is_cpu() {
            (ROWS_ON_CPU / (self.grid.count() + 1)).max(1)
        } else {
            BATCH_ON_GPU
        }
    }
}
