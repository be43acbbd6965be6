//! SigLIP 2's vision transformer for pictures of any shape (NaFlex; Tschannen and others, 2025,
//! after Dehghani and others, 2023).

use candle_core::{Result, Tensor};
use rayon::prelude::*;
use seer_checkpoint::config::{Layout, NaFlexConfig};
use seer_kernels::interpolate::resize_grid;
use seer_kernels::patches::{Grid, Normalise, unfold};
use seer_types::{PreparedImage, PreprocessSpec};

use crate::error::TowerError;
use crate::layers::{AttentionPool, Linear, Mask, Norm, Transformer};
use crate::pools::{self, PoolPlan};
use crate::runtime::Runtime;
use crate::weights::{PoolNames, VitNames, Weights};
use crate::{ImageTower, Pictures, ROWS_ON_CPU, parts, positions};

/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 64;

/// Patches of pictures of any shape through transformer blocks, pooled by attention.
pub(super) struct NaFlex {
    config: NaFlexConfig,
    normalise: Normalise,
    patch: Linear,
    /// `[positions, positions, width]`.
    positions: Vec<f32>,
    transformer: Transformer,
    norm_after: Norm,
    pool: AttentionPool,
    runtime: Runtime,
}

impl NaFlex {
    pub fn load(
        config: &NaFlexConfig,
        spec: &PreprocessSpec,
        layout: Layout,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let names = VitNames::siglip(layout);
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        // A linear layer over (row, column, channel), the order in which patches are cut.
        let values = config.patch * config.patch * 3;
        let rows = config.positions * config.positions;
        let block_names = |number| names.block(number);
        Ok(Self {
            normalise: Normalise::new(spec.mean, spec.std),
            patch: parts::linear(weights, &names.patch, [width, values], None, runtime)?,
            positions: weights.take(&names.position, &[rows, width])?,
            transformer: parts::transformer(weights, block_names, &config.transformer, runtime)?,
            norm_after: parts::norm(weights, &names.norm_after, width, eps, runtime)?,
            pool: pools::with_mlp(
                weights,
                &PoolNames::new(layout),
                &PoolPlan::like(&config.transformer),
                runtime,
            )?,
            config: config.clone(),
            runtime: runtime.clone(),
        })
    }

    /// `[items, width]` of items with `grids[item]` patches down and across. `patches` holds, for
    /// every item, as many patches as the largest one has, the rest being padding.
    pub fn encode(&self, patches: Vec<f32>, grids: &[[usize; 2]]) -> Result<Tensor> {
        let counts: Vec<usize> = grids.iter().map(|[rows, columns]| rows * columns).collect();
        let most = counts.iter().copied().max().unwrap_or(1);
        let (items, width) = (grids.len(), self.config.transformer.width);
        let values = self.config.patch * self.config.patch * 3;
        let patches = self.runtime.tensor(patches, (items, most, values))?;
        let mut places = vec![0f32; items * most * width];
        places.par_chunks_mut(most * width).zip(grids).for_each(|(places, grid)| {
            let own = [self.config.positions; 2];
            let resized = resize_grid(&self.positions, own, *grid, width, positions::BILINEAR);
            places[..resized.len()].copy_from_slice(&resized);
        });
        let places = self.runtime.tensor(places, (items, most, width))?;
        let mask = Mask::Lengths(&counts);
        let tokens = self.patch.forward_added(&patches, &places)?;
        let tokens = self.norm_after.forward(&self.transformer.forward(tokens, mask)?)?;
        self.pool.forward_masked(&tokens, mask)
    }

    /// Patches down and across of a picture.
    fn grid(&self, image: &PreparedImage) -> Grid {
        let [down, across] = [image.height(), image.width()].map(|length| length as usize);
        Grid { image: [down, across], patch: [self.config.patch; 2] }
    }
}

impl ImageTower for NaFlex {
    /// Square pictures of the spec's size.
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let grid = Grid { image: self.config.square(), patch: [self.config.patch; 2] };
        let patches = pictures.values(grid, self.normalise);
        let items = patches.len() / (grid.count() * grid.values());
        self.encode(patches, &vec![grid.patches(); items])
    }

    fn forward_prepared(&self, images: &[PreparedImage]) -> Result<Tensor> {
        let grids: Vec<Grid> = images.iter().map(|image| self.grid(image)).collect();
        let most = grids.iter().map(Grid::count).max().unwrap_or(1);
        let mut patches = Vec::new();
        for (number, (image, grid)) in images.iter().zip(&grids).enumerate() {
            patches.extend(unfold(&[image.rgb()], *grid, self.normalise));
            patches.resize((number + 1) * most * grid.values(), 0.0);
        }
        let grids: Vec<[usize; 2]> = grids.iter().map(Grid::patches).collect();
        self.encode(patches, &grids)
    }

    fn batch(&self) -> usize {
        self.runtime.batch((ROWS_ON_CPU / self.config.patches.max(1)).max(1), BATCH_ON_GPU)
    }
}
