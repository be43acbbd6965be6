//! Tensors by name, each checked for its shape, none left over.

mod names;
mod numbers;
mod pickle;
mod store;

pub(crate) use names::{
    BlockNames, PoolNames, PoolQkvNames, ProjectionNames, QkvNames, TextNames, VitNames,
    nllb_block, timm_block,
};
pub use store::Weights;
#[cfg(test)]
pub(crate) use store::invent;
