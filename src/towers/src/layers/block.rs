//! Transformer blocks.

use candle_core::{Result, Tensor};
use seer_checkpoint::config::Activation;

use crate::layers::{Heads, Linear, Mask, Norm, host_blocks};

/// `x + Attention(Norm(x))`, then `x + MLP(Norm(x))`.
pub(crate) struct Block {
    /// Before attention.
    pub norm1: Norm,
    /// Into queries, keys and values, in this order.
    pub qkv: Linear,
    /// Out of attention.
    pub out: Linear,
    /// Before the MLP.
    pub norm2: Norm,
    /// Into the MLP.
    pub fc1: Linear,
    /// Out of the MLP.
    pub fc2: Linear,
    /// Inside the MLP.
    pub activation: Activation,
    /// The heads.
    pub heads: Heads,
}

impl Block {
    /// `[batch, rows, width]` to the same.
    fn forward(&self, x: &Tensor, mask: Mask) -> Result<Tensor> {
        let width = x.dim(2)?;
        let qkv = self.qkv.forward_part(&self.norm1.forward(x)?, 0..3 * width)?;
        let x = self.out.forward_added(&self.heads.attend(&qkv, mask)?, x)?;
        self.mlp(&x)
    }

    /// The same for one place of each item only: `places[item]`, which under a mask sees what it
    /// sees there. `[batch, rows, width]` to `[batch, width]`.
    fn forward_once(&self, x: &Tensor, mask: Mask, places: &[usize]) -> Result<Tensor> {
        let (batch, rows, width) = x.dims3()?;
        let normed = self.norm1.forward(x)?;
        let queries = pick(&normed, places)?.reshape((batch, 1, width))?;
        let queries = self.qkv.forward_part(&queries, 0..width)?;
        let kv = self.qkv.forward_part(&normed, width..3 * width)?;
        let places_of_items = places.iter().enumerate();
        let lengths: Vec<usize> = match mask {
            Mask::Prefixes(seen) => {
                places_of_items.map(|(i, place)| seen[i * rows + place]).collect()
            }
            _ => places.iter().map(|place| place + 1).collect(),
        };
        let by_place = matches!(mask, Mask::Causal | Mask::Prefixes(_));
        let mask = if by_place { Mask::Lengths(&lengths) } else { mask };
        let attended = self.heads.attend_once(&queries, &kv, mask)?.reshape((batch, width))?;
        self.mlp(&self.out.forward_added(&attended, &pick(x, places)?)?)
    }

    fn mlp(&self, x: &Tensor) -> Result<Tensor> {
        let hidden = self.fc1.forward_activated(&self.norm2.forward(x)?, self.activation)?;
        self.fc2.forward_added(&hidden, x)
    }
}

/// `x' = Norm(x + Attention(x))`, then `Norm(x' + MLP(x'))`, as BERT has it.
pub(crate) struct PostNormBlock {
    /// Into queries, keys and values, in this order.
    pub qkv: Linear,
    /// Out of attention.
    pub out: Linear,
    /// After attention.
    pub norm1: Norm,
    /// Into the MLP.
    pub fc1: Linear,
    /// Out of the MLP.
    pub fc2: Linear,
    /// After the MLP.
    pub norm2: Norm,
    /// Inside the MLP.
    pub activation: Activation,
    /// The heads.
    pub heads: Heads,
}

impl PostNormBlock {
    /// `[batch, rows, width]` to the same.
    pub fn forward(&self, x: &Tensor, mask: Mask) -> Result<Tensor> {
        let width = x.dim(2)?;
        let qkv = self.qkv.forward_part(x, 0..3 * width)?;
        let attended = self.heads.attend(&qkv, mask)?;
        let x = self.norm1.forward(&self.out.forward_added(&attended, x)?)?;
        let hidden = self.fc1.forward_activated(&x, self.activation)?;
        self.norm2.forward(&self.fc2.forward_added(&hidden, &x)?)
    }
}

/// One row of each item: `[batch, rows, width]` to `[batch, width]`.
fn pick(x: &Tensor, places: &[usize]) -> Result<Tensor> {
    let (batch, rows, width) = x.dims3()?;
    let index: Vec<u32> =
        places.iter().enumerate().map(|(item, place)| (item * rows + place) as u32).collect();
    let index = Tensor::from_vec(index, batch, x.device())?;
    x.reshape((batch * rows, width))?.index_select(&index, 0)
}

/// A stack of blocks.
pub(crate) struct Transformer {
    /// In order.
    pub blocks: Vec<Block>,
}

impl Transformer {
    /// All places: `[batch, rows, width]` to the same.
    pub fn forward(&self, x: Tensor, mask: Mask) -> Result<Tensor> {
        forward_all(&self.blocks, x, mask)
    }

    /// Only one place of each item, which spares most of the last block:
    /// `[batch, rows, width]` to `[batch, width]`.
    pub fn forward_once(&self, x: Tensor, mask: Mask, places: &[usize]) -> Result<Tensor> {
        let Some((last, blocks)) = self.blocks.split_last() else { return pick(&x, places) };
        last.forward_once(&forward_all(blocks, x, mask)?, mask, places)
    }
}

fn forward_all(blocks: &[Block], x: Tensor, mask: Mask) -> Result<Tensor> {
    match host_blocks::forward(blocks, &x, mask)? {
        Some(x) => Ok(x),
        None => blocks.iter().try_fold(x, |x, block| block.forward(&x, mask)),
    }
}
