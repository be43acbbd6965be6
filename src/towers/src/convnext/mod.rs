//! ConvNeXt (Liu and others: A ConvNet for the 2020s, 2022) as timm builds it, for OpenCLIP or as a
//! classifier: stages of blocks over images `[pictures, height, width, channels]`, the average over
//! the last image, a norm, a head.

mod stage;

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{ConvNextConfig, ConvNextHead};
use seer_kernels::patches::{Grid, Normalise};
use seer_types::PreprocessSpec;

use crate::error::TowerError;
use crate::layers::{Head, Linear, Norm};
use crate::patch_convolution::patch_convolution;
use crate::runtime::Runtime;
use crate::weights::{ProjectionNames, Weights};
use crate::{ImageTower, Pictures, parts};
use stage::{Stage, StageShape};

/// Edge of the stem's patches.
const STEM: usize = 4;
/// Pictures in a batch on the processor: their first stage is large, their last one small.
const BATCH_ON_CPU: usize = 4;
/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 32;

/// The trunk and its head.
pub(super) struct ConvNext {
    grid: Grid,
    normalise: Normalise,
    stem: Linear,
    stem_norm: Norm,
    stages: Vec<Stage>,
    norm: Norm,
    head: Head,
    runtime: Runtime,
}

impl ConvNext {
    /// From the tensors whose names begin with the configured prefix, and `visual.head.*`.
    pub fn load(
        config: &ConvNextConfig,
        spec: &PreprocessSpec,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let name = |part: &str| format!("{}{part}", config.prefix);
        let eps = config.eps;
        let [(_, first), .., (_, last)] = config.stages;
        let stem = patch_convolution(weights, &name("stem.0"), [first, 3], STEM, runtime)?;
        let stem_norm = parts::norm(weights, &name("stem.1"), first, eps, runtime)?;
        let mut stages = Vec::with_capacity(config.stages.len());
        let mut inputs = None;
        for (number, (blocks, channels)) in config.stages.into_iter().enumerate() {
            let shape = StageShape { blocks, inputs, channels, eps };
            let base = format!("stages.{number}");
            stages.push(Stage::load(weights, &name(&base), shape, runtime)?);
            inputs = Some(channels);
        }
        Ok(Self {
            grid: Grid { image: config.image, patch: [STEM; 2] },
            normalise: Normalise::new(spec.mean, spec.std),
            stem,
            stem_norm,
            stages,
            norm: parts::norm(weights, &name("head.norm"), last, eps, runtime)?,
            head: head(config, [dim, last], weights, runtime)?,
            runtime: runtime.clone(),
        })
    }
}

fn head(
    config: &ConvNextConfig,
    shape: [usize; 2],
    weights: &mut Weights,
    runtime: &Runtime,
) -> std::result::Result<Head, TowerError> {
    match config.head {
        ConvNextHead::None => Ok(Head::None),
        // In f32, as projections are.
        ConvNextHead::Hidden(_) => {
            let name = format!("{}head.pre_logits.fc", config.prefix);
            Ok(Head::Activated(parts::linear(weights, &name, shape, None, &runtime.exact())?))
        }
        ConvNextHead::Behind(kind) => {
            let mlp = ["visual.head.mlp.fc1", "visual.head.mlp.fc2"];
            let names = ProjectionNames::layers("visual.head.proj", mlp);
            parts::projection(weights, &names, kind, shape, runtime)
        }
    }
}

impl ImageTower for ConvNext {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let patches = pictures.patches(self.grid, self.normalise, &self.runtime)?;
        let x = self.stem_norm.forward(&self.stem.forward(&patches)?)?;
        let x = self.stages.iter().try_fold(x, |x, stage| stage.forward(x))?;
        self.head.forward(self.norm.forward(&x.mean((1, 2))?)?)
    }

    fn batch(&self) -> usize {
        self.runtime.batch(BATCH_ON_CPU, BATCH_ON_GPU)
    }
}
