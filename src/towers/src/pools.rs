//! Poolings by attention from weights.

use seer_checkpoint::config::{Activation, TransformerConfig};

use crate::error::TowerError;
use crate::layers::{AttentionPool, Heads, Linear, PoolMlp};
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::{PoolNames, PoolQkvNames, Weights};

/// How the pooling of SigLIP and the Perception Encoder is built.
pub(super) struct PoolPlan {
    /// Channels.
    pub width: usize,
    /// Heads.
    pub heads: usize,
    /// Hidden channels of the MLP.
    pub mlp_width: usize,
    /// Inside the MLP.
    pub activation: Activation,
    /// Added to the variance in the norm.
    pub eps: f32,
}

impl PoolPlan {
    /// The pooling's MLP is as wide as those of the blocks.
    pub fn like(blocks: &TransformerConfig) -> Self {
        let TransformerConfig { width, heads, mlp_width, activation, eps, .. } = *blocks;
        Self { width, heads, mlp_width, activation, eps }
    }
}

/// One query, then an MLP.
pub(super) fn with_mlp(
    weights: &mut Weights,
    names: &PoolNames,
    plan: &PoolPlan,
    runtime: &Runtime,
) -> Result<AttentionPool, TowerError> {
    let PoolPlan { width, heads, mlp_width, activation, eps } = *plan;
    let (q, kv) = match &names.qkv {
        PoolQkvNames::Together([weight, bias]) => {
            let mut q_weight = weights.take(weight, &[3 * width, width])?;
            let mut q_bias = weights.take(bias, &[3 * width])?;
            let kv = (q_weight.split_off(width * width), q_bias.split_off(width));
            ((q_weight, q_bias), kv)
        }
        PoolQkvNames::QueriesApart([q, kv]) => (
            parts::matrix(weights, q, [width, width])?,
            parts::matrix(weights, kv, [2 * width, width])?,
        ),
    };
    let query = runtime.tensor(weights.take(&names.query, &[1, 1, width])?, (1, 1, width))?;
    Ok(AttentionPool {
        query: Linear::new(q.0, Some(q.1), [width, width], runtime)?.forward(&query)?,
        kv: Linear::new(kv.0, Some(kv.1), [2 * width, width], runtime)?,
        out: parts::linear(weights, &names.out, [width, width], None, runtime)?,
        heads: Heads::new(heads, width, runtime),
        mlp: Some(PoolMlp {
            norm: parts::norm(weights, &names.norm, width, eps, runtime)?,
            fc1: parts::linear(weights, &names.fc1, [mlp_width, width], None, runtime)?,
            fc2: parts::linear(weights, &names.fc2, [width, mlp_width], None, runtime)?,
            activation,
        }),
    })
}

/// How CoCa's pooling is built.
pub(super) struct CocaPlan {
    /// Channels of the tokens.
    pub width: usize,
    /// Channels of a query and of what comes out.
    pub dim: usize,
    /// Queries; the first one makes the embedding, the others are the decoder's.
    pub queries: usize,
    /// Heads.
    pub heads: usize,
    /// Added to the variance in the norm of the queries.
    pub eps: f32,
}

/// CoCa's pooling for the embedding, `visual.attn_pool.*` (`AttentionalPooler` in open_clip)
/// without the norm of its keys. Queries do not see each other, so the first one is enough.
pub(super) fn coca(
    weights: &mut Weights,
    plan: &CocaPlan,
    runtime: &Runtime,
) -> Result<AttentionPool, TowerError> {
    let CocaPlan { width, dim, queries, heads, eps } = *plan;
    let name = |part: &str| format!("visual.attn_pool.{part}");
    let mut first = weights.take(&name("query"), &[queries, dim])?;
    first.truncate(dim);
    let norm = parts::norm(weights, &name("ln_q"), dim, eps, runtime)?;
    let first = norm.forward(&runtime.tensor(first, (1, 1, dim))?)?;
    let (q, kv) = coca_projections(weights, [dim, width])?;
    let mut bias = weights.take(&name("attn.in_proj_bias"), &[3 * dim])?;
    let kv_bias = bias.split_off(dim);
    Ok(AttentionPool {
        query: Linear::new(q, Some(bias), [dim, dim], runtime)?.forward(&first)?,
        kv: Linear::new(kv, Some(kv_bias), [2 * dim, width], runtime)?,
        out: parts::linear(weights, &name("attn.out_proj"), [dim, dim], None, runtime)?,
        heads: Heads::new(heads, dim, runtime),
        mlp: None,
    })
}

/// Queries, and keys with values. torch keeps them together where all are equally wide.
fn coca_projections(
    weights: &mut Weights,
    [dim, width]: [usize; 2],
) -> Result<(Vec<f32>, Vec<f32>), TowerError> {
    let mut take = |part: &str, shape: [usize; 2]| {
        weights.take(&format!("visual.attn_pool.attn.{part}"), &shape)
    };
    if dim == width {
        let mut q = take("in_proj_weight", [3 * dim, dim])?;
        let kv = q.split_off(dim * dim);
        return Ok((q, kv));
    }
    let q = take("q_proj_weight", [dim, dim])?;
    let mut kv = take("k_proj_weight", [dim, width])?;
    kv.extend(take("v_proj_weight", [dim, width])?);
    Ok((q, kv))
}
