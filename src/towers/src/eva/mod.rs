//! EVA (Fang and others, 2022), EVA-02 (Fang and others, 2023) and the Perception Encoder (Bolya
//! and others, 2025) as image towers of OpenCLIP, in the form of timm's `Eva`: a vision transformer
//! with rotary positions, gated MLPs, and norms inside, before or after.

mod block;
mod load;

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{Activation, EvaConfig, EvaPooling, Layout, Projection};
use seer_types::PreprocessSpec;

use crate::error::TowerError;
use crate::layers::{AttentionPool, Head, Norm, Rotary};
use crate::patch_tokens::{PatchTokens, TokenPlan};
use crate::pools::{self, PoolPlan};
use crate::runtime::Runtime;
use crate::weights::{PoolNames, ProjectionNames, Weights};
use crate::{ImageTower, Pictures, parts, positions};
use block::Block;

/// Hidden channels of the pooling's MLP for each of its channels.
const POOL_EXPANSION: usize = 4;

/// Tokens, blocks, pooling, head.
pub(super) struct Eva {
    tokens: PatchTokens,
    rotary: Option<Rotary>,
    blocks: Vec<Block>,
    norm: Norm,
    pooling: Pooling,
    head: Head,
}

/// From the tokens after the blocks to one point.
enum Pooling {
    Class,
    Average,
    Attention(Box<AttentionPool>),
}

impl Eva {
    /// From the tensors `visual.trunk.*`.
    pub fn load(
        config: &EvaConfig,
        spec: &PreprocessSpec,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let EvaConfig { width, heads, eps, .. } = *config;
        let blocks = (0..config.layers).map(|number| load::block(config, number, weights, runtime));
        let blocks = blocks.collect::<std::result::Result<_, _>>()?;
        // timm has its norm behind the pooling where it averages.
        let norm = match config.pooling {
            EvaPooling::Average => "visual.trunk.fc_norm",
            EvaPooling::Class | EvaPooling::Attention { .. } => "visual.trunk.norm",
        };
        let names = ProjectionNames::layers("visual.trunk.head", ["no such layer"; 2]);
        let projection = Projection::Linear { bias: true };
        let patches = config.image.map(|length| length / config.patch);
        let class = usize::from(config.class_token);
        let rotary = config.rotary.as_ref();
        let rotary =
            rotary.map(|rotary| Rotary::new(rotary, patches, class, width / heads, runtime));
        Ok(Self {
            tokens: tokens(config, spec, weights, runtime)?,
            rotary: rotary.transpose()?,
            blocks,
            norm: parts::norm(weights, norm, width, eps, runtime)?,
            pooling: Pooling::load(config, weights, runtime)?,
            head: parts::projection(weights, &names, projection, [dim, width], runtime)?,
        })
    }

    fn through(&self, blocks: &[Block], x: Tensor) -> Result<Tensor> {
        blocks.iter().try_fold(x, |x, block| block.forward(&x, self.rotary.as_ref()))
    }

    /// `[pictures, width]` from the class tokens, which spares most of the last block.
    fn class(&self, tokens: Tensor) -> Result<Tensor> {
        let Some((last, blocks)) = self.blocks.split_last() else {
            return tokens.narrow(1, 0, 1)?.squeeze(1);
        };
        last.forward_class(&self.through(blocks, tokens)?, self.rotary.as_ref())
    }
}

impl Pooling {
    fn load(
        config: &EvaConfig,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        Ok(match config.pooling {
            EvaPooling::Class => Self::Class,
            EvaPooling::Average => Self::Average,
            EvaPooling::Attention { heads } => {
                let plan = PoolPlan {
                    width: config.width,
                    heads,
                    mlp_width: POOL_EXPANSION * config.width,
                    activation: Activation::Gelu,
                    eps: config.eps,
                };
                let names = PoolNames::new(Layout::OpenClip);
                Self::Attention(Box::new(pools::with_mlp(weights, &names, &plan, runtime)?))
            }
        })
    }
}

fn tokens(
    config: &EvaConfig,
    spec: &PreprocessSpec,
    weights: &mut Weights,
    runtime: &Runtime,
) -> std::result::Result<PatchTokens, TowerError> {
    let plan = TokenPlan {
        image: config.image,
        patch: [config.patch; 2],
        width: config.width,
        eps: config.eps,
        layer: "visual.trunk.patch_embed.proj",
        bias: !config.norm_before, // the norm would take it away again
        class: config.class_token.then_some("visual.trunk.cls_token"),
        position: "visual.trunk.pos_embed",
        resampling: positions::of_pictures(Layout::OpenClip),
        norm: config.norm_before.then_some("visual.trunk.norm_pre"),
        timm: true,
    };
    PatchTokens::load(&plan, spec, weights, runtime)
}

impl ImageTower for Eva {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let tokens = self.tokens.forward(pictures)?;
        let pooled = match &self.pooling {
            Pooling::Class => self.norm.forward(&self.class(tokens)?)?,
            Pooling::Average => {
                let tokens = self.through(&self.blocks, tokens)?;
                self.norm.forward(&self.tokens.without_class(&tokens)?.mean(1)?)?
            }
            Pooling::Attention(pool) => {
                pool.forward(&self.norm.forward(&self.through(&self.blocks, tokens)?)?)?
            }
        };
        self.head.forward(pooled)
    }

    fn batch(&self) -> usize {
        self.tokens.batch()
    }
}
