//! Pooling by attention.

use candle_core::{Result, Tensor};

use crate::config::Activation;
use crate::layers::{Heads, Linear, Mask, Norm};

/// A learnt query over all places, then `x + MLP(Norm(x))` (Lee and others: Set Transformer, 2019;
/// in SigLIP: Zhai and others, 2023).
pub(crate) struct AttentionPool {
    /// The query, already through its projection: `[1, 1, width]`.
    pub query: Tensor,
    /// Into keys and values, in this order.
    pub kv: Linear,
    /// Out of attention.
    pub out: Linear,
    /// Before the MLP.
    pub norm: Norm,
    /// Into the MLP.
    pub fc1: Linear,
    /// Out of the MLP.
    pub fc2: Linear,
    /// Inside the MLP.
    pub activation: Activation,
    /// The heads.
    pub heads: Heads,
}

impl AttentionPool {
    /// `[batch, rows, width]` to `[batch, width]`.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        self.forward_masked(x, Mask::None)
    }

    /// The same over the places that the query sees.
    pub fn forward_masked(&self, x: &Tensor, mask: Mask) -> Result<Tensor> {
        let (batch, _, width) = x.dims3()?;
        let queries = self.query.broadcast_as((batch, 1, width))?;
        let attended = self.heads.attend_once(&queries, &self.kv.forward(x)?, mask)?;
        let x = self.out.forward(&attended.reshape((batch, width))?)?;
        let hidden = self.fc1.forward_activated(&self.norm.forward(&x)?, self.activation)?;
        self.fc2.forward_added(&hidden, &x)
    }
}
