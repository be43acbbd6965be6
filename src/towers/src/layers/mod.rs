//! The parts towers are made of. Activations are candle tensors; each layer runs our own kernels over
//! their memory or candle's operations, as the [`Runtime`](crate::runtime::Runtime) says that it is
//! built for. By candle, what goes from layer to layer is f32 unless a layer says otherwise.

mod activation;
mod attention;
mod attention_pool;
mod block;
mod convolution;
mod depthwise;
mod head;
mod hidden;
mod host;
mod host_blocks;
mod linear;
mod norm;
mod pool;
mod rotary;
mod squeeze;
mod token_table;

pub(crate) use activation::activate;
pub(crate) use attention::{Heads, Mask};
pub(crate) use attention_pool::{AttentionPool, PoolMlp};
pub(crate) use block::{Block, PostNormBlock, Transformer};
pub(crate) use convolution::Convolution;
pub(crate) use depthwise::{Depthwise, DepthwiseShape, DepthwiseTaps, columns};
pub(crate) use head::Head;
pub(crate) use hidden::Hidden;
pub use linear::Linear;
pub(crate) use norm::Norm;
pub(crate) use pool::{average_halved, average_pool};
pub(crate) use rotary::{Rotary, halves};
pub(crate) use squeeze::SqueezeExcite;
pub(crate) use token_table::TokenTable;
