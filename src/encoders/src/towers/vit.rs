//! The vision transformer (Dosovitskiy and others, 2020) in CLIP's form (Radford and others, 2021).

use candle_core::{Device, Result, Tensor};
use seer_types::PreprocessSpec;

use crate::config::{ImagePooling, Layout, Projection, VitConfig};
use crate::error::LoadError;
use crate::kernels::patches::{Grid, Normalise, reorder_weight, unfold, unfold_planes};
use crate::layers::{Head, Linear, Mask, Norm, Transformer};
use crate::towers::{ImageTower, Pictures, parts};
use crate::weights::{VitNames, Weights};

/// Rows (tokens) of a batch that keep the processor busy while its tensors still fit its cache.
const ROWS_ON_CPU: usize = 1600;
/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 64;

/// Patches and a class token through transformer blocks.
pub(super) struct Vit {
    grid: Grid,
    normalise: Normalise,
    width: usize,
    patch: Linear,
    class: Tensor,
    position: Tensor,
    norm_before: Option<Norm>,
    transformer: Transformer,
    norm_after: Norm,
    projection: Head,
    pooling: ImagePooling,
    norm_after_pooling: bool,
    device: Device,
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
        let names = VitNames::new(layout);
        let grid = Grid { image: config.image, patch: config.patch };
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        let shape = [width, 3, config.patch[0], config.patch[1]];
        let patch = reorder_weight(&weights.take(&names.patch, &shape)?, grid);
        let tokens = grid.count() + 1;
        let class = weights.take(&names.class, &[width])?;
        let position = weights.take(&names.position, &[tokens, width])?;
        let norm_before = config
            .norm_before
            .then(|| parts::norm(weights, &names.norm_before, width, eps, device))
            .transpose()?;
        let kind = Projection::Linear { bias: false };
        Ok(Self {
            grid,
            normalise: Normalise::new(spec.mean, spec.std),
            width,
            patch: Linear::new(patch, None, [width, grid.values()], device)?,
            class: Tensor::from_vec(class, (1, 1, width), device)?,
            position: Tensor::from_vec(position, (1, tokens, width), device)?,
            norm_before,
            transformer: parts::transformer(
                weights,
                |number| names.block(number),
                &config.transformer,
                device,
            )?,
            norm_after: parts::norm(weights, &names.norm_after, width, eps, device)?,
            projection: parts::projection(weights, &names.projection, kind, [dim, width], device)?,
            pooling: config.pooling,
            norm_after_pooling: config.norm_after_pooling,
            device: device.clone(),
        })
    }

    /// `[pictures, patches, values of a patch]`.
    fn patches(&self, pictures: Pictures) -> Result<Tensor> {
        let patches = match pictures {
            Pictures::Rgb(pictures) => unfold(pictures, self.grid, self.normalise),
            Pictures::Planes(planes) => {
                let size = 3 * self.grid.image[0] * self.grid.image[1];
                planes.chunks_exact(size).flat_map(|one| unfold_planes(one, self.grid)).collect()
            }
        };
        let (count, values) = (self.grid.count(), self.grid.values());
        let batch = patches.len() / (count * values);
        Tensor::from_vec(patches, (batch, count, values), &self.device)
    }

    /// `[pictures, 1 + patches, width]`.
    fn tokens(&self, pictures: Pictures) -> Result<Tensor> {
        let patches = self.patch.forward(&self.patches(pictures)?)?;
        let class = self.class.broadcast_as((patches.dim(0)?, 1, self.width))?;
        let tokens = Tensor::cat(&[&class, &patches], 1)?.broadcast_add(&self.position)?;
        self.norm_before.as_ref().map_or(Ok(tokens.clone()), |norm| norm.forward(&tokens))
    }
}

impl ImageTower for Vit {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let tokens = self.tokens(pictures)?;
        let pooled = match self.pooling {
            ImagePooling::Class => {
                let places = vec![0; tokens.dim(0)?];
                let class = self.transformer.forward_once(tokens, Mask::None, &places)?;
                self.norm_after.forward(&class)?
            }
            ImagePooling::Average => {
                let tokens = self.transformer.forward(tokens, Mask::None)?;
                let patches = tokens.narrow(1, 1, self.grid.count())?;
                if self.norm_after_pooling {
                    self.norm_after.forward(&patches.mean(1)?)?
                } else {
                    self.norm_after.forward(&patches)?.mean(1)?
                }
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
