//! The vision transformer (Dosovitskiy and others, 2020) in CLIP's form (Radford and others, 2021),
//! in SigLIP's (Zhai and others, 2023) and in CoCa's (Yu and others, 2022).

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{ImagePooling, Layout, VitConfig};
use seer_types::PreprocessSpec;

use crate::error::TowerError;
use crate::layers::{AttentionPool, Head, Mask, Norm, Transformer};
use crate::patch_tokens::{PatchTokens, TokenPlan};
use crate::pools::{self, CocaPlan, PoolPlan};
use crate::positions;
use crate::runtime::Runtime;
use crate::weights::{PoolNames, VitNames, Weights};
use crate::{ImageTower, Pictures, parts};

/// Patches, and mostly a class token, through transformer blocks.
pub(super) struct Vit {
    tokens: PatchTokens,
    transformer: Transformer,
    pooling: Pooling,
    projection: Head,
}

/// From the tokens after the blocks to one point.
enum Pooling {
    Class { norm: Norm },
    Average { norm: Norm, norm_after: bool },
    Attention { norm: Norm, pool: Box<AttentionPool>, norm_after: Option<Norm> },
}

impl Vit {
    pub fn load(
        config: &VitConfig,
        spec: &PreprocessSpec,
        dim: usize,
        layout: Layout,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let siglip = config.pooling == ImagePooling::Attention;
        let names = if siglip { VitNames::siglip(layout) } else { VitNames::new(layout) };
        let width = config.transformer.width;
        let plan = TokenPlan {
            image: config.image,
            patch: config.patch,
            width,
            eps: config.transformer.eps,
            layer: &names.patch,
            bias: siglip,
            class: (!siglip).then_some(names.class.as_str()),
            position: &names.position,
            resampling: positions::of_pictures(layout),
            norm: config.norm_before.then_some(names.norm_before.as_str()),
            timm: names.timm,
        };
        let block_names = |number| names.block(number);
        // CoCa's pooling already leads into the shared space.
        let coca = matches!(config.pooling, ImagePooling::Queries { .. });
        let inputs = if coca { dim } else { width };
        Ok(Self {
            tokens: PatchTokens::load(&plan, spec, weights, runtime)?,
            transformer: parts::transformer(weights, block_names, &config.transformer, runtime)?,
            pooling: Pooling::load(config, &names, dim, layout, weights, runtime)?,
            projection: parts::projection(
                weights,
                &names.projection,
                config.projection,
                [dim, inputs],
                runtime,
            )?,
        })
    }
}

impl Pooling {
    fn load(
        config: &VitConfig,
        names: &VitNames,
        dim: usize,
        layout: Layout,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let blocks = &config.transformer;
        let (width, eps) = (blocks.width, blocks.eps);
        let mut norm =
            |name: &str, width: usize| parts::norm(&mut *weights, name, width, eps, runtime);
        Ok(match config.pooling {
            ImagePooling::Class => Self::Class { norm: norm(&names.norm_after, width)? },
            ImagePooling::Average => {
                let norm_after = config.norm_after_pooling;
                Self::Average { norm: norm(&names.norm_after, width)?, norm_after }
            }
            ImagePooling::Attention => {
                let norm = norm(&names.norm_after, width)?;
                let plan = PoolPlan::like(blocks);
                let pool = pools::with_mlp(weights, &PoolNames::new(layout), &plan, runtime)?;
                Self::Attention { norm, pool: Box::new(pool), norm_after: None }
            }
            ImagePooling::Queries { count, heads } => {
                let keys = norm("visual.attn_pool.ln_k", width)?;
                let norm_after = Some(norm(&names.norm_after, dim)?);
                let plan = CocaPlan { width, dim, queries: count, heads, eps };
                let pool = Box::new(pools::coca(weights, &plan, runtime)?);
                Self::Attention { norm: keys, pool, norm_after }
            }
        })
    }
}

impl ImageTower for Vit {
    fn forward(&self, pictures: Pictures) -> Result<Tensor> {
        let tokens = self.tokens.forward(pictures)?;
        let pooled = match &self.pooling {
            Pooling::Class { norm } => {
                let places = vec![0; tokens.dim(0)?];
                norm.forward(&self.transformer.forward_once(tokens, Mask::None, &places)?)?
            }
            Pooling::Average { norm, norm_after } => {
                let tokens = self.transformer.forward(tokens, Mask::None)?;
                let patches = self.tokens.without_class(&tokens)?;
                if *norm_after {
                    norm.forward(&patches.mean(1)?)?
                } else {
                    norm.forward(&patches)?.mean(1)?
                }
            }
            Pooling::Attention { norm, pool, norm_after } => {
                let tokens = self.transformer.forward(tokens, Mask::None)?;
                let pooled = pool.forward(&norm.forward(&tokens)?)?;
                norm_after.as_ref().map_or(Ok(pooled.clone()), |norm| norm.forward(&pooled))?
            }
        };
        self.projection.forward(pooled)
    }

    fn batch(&self) -> usize {
        self.tokens.batch()
    }
}
