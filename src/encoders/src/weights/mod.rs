//! Tensors by name, each checked for its shape, none left over.

mod names;
mod numbers;
mod store;

pub(crate) use names::{
    BlockNames, PoolNames, PoolQkvNames, ProjectionNames, QkvNames, TextNames, VitNames,
    nllb_block, timm_block,
};
pub(crate) use store::Weights;
