//! Pooling by attention: the mean of all pixels asks, the pixels and their mean answer
//! (`AttentionPool2d` in openai/CLIP and open_clip).

use candle_core::{Result, Tensor};
use seer_checkpoint::config::ResNetConfig;

use crate::error::TowerError;
use crate::layers::{Heads, Linear, Mask};
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::{QkvNames, Weights};

/// From the last image to a point in the shared space.
pub(super) struct AttentionPool {
    /// `[1, 1 + pixels, features]`, the mean's first.
    position: Tensor,
    qkv: Linear,
    heads: Heads,
    out: Linear,
}

impl AttentionPool {
    /// From the tensors `visual.attnpool.*`.
    pub fn load(
        config: &ResNetConfig,
        dim: usize,
        weights: &mut Weights,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let (features, rows) = (config.features(), 1 + config.pixels());
        let name = |part: &str| format!("visual.attnpool.{part}");
        let position = weights.take(&name("positional_embedding"), &[rows, features])?;
        let names = QkvNames::Apart(["q_proj", "k_proj", "v_proj"].map(name));
        Ok(Self {
            position: runtime.tensor(position, (1, rows, features))?,
            qkv: parts::joined_qkv(weights, &names, features, runtime)?,
            heads: Heads::new(config.heads, features, runtime),
            out: parts::linear(weights, &name("c_proj"), [dim, features], None, runtime)?,
        })
    }

    /// `[batch, height, width, features]` to `[batch, dim]`, f32.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (batch, height, width, features) = x.dims4()?;
        let pixels = x.reshape((batch, height * width, features))?;
        let rows = Tensor::cat(&[&pixels.mean_keepdim(1)?, &pixels], 1)?;
        let rows = rows.broadcast_add(&self.position)?;
        let query = self.qkv.forward_part(&rows.narrow(1, 0, 1)?, 0..features)?;
        let kv = self.qkv.forward_part(&rows, features..3 * features)?;
        self.out.forward(&self.heads.attend_once(&query, &kv, Mask::None)?.squeeze(1)?)
    }
}
