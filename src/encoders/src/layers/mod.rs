//! The parts towers are made of. Activations are candle tensors; on the processor each layer runs
//! our own kernels over their memory, on a GPU candle's.

mod attention;
mod block;
mod head;
mod host;
mod linear;
mod norm;
mod pool;

pub(crate) use attention::{Heads, Mask};
pub(crate) use block::{Block, PostNormBlock, Transformer};
pub(crate) use head::Head;
pub(crate) use linear::Linear;
pub(crate) use norm::Norm;
pub(crate) use pool::AttentionPool;
