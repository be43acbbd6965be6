//! Blocks from the tensors `visual.trunk.blocks.*`.

use seer_checkpoint::config::{Activation, EvaConfig, EvaQkv};

use crate::error::TowerError;
use crate::eva::block::Block;
use crate::layers::{Heads, Hidden, Linear, Norm, halves};
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::Weights;

/// The block `number`.
pub(super) fn block(
    config: &EvaConfig,
    number: usize,
    weights: &mut Weights,
    runtime: &Runtime,
) -> Result<Block, TowerError> {
    let EvaConfig { width, mlp_width, eps, .. } = *config;
    let name = |part: &str| format!("visual.trunk.blocks.{number}.{part}");
    let mut norm =
        |part: &str, width: usize| parts::norm(weights, &name(part), width, eps, runtime);
    let inner = |norm: Result<Norm, TowerError>| norm.map(Some);
    let [norm1, norm2] = [norm("norm1", width)?, norm("norm2", width)?];
    let [attended_norm, hidden_norm] = if config.inner_norms {
        [inner(norm("attn.norm", width))?, inner(norm("mlp.norm", mlp_width))?]
    } else {
        [None, None]
    };
    let qkv = qkv(config, &name("attn"), weights, runtime)?;
    let mut linear =
        |part: &str, shape: [usize; 2]| parts::linear(weights, &name(part), shape, None, runtime);
    let wide = [mlp_width, width];
    Ok(Block {
        norm1,
        qkv,
        heads: Heads::new(config.heads, width, runtime),
        attended_norm,
        out: linear("attn.proj", [width, width])?,
        norm2,
        hidden: if config.gated {
            Hidden::Gated(linear("mlp.fc1_g", wide)?, linear("mlp.fc1_x", wide)?)
        } else {
            Hidden::Activated(linear("mlp.fc1", wide)?, Activation::Gelu)
        },
        hidden_norm,
        fc2: linear("mlp.fc2", [width, mlp_width])?,
        norms_after: config.norms_after,
    })
}

/// Queries, keys and values as one layer, with the channels of queries and keys in the order in
/// which they are turned.
fn qkv(
    config: &EvaConfig,
    base: &str,
    weights: &mut Weights,
    runtime: &Runtime,
) -> Result<Linear, TowerError> {
    let (width, head_width) = (config.width, config.width / config.heads);
    let (mut weight, mut bias) = stored_qkv(config.qkv, base, width, weights)?;
    if config.rotary.is_some() {
        for (values, inputs) in [(&mut weight, width), (&mut bias, 1)] {
            let turned = 2 * width * inputs;
            let ordered = halves(&values[..turned], inputs, head_width);
            values[..turned].copy_from_slice(&ordered);
        }
    }
    // The last block asks for queries apart from keys and values.
    Ok(Linear::with_cuts(weight, Some(bias), [3 * width, width], &[width], runtime)?)
}

/// `[3 width, width]` and `[3 width]`, however they are stored.
fn stored_qkv(
    kind: EvaQkv,
    base: &str,
    width: usize,
    weights: &mut Weights,
) -> Result<(Vec<f32>, Vec<f32>), TowerError> {
    let joined = format!("{base}.qkv");
    match kind {
        EvaQkv::Joined => parts::matrix(weights, &joined, [3 * width, width]),
        EvaQkv::JoinedWithoutKeyBias => {
            let weight = weights.take(&format!("{joined}.weight"), &[3 * width, width])?;
            let mut bias = weights.take(&format!("{base}.q_bias"), &[width])?;
            bias.resize(2 * width, 0.0);
            bias.extend(weights.take(&format!("{base}.v_bias"), &[width])?);
            Ok((weight, bias))
        }
        EvaQkv::ApartWithoutKeyBias => {
            let (mut weight, mut bias) =
                parts::matrix(weights, &format!("{base}.q_proj"), [width, width])?;
            weight.extend(weights.take(&format!("{base}.k_proj.weight"), &[width, width])?);
            bias.resize(2 * width, 0.0);
            let values = parts::matrix(weights, &format!("{base}.v_proj"), [width, width])?;
            weight.extend(values.0);
            bias.extend(values.1);
            Ok((weight, bias))
        }
    }
}
