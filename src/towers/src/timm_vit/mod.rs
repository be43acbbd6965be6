//! The vision transformer (Dosovitskiy and others, 2020) as timm builds it: CLIP's (Radford and
//! others, 2021), MobileCLIP's with a stem of convolutions (Vasu and others, 2024), ViTamin (Chen
//! and others, 2024) with one of inverted bottlenecks and gated MLPs.

mod bottleneck;
mod gated;
mod stem;

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{Projection, TimmHead, TimmPosition, TimmVitConfig};
use seer_kernels::patches::Normalise;
use seer_types::PreprocessSpec;

use crate::error::TowerError;
use crate::layers::{Head, Mask, Norm, Transformer};
use crate::runtime::Runtime;
use crate::weights::{ProjectionNames, Weights, timm_block};
use crate::{ImageTower, Pictures, ROWS_ON_CPU, parts};
use gated::GatedBlock;
use stem::Stem;

/// Pictures in a batch on a GPU.
const BATCH_ON_GPU: usize = 64;

/// Tokens through transformer blocks.
pub(super) struct TimmVit {
    stem: Stem,
    class: Option<Tensor>,
    position: Option<Tensor>,
    position_for_class: bool,
    norm_before: Option<Norm>,
    blocks: Blocks,
    norm: Norm,
    head: Head,
    tokens: usize,
    runtime: Runtime,
}

enum Blocks {
    Plain(Transformer),
    Gated(Vec<GatedBlock>),
}

impl TimmVit {
    /// From the tensors whose names begin with the configured prefix, and `visual.head.*`.
    pub fn load(
        config: &TimmVitConfig,
        spec: &PreprocessSpec,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let name = |part: &str| format!("{}{part}", config.prefix);
        let (width, eps) = (config.transformer.width, config.transformer.eps);
        let normalise = Normalise::new(spec.mean, spec.std);
        let stem = Stem::load(config, normalise, weights, runtime)?;
        let tokens = stem.tokens();
        let mut parameter = |part: &str, rows: usize| {
            let values = weights.take(&name(part), &[1, rows, width])?;
            Ok::<_, TowerError>(runtime.tensor(values, (1, rows, width))?)
        };
        let class = config.class.then(|| parameter("cls_token", 1)).transpose()?;
        let position_for_class = config.class && config.position == TimmPosition::All;
        let places = tokens + usize::from(position_for_class);
        let position = (config.position != TimmPosition::None)
            .then(|| parameter("pos_embed", places))
            .transpose()?;
        // timm calls the last norm another name where it comes after the average.
        let norm = name(if config.class { "norm" } else { "fc_norm" });
        Ok(Self {
            stem,
            class,
            position,
            position_for_class,
            norm_before: config
                .norm_before
                .then(|| parts::norm(weights, &name("norm_pre"), width, eps, runtime))
                .transpose()?,
            blocks: Blocks::load(config, weights, runtime)?,
            norm: parts::norm(weights, &norm, width, eps, runtime)?,
            head: head(config, [dim, width], weights, runtime)?,
            tokens: tokens + usize::from(config.class),
            runtime: runtime.clone(),
        })
    }

    /// `[pictures, tokens, width]`, the class token first.
    fn tokens(&self, pictures: Pictures) -> Result<Tensor> {
        let patches = self.stem.forward(pictures)?;
        let placed = |tokens: Tensor| match &self.position {
            Some(position) => tokens.broadcast_add(position),
            None => Ok(tokens),
        };
        let tokens = match &self.class {
            None => placed(patches)?,
            Some(class) => {
                let (batch, _, width) = patches.dims3()?;
                let class = class.broadcast_as((batch, 1, width))?;
                if self.position_for_class {
                    placed(Tensor::cat(&[&class, &patches], 1)?)?
                } else {
                    Tensor::cat(&[&class, &placed(patches)?], 1)?
                }
            }
        };
        self.norm_before.as_ref().map_or(Ok(tokens.clone()), |norm| norm.forward(&tokens))
    }
}

impl Blocks {
    fn load(
        config: &TimmVitConfig,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let blocks = &config.transformer;
        if !config.gated {
            let names = |number| timm_block(config.prefix, number);
            return Ok(Self::Plain(parts::transformer(weights, names, blocks, runtime)?));
        }
        let gated = (0..blocks.layers).map(|number| {
            let names = timm_block(config.prefix, number);
            let mlp = format!("{}blocks.{number}.mlp", config.prefix);
            GatedBlock::load(weights, &names, &mlp, blocks, runtime)
        });
        Ok(Self::Gated(gated.collect::<std::result::Result<_, _>>()?))
    }

    /// All tokens: `[batch, rows, width]` to the same.
    fn forward(&self, x: Tensor) -> Result<Tensor> {
        match self {
            Self::Plain(transformer) => transformer.forward(x, Mask::None),
            Self::Gated(blocks) => blocks.iter().try_fold(x, |x, block| block.forward(&x)),
        }
    }

    /// The first token alone: `[batch, rows, width]` to `[batch, width]`.
    fn forward_first(&self, x: Tensor) -> Result<Tensor> {
        match self {
            Self::Plain(transformer) => {
                let places = vec![0; x.dim(0)?];
                transformer.forward_once(x, Mask::None, &places)
            }
            Self::Gated(_) => self.forward(x)?.narrow(1, 0, 1)?.squeeze(1),
        }
    }
}

fn head(
    config: &TimmVitConfig,
    shape: [usize; 2],
    weights: &mut Weights,
    runtime: &Runtime,
) -> std::result::Result<Head, TowerError> {
    let (names, kind) = match config.head {
        TimmHead::None => return Ok(Head::None),
        TimmHead::InTrunk => {
            let name = format!("{}head", config.prefix);
            (ProjectionNames::layers(&name, [""; 2]), Projection::Linear { bias: true })
        }
        TimmHead::Behind(kind) => {
            let mlp = ["visual.head.mlp.fc1", "visual.head.mlp.fc2"];
            (ProjectionNames::layers("visual.head.proj", mlp), kind)
        }
    };
    parts::projection(weights, &names, kind, shape, runtime)
}

impl ImageTower for TimmVit {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let tokens = self.tokens(pictures)?;
        let pooled = if self.class.is_some() {
            self.blocks.forward_first(tokens)?
        } else {
            self.blocks.forward(tokens)?.mean(1)?
        };
        self.head.forward(self.norm.forward(&pooled)?)
    }

    fn batch(&self) -> usize {
        self.runtime.batch((ROWS_ON_CPU / self.tokens).max(1), BATCH_ON_GPU)
    }
}
