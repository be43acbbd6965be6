//! A stack of blocks by kernels, in memory that all of them share: no layer allocates.

use candle_core::{Device, Result, Tensor};
use seer_checkpoint::config::Activation;
use seer_kernels::activation::{activate, add};
use seer_kernels::attention::{Inputs, Mask, attention_into};
use seer_kernels::matmul::Threads;
use seer_kernels::norm::layer_norm_into;
use seer_kernels::product::product;

use crate::layers::{Block, Linear, Norm};

/// All blocks over `[batch, rows, width]`; `None` when there are none or candle computes them.
pub(super) fn forward(blocks: &[Block], x: &Tensor, mask: Mask) -> Result<Option<Tensor>> {
    let on_host = blocks.first().is_some_and(|block| block.qkv.for_kernels().is_some());
    if !on_host {
        return Ok(None);
    }
    let shape = x.dims3()?;
    let mut memory = Memory { x: x.flatten_all()?.to_vec1()?, ..Memory::default() };
    let done = blocks.iter().all(|block| memory.block(block, shape, mask).is_some());
    if !done {
        candle_core::bail!("a block with some weights for kernels and some for candle");
    }
    Ok(Some(Tensor::from_vec(memory.x, shape, &Device::Cpu)?))
}

/// What a block reads and writes, row after row.
#[derive(Default)]
struct Memory {
    x: Vec<f32>,
    normed: Vec<f32>,
    qkv: Vec<f32>,
    attended: Vec<f32>,
    hidden: Vec<f32>,
}

impl Memory {
    /// `x + Attention(Norm(x))`, then `x + MLP(Norm(x))`.
    fn block(&mut self, block: &Block, shape: (usize, usize, usize), mask: Mask) -> Option<()> {
        let (batch, rows, _) = shape;
        norm(&block.norm1, &self.x, &mut self.normed)?;
        linear(&block.qkv, &self.normed, &mut self.qkv, |_, _| {})?;
        let (heads, head_width) = (block.heads.count, block.heads.width);
        let width = heads * head_width;
        self.attended.resize(batch * rows * width, 0.0);
        let inputs = Inputs {
            queries: &self.qkv,
            query_step: 3 * width,
            query_rows: rows,
            keys: &self.qkv[width..],
            values: &self.qkv[2 * width..],
            key_step: 3 * width,
            key_rows: rows,
            batch,
            heads,
            head_width,
            mask,
        };
        attention_into(inputs, &mut self.attended);
        self.add(&block.out, false)?;
        norm(&block.norm2, &self.x, &mut self.normed)?;
        let function: Activation = block.activation;
        linear(&block.fc1, &self.normed, &mut self.hidden, |_, out| activate(out, function))?;
        self.add(&block.fc2, true)
    }

    /// Adds what the layer makes of the MLP's inside or of attention.
    fn add(&mut self, layer: &Linear, inside: bool) -> Option<()> {
        let Self { x, normed, attended, hidden, .. } = self;
        let width = layer.for_kernels()?.0.outputs();
        let from: &[f32] = if inside { hidden } else { attended };
        linear(layer, from, normed, |row, out| add(out, &x[row * width..]))?;
        std::mem::swap(x, normed);
        Some(())
    }
}

fn norm(layer: &Norm, x: &[f32], out: &mut Vec<f32>) -> Option<()> {
    let (weight, bias, eps) = layer.for_kernels()?;
    out.resize(x.len(), 0.0);
    layer_norm_into(x, weight, bias, eps, out);
    Some(())
}

fn linear(
    layer: &Linear,
    x: &[f32],
    out: &mut Vec<f32>,
    finish: impl Fn(usize, &mut [f32]) + Sync,
) -> Option<()> {
    let (weight, bias) = layer.for_kernels()?;
    let outputs = weight.outputs();
    out.resize(x.len() / weight.inputs() * outputs, 0.0);
    product(x, weight, bias, 0..outputs, out, Threads::All, finish);
    Some(())
}
