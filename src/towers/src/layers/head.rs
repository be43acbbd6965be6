//! The last step of a tower.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;

use crate::layers::Linear;

/// The way from a tower's width into the shared space.
pub(crate) enum Head {
    /// They are the same.
    None,
    /// One matrix.
    Linear(Linear),
    /// Two, with GELU between.
    Mlp(Linear, Linear),
    /// One matrix, then GELU.
    Activated(Linear),
}

impl Head {
    /// `[batch, width]` to `[batch, dim]`.
    pub fn forward(&self, x: Tensor) -> Result<Tensor> {
        match self {
            Self::None => Ok(x),
            Self::Linear(layer) => layer.forward(&x),
            Self::Activated(layer) => layer.forward_activated(&x, Activation::Gelu),
            Self::Mlp(first, second) => {
                second.forward(&first.forward_activated(&x, Activation::Gelu)?)
            }
        }
    }
}
