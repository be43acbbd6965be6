//! Layers from weights, as both transformer towers need them.

use seer_checkpoint::config::{Projection, TransformerConfig};
use seer_kernels::transpose::transposed;

use crate::error::TowerError;
use crate::layers::{Block, Head, Heads, Linear, Norm, Transformer};
use crate::runtime::Runtime;
use crate::weights::{BlockNames, Matrix, ProjectionNames, QkvNames, Weights};

/// A layer norm: `BASE.weight` and `BASE.bias`.
pub(super) fn norm(
    weights: &mut Weights,
    base: &str,
    width: usize,
    eps: f32,
    runtime: &Runtime,
) -> Result<Norm, TowerError> {
    let weight = weights.take(&format!("{base}.weight"), &[width])?;
    let bias = weights.take(&format!("{base}.bias"), &[width])?;
    Ok(Norm::new(weight, bias, eps, runtime)?)
}

/// Weight and bias of a linear layer: `BASE.weight` and `BASE.bias`.
pub(super) fn matrix(
    weights: &mut Weights,
    base: &str,
    [outputs, inputs]: [usize; 2],
) -> Result<(Vec<f32>, Vec<f32>), TowerError> {
    let weight = weights.take(&format!("{base}.weight"), &[outputs, inputs])?;
    let bias = weights.take(&format!("{base}.bias"), &[outputs])?;
    Ok((weight, bias))
}

/// A linear layer; `scale`, one factor per output, is worked into it.
pub(super) fn linear(
    weights: &mut Weights,
    base: &str,
    [outputs, inputs]: [usize; 2],
    scale: Option<&[f32]>,
    runtime: &Runtime,
) -> Result<Linear, TowerError> {
    let mut weight = weights.take_matrix(&format!("{base}.weight"), [outputs, inputs])?;
    let mut bias = weights.take(&format!("{base}.bias"), &[outputs])?;
    if let Some(scale) = scale {
        for (row, factor) in weight.values_mut().chunks_exact_mut(inputs).zip(scale) {
            row.iter_mut().for_each(|w| *w *= factor);
        }
        bias.iter_mut().zip(scale).for_each(|(bias, factor)| *bias *= factor);
    }
    Ok(Linear::new(weight, Some(bias), [outputs, inputs], runtime)?)
}

/// Weight and bias of a convolution without bias whose [`batch_norm`] is worked in. `shape`: `[outputs, inputs, rows, columns]` of the kernel.
pub(super) fn folded(
    weights: &mut Weights,
    [convolution, norm]: &[String; 2],
    shape: [usize; 4],
    eps: f32,
) -> Result<(Vec<f32>, Vec<f32>), TowerError> {
    let mut weight = weights.take(&format!("{convolution}.weight"), &shape)?;
    let (scales, bias) = batch_norm(weights, norm, shape[0], eps)?;
    let per_output = shape[1] * shape[2] * shape[3];
    for (kernel, scale) in weight.chunks_exact_mut(per_output).zip(scales) {
        kernel.iter_mut().for_each(|w| *w *= scale);
    }
    Ok((weight, bias))
}

/// A batch norm running on what it has seen in training, as a factor per channel and something
/// added after it: `s = weight / sqrt(variance + eps)` and `bias - mean s`.
pub(super) fn batch_norm(
    weights: &mut Weights,
    base: &str,
    channels: usize,
    eps: f32,
) -> Result<(Vec<f32>, Vec<f32>), TowerError> {
    let mut values = |part: &str| weights.take(&format!("{base}.{part}"), &[channels]);
    let (gain, shift) = (values("weight")?, values("bias")?);
    let (mean, variance) = (values("running_mean")?, values("running_var")?);
    let scales: Vec<f32> = gain.iter().zip(variance).map(|(g, v)| g / (v + eps).sqrt()).collect();
    let bias = shift.iter().zip(mean).zip(&scales).map(|((b, m), s)| b - m * s).collect();
    Ok((scales, bias))
}

/// Queries, keys and values as one layer.
pub(super) fn joined_qkv(
    weights: &mut Weights,
    names: &QkvNames,
    width: usize,
    runtime: &Runtime,
) -> Result<Linear, TowerError> {
    let (weight, bias) = match names {
        QkvNames::Together { weight, bias } => {
            (weights.take_matrix(weight, [3 * width, width])?, weights.take(bias, &[3 * width])?)
        }
        QkvNames::Apart(bases) => {
            let (mut parts, mut bias) = (Vec::new(), Vec::new());
            for base in bases {
                parts.push(weights.take_matrix(&format!("{base}.weight"), [width, width])?);
                bias.extend(weights.take(&format!("{base}.bias"), &[width])?);
            }
            (Matrix::stacked(parts), bias)
        }
    };
    // The last block asks for queries apart from keys and values.
    Ok(Linear::with_cuts(weight, Some(bias), [3 * width, width], &[width], runtime)?)
}

fn block(
    weights: &mut Weights,
    names: &BlockNames,
    config: &TransformerConfig,
    runtime: &Runtime,
) -> Result<Block, TowerError> {
    let TransformerConfig { width, mlp_width, eps, .. } = *config;
    let mut scale =
        |name: &str| config.layer_scale.then(|| weights.take(name, &[width])).transpose();
    let [scale1, scale2] = [scale(&names.scales[0])?, scale(&names.scales[1])?];
    Ok(Block {
        norm1: norm(weights, &names.norm1, width, eps, runtime)?,
        qkv: joined_qkv(weights, &names.qkv, width, runtime)?,
        out: linear(weights, &names.out, [width, width], scale1.as_deref(), runtime)?,
        norm2: norm(weights, &names.norm2, width, eps, runtime)?,
        fc1: linear(weights, &names.fc1, [mlp_width, width], None, runtime)?,
        fc2: linear(weights, &names.fc2, [width, mlp_width], scale2.as_deref(), runtime)?,
        activation: config.activation,
        heads: heads(config, runtime),
    })
}

/// All blocks; `names` gives those of each.
pub(super) fn transformer(
    weights: &mut Weights,
    names: impl Fn(usize) -> BlockNames,
    config: &TransformerConfig,
    runtime: &Runtime,
) -> Result<Transformer, TowerError> {
    let blocks = (0..config.layers).map(|number| block(weights, &names(number), config, runtime));
    Ok(Transformer { blocks: blocks.collect::<Result<_, _>>()? })
}

/// The way into the shared space. It stays in f32: it is small, and every error in it is one in the
/// embedding.
pub(super) fn projection(
    weights: &mut Weights,
    names: &ProjectionNames,
    kind: Projection,
    [outputs, inputs]: [usize; 2],
    runtime: &Runtime,
) -> Result<Head, TowerError> {
    projection_with_cuts(weights, names, kind, [outputs, inputs], &[], runtime)
}

/// The same with the hidden units between which parts of a first of two matrices may be used alone.
pub(super) fn projection_with_cuts(
    weights: &mut Weights,
    names: &ProjectionNames,
    kind: Projection,
    [outputs, inputs]: [usize; 2],
    cuts: &[usize],
    runtime: &Runtime,
) -> Result<Head, TowerError> {
    let runtime = &runtime.exact();
    let mut layer = |base: &str, shape: [usize; 2], bias: bool, cuts: &[usize]| {
        let weight = weights.take(&format!("{base}.weight"), &shape)?;
        let bias = bias.then(|| weights.take(&format!("{base}.bias"), &shape[..1])).transpose()?;
        Ok::<_, TowerError>(Linear::with_cuts(weight, bias, shape, cuts, runtime)?)
    };
    Ok(match (kind, &names.parameter) {
        (Projection::None, _) => Head::None,
        (Projection::Linear { bias: false }, Some(parameter)) => {
            let weight = transposed(&weights.take(parameter, &[inputs, outputs])?, outputs);
            Head::Linear(Linear::new(weight, None, [outputs, inputs], runtime)?)
        }
        (Projection::Linear { bias }, _) => {
            Head::Linear(layer(&names.layer, [outputs, inputs], bias, &[])?)
        }
        (Projection::Mlp { hidden, inner_bias, bias }, _) => Head::Mlp(
            layer(&names.mlp[0], [hidden, inputs], inner_bias, cuts)?,
            layer(&names.mlp[1], [outputs, hidden], bias, &[])?,
        ),
    })
}

/// How the width is shared.
pub(super) fn heads(config: &TransformerConfig, runtime: &Runtime) -> Heads {
    Heads::new(config.heads, config.width, runtime)
}

/// Texts cut or filled up to `rows` ids each.
pub(super) fn padded(texts: &[&[u32]], rows: usize, pad_id: u32) -> Vec<u32> {
    let one = |ids: &&[u32]| -> Vec<u32> {
        ids.iter().copied().chain(std::iter::repeat(pad_id)).take(rows).collect()
    };
    texts.iter().flat_map(one).collect()
}

/// How many ids come before the padding at the end; at least 1.
pub(super) fn length(ids: &[u32], pad_id: u32) -> usize {
    ids.iter().rposition(|id| *id != pad_id).map_or(1, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_ends_a_text() {
        assert_eq!(length(&[5, 0, 6, 0, 0], 0), 3);
        assert_eq!(length(&[0, 0], 0), 1);
        assert_eq!(length(&[1, 2], 0), 2);
    }

    #[test]
    fn texts_are_cut_and_filled_up() {
        assert_eq!(padded(&[&[1, 2, 3], &[4]], 2, 7), [1, 2, 4, 7]);
    }
}
