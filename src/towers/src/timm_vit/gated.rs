//! ViTamin's transformer block: its MLP is gated (GEGLU: Shazeer, 2020) and has a norm of its own.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::{Activation, TransformerConfig};

use crate::error::TowerError;
use crate::layers::{Heads, Linear, Mask, Norm};
use crate::parts;
use crate::runtime::Runtime;
use crate::weights::{BlockNames, Weights};

/// `x + Attention(Norm(x))`, then with `h = Norm(Norm(x))`: `x + w2(activation(w0(h)) * w1(h))`.
pub(super) struct GatedBlock {
    norm1: Norm,
    qkv: Linear,
    out: Linear,
    norm2: Norm,
    norm3: Norm,
    gate: Linear,
    up: Linear,
    down: Linear,
    heads: Heads,
    activation: Activation,
}

impl GatedBlock {
    /// `names` of the block's other parts, `mlp` before those of its MLP.
    pub fn load(
        weights: &mut Weights,
        names: &BlockNames,
        mlp: &str,
        config: &TransformerConfig,
        runtime: &Runtime,
    ) -> std::result::Result<Self, TowerError> {
        let TransformerConfig { width, mlp_width, eps, .. } = *config;
        let (norm3, [gate, up, down]) =
            (format!("{mlp}.norm"), ["w0", "w1", "w2"].map(|part| format!("{mlp}.{part}")));
        Ok(Self {
            norm1: parts::norm(weights, &names.norm1, width, eps, runtime)?,
            qkv: parts::joined_qkv(weights, &names.qkv, width, runtime)?,
            out: parts::linear(weights, &names.out, [width, width], None, runtime)?,
            norm2: parts::norm(weights, &names.norm2, width, eps, runtime)?,
            norm3: parts::norm(weights, &norm3, width, eps, runtime)?,
            gate: parts::linear(weights, &gate, [mlp_width, width], None, runtime)?,
            up: parts::linear(weights, &up, [mlp_width, width], None, runtime)?,
            down: parts::linear(weights, &down, [width, mlp_width], None, runtime)?,
            heads: parts::heads(config, runtime),
            activation: config.activation,
        })
    }

    /// `[batch, rows, width]` to the same.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let width = x.dim(2)?;
        let qkv = self.qkv.forward_part(&self.norm1.forward(x)?, 0..3 * width)?;
        let x = self.out.forward_added(&self.heads.attend(&qkv, Mask::None)?, x)?;
        let inner = self.norm3.forward(&self.norm2.forward(&x)?)?;
        let gate = self.gate.forward_activated(&inner, self.activation)?;
        self.down.forward_added(&self.up.forward_multiplied(&inner, &gate)?, &x)
    }
}
