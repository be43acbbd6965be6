//! FastViT's blocks: pixels are mixed by a convolution or by attention, then comes an MLP that
//! looks around first.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{Activation, FastVitConfig};

use crate::error::TowerError;
use crate::fastvit::kernels::{EPS, Reader, Shape};
use crate::layers::{Depthwise, Heads, Linear, Mask, Norm};
use crate::parts;

/// Edge of the kernel that mixes pixels.
const MIXER: usize = 3;
/// Edge of the kernel before an MLP.
const AROUND: usize = 7;

/// Images `[batch, height, width, channels]`, in and out.
pub(super) struct Block {
    mixer: Mixer,
    mlp: Mlp,
}

enum Mixer {
    /// With the image itself worked in.
    Convolution(Depthwise),
    Attention(Box<Attention>),
}

/// `x + scale * proj(attention(norm(x)))`; a batch norm is worked into `qkv`.
struct Attention {
    norm: Option<Norm>,
    qkv: Linear,
    out: Linear,
    heads: Heads,
}

/// `x + scale * fc2(GELU(fc1(around(x))))`.
struct Mlp {
    around: Depthwise,
    fc1: Linear,
    fc2: Linear,
}

impl Block {
    /// From the tensors `BASE.*`, whose pixels a convolution mixes.
    pub fn of_convolution(
        reader: &mut Reader,
        base: &str,
        channels: usize,
        config: &FastVitConfig,
    ) -> std::result::Result<Self, TowerError> {
        let mixer = reader.mixer(&format!("{base}.token_mixer"), channels, MIXER)?;
        let mixer = Mixer::Convolution(mixer.depthwise(channels, 1, reader.runtime)?);
        let mlp = Mlp::load(reader, base, "layer_scale", [channels, config.mlp_ratio])?;
        Ok(Self { mixer, mlp })
    }

    /// From the tensors `BASE.*`, whose pixels attention mixes.
    pub fn of_attention(
        reader: &mut Reader,
        base: &str,
        channels: usize,
        config: &FastVitConfig,
    ) -> std::result::Result<Self, TowerError> {
        let attention = Attention::load(reader, base, channels, config.layer_norm)?;
        let mlp = Mlp::load(reader, base, "layer_scale_2", [channels, config.mlp_ratio])?;
        Ok(Self { mixer: Mixer::Attention(Box::new(attention)), mlp })
    }

    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let x = match &self.mixer {
            Mixer::Convolution(mixer) => mixer.forward(x)?,
            Mixer::Attention(attention) => attention.forward(x)?,
        };
        let inner = self.mlp.around.forward(&x)?;
        let inner = self.mlp.fc1.forward_activated(&inner, Activation::Gelu)?;
        self.mlp.fc2.forward_added(&inner, &x)
    }
}

impl Mlp {
    fn load(
        reader: &mut Reader,
        base: &str,
        scale: &str,
        [channels, ratio]: [usize; 2],
    ) -> std::result::Result<Self, TowerError> {
        let shape = Shape { outputs: channels, inputs: 1, edge: AROUND };
        let around = reader.branch(&format!("{base}.mlp.conv"), shape)?;
        let scale = reader.scale(&format!("{base}.{scale}"), channels)?;
        let inner = channels * ratio;
        Ok(Self {
            around: around.depthwise(channels, 1, reader.runtime)?,
            fc1: reader.pixel(&format!("{base}.mlp.fc1"), [inner, channels], None)?,
            fc2: reader.pixel(&format!("{base}.mlp.fc2"), [channels, inner], Some(&scale))?,
        })
    }
}

impl Attention {
    fn load(
        reader: &mut Reader,
        base: &str,
        channels: usize,
        layer_norm: bool,
    ) -> std::result::Result<Self, TowerError> {
        let (norm_name, mixer) = (format!("{base}.norm"), format!("{base}.token_mixer"));
        let qkv = format!("{mixer}.qkv.weight");
        let mut qkv = reader.weights.take(&qkv, &[3 * channels, channels])?;
        let (norm, bias) = if layer_norm {
            let norm = parts::norm(reader.weights, &norm_name, channels, EPS, reader.runtime)?;
            (Some(norm), None)
        } else {
            let (factors, added) = parts::batch_norm(reader.weights, &norm_name, channels, EPS)?;
            (None, Some(work_in(&mut qkv, &factors, &added)))
        };
        let scale = reader.scale(&format!("{base}.layer_scale_1"), channels)?;
        let proj = format!("{mixer}.proj");
        Ok(Self {
            norm,
            qkv: Linear::new(qkv, bias, [3 * channels, channels], reader.runtime)?,
            out: parts::linear(reader.weights, &proj, [channels; 2], Some(&scale), reader.runtime)?,
            heads: Heads::new(channels / FastVitConfig::HEAD, channels, reader.runtime),
        })
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, height, width, channels) = x.dims4()?;
        let rows = x.reshape((batch, height * width, channels))?;
        let normed = self.norm.as_ref().map_or(Ok(rows.clone()), |norm| norm.forward(&rows))?;
        let qkv = self.qkv.forward_part(&normed, 0..3 * channels)?;
        let attended = self.heads.attend(&qkv, Mask::None)?;
        self.out.forward_added(&attended, &rows)?.reshape((batch, height, width, channels))
    }
}

/// Makes `matrix` one that takes its input before a factor and something added per column; gives
/// what is added to its outputs.
fn work_in(matrix: &mut [f32], factors: &[f32], added: &[f32]) -> Vec<f32> {
    let rows = matrix.chunks_exact_mut(factors.len());
    rows.map(|row| {
        let bias = row.iter().zip(added).map(|(w, value)| w * value).sum();
        row.iter_mut().zip(factors).for_each(|(w, factor)| *w *= factor);
        bias
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_norm_before_a_matrix_is_worked_into_it() {
        let mut matrix = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(work_in(&mut matrix, &[2.0, 10.0], &[1.0, -1.0]), [-1.0, -1.0]);
        assert_eq!(matrix, [2.0, 20.0, 6.0, 40.0]);
    }
}
