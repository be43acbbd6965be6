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

    /// The first hidden units of two matrices before GELU, `[batch, units]`, where a cut is after
    /// them; nothing of another head.
    pub fn hidden(&self, x: &Tensor, units: usize) -> Result<Option<Tensor>> {
        match self {
            Self::Mlp(first, _) => first.forward_part(x, 0..units).map(Some),
            Self::None | Self::Linear(_) | Self::Activated(_) => Ok(None),
        }
    }
}
