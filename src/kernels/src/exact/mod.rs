//! Products in full precision, f32.

mod numbers;
mod panels;
mod product;
mod rows;
mod tile;
mod unpack;

pub(crate) use panels::Panels;
pub(super) use panels::VECTORS;
pub(crate) use product::product;
pub(super) use tile::{end, lay_out, padded, tallest, tile, zeros};
