//! Pooling by attention.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;

use crate::layers::{Heads, Linear, Mask, Norm};

/// A learnt query over all places (Lee and others: Set Transformer, 2019); in SigLIP (Zhai and
/// others, 2023) and the Perception Encoder (Bolya and others, 2025) an MLP follows, in CoCa (Yu
/// and others, 2022) none.
pub(crate) struct AttentionPool {
    /// The query, already through its projection: `[1, 1, heads * head width]`.
    pub query: Tensor,
    /// Into keys and values, in this order.
    pub kv: Linear,
    /// Out of attention.
    pub out: Linear,
    /// The heads.
    pub heads: Heads,
    /// What follows.
    pub mlp: Option<PoolMlp>,
}

/// `x + MLP(Norm(x))`.
pub(crate) struct PoolMlp {
    /// Before the MLP.
    pub norm: Norm,
    /// Into the MLP.
    pub fc1: Linear,
    /// Out of the MLP.
    pub fc2: Linear,
    /// Inside the MLP.
    pub activation: Activation,
}

impl AttentionPool {
    /// `[batch, rows, width]` to `[batch, width of the output]`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.forward_masked(x, Mask::None)
    }

    /// The same over the places that the query sees.
    pub fn forward_masked(&self, x: &Tensor, mask: Mask) -> Result<Tensor> {
        let (batch, width) = (x.dim(0)?, self.query.dim(2)?);
        let queries = self.query.broadcast_as((batch, 1, width))?;
        let attended = self.heads.attend_once(&queries, &self.kv.forward(x)?, mask)?;
        let x = self.out.forward(&attended.reshape((batch, width))?)?;
        self.mlp.as_ref().map_or(Ok(x.clone()), |mlp| mlp.forward(&x))
    }
}

impl PoolMlp {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let hidden = self.fc1.forward_activated(&self.norm.forward(x)?, self.activation)?;
        self.fc2.forward_added(&hidden, x)
    }
}
