//! Tensors by name, each checked for its shape, none left over.

mod matrix;
mod names;
mod numbers;
mod pickle;
mod rows;
mod store;

pub use matrix::Matrix;
pub(crate) use names::{
    BlockNames, PoolNames, PoolQkvNames, ProjectionNames, QkvNames, TextNames, VitNames,
    nllb_block, timm_block,
};
pub(crate) use rows::StoredRows;
pub use store::Weights;
#[cfg(test)]
pub(crate) use store::invent;
