//! One block of the trunk.

use candle_core::{Result, Tensor};

use crate::layers::{Heads, Hidden, Linear, Mask, Norm, Rotary};

/// Attention and MLP. Before each a norm, `x + f(Norm(x))`, or after each, `x + Norm(f(x))`.
pub(super) struct Block {
    /// Of attention.
    pub norm1: Norm,
    /// Into queries, keys and values, in this order.
    pub qkv: Linear,
    /// The heads.
    pub heads: Heads,
    /// Between the heads and `out`.
    pub attended_norm: Option<Norm>,
    /// Out of attention.
    pub out: Linear,
    /// Of the MLP.
    pub norm2: Norm,
    /// Into the MLP.
    pub hidden: Hidden,
    /// Between `hidden` and `fc2`.
    pub hidden_norm: Option<Norm>,
    /// Out of the MLP.
    pub fc2: Linear,
    /// Whether the norms come after attention and MLP.
    pub norms_after: bool,
}

impl Block {
    /// `[batch, rows, width]` to the same.
    pub fn forward(&self, x: &Tensor, rotary: Option<&Rotary>) -> Result<Tensor> {
        let width = x.dim(2)?;
        let inner = self.before(&self.norm1, x)?;
        let qkv = match rotary {
            Some(rotary) => self.qkv.forward_rotated(&inner, 0..3 * width, rotary, 2 * width),
            None => self.qkv.forward_part(&inner, 0..3 * width),
        };
        self.join(&self.heads.attend(&qkv?, Mask::None)?, x)
    }

    /// The same for the first place alone, the class token, which has no place to be turned by:
    /// `[batch, rows, width]` to `[batch, width]`.
    pub fn forward_class(&self, x: &Tensor, rotary: Option<&Rotary>) -> Result<Tensor> {
        let (batch, _, width) = x.dims3()?;
        let inner = self.before(&self.norm1, x)?;
        let queries = self.qkv.forward_part(&inner.narrow(1, 0, 1)?, 0..width)?;
        let outputs = width..3 * width;
        let kv = match rotary {
            Some(rotary) => self.qkv.forward_rotated(&inner, outputs, rotary, width),
            None => self.qkv.forward_part(&inner, outputs),
        };
        let attended = self.heads.attend_once(&queries, &kv?, Mask::None)?;
        self.join(&attended.reshape((batch, width))?, &x.narrow(1, 0, 1)?.squeeze(1)?)
    }

    /// What comes after the heads.
    fn join(&self, attended: &Tensor, x: &Tensor) -> Result<Tensor> {
        let attended = inside(self.attended_norm.as_ref(), attended)?;
        let x = self.after(&self.out, &attended, &self.norm1, x)?;
        let hidden = self.hidden.forward(&self.before(&self.norm2, &x)?)?;
        let hidden = inside(self.hidden_norm.as_ref(), &hidden)?;
        self.after(&self.fc2, &hidden, &self.norm2, &x)
    }

    fn before(&self, norm: &Norm, x: &Tensor) -> Result<Tensor> {
        if self.norms_after { Ok(x.clone()) } else { norm.forward(x) }
    }

    fn after(&self, layer: &Linear, branch: &Tensor, norm: &Norm, x: &Tensor) -> Result<Tensor> {
        if self.norms_after {
            norm.forward_added(&layer.forward(branch)?, x)
        } else {
            layer.forward_added(branch, x)
        }
    }
}

fn inside(norm: Option<&Norm>, x: &Tensor) -> Result<Tensor> {
    norm.map_or(Ok(x.clone()), |norm| norm.forward(x))
}
