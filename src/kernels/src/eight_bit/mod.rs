//! Products in 8-bit whole numbers: weights with one scale per output, activations with one scale
//! and one lowest value per row, taken from the row itself.
//!
//! With `x = low + step a` (`a` from 0 to 255) and `w = scale b` (`b` from -127 to 127),
//! `sum(x w) = scale (low sum(b) + step sum(a b))`: the last sum is whole numbers alone and comes
//! out the same on every processor, and so does the rest, which is written without fused
//! operations. (Jacob and others: Quantization and Training of Neural Networks for Efficient
//! Integer-Arithmetic-Only Inference, 2017; dynamic rows as in Dettmers and others: LLM.int8(),
//! 2022.)

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;
mod dot;
mod product;
mod rows;
mod scaled;
#[cfg(any(test, all(target_arch = "x86_64", target_os = "linux")))]
mod steps;
mod weight;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use product::product;
pub(crate) use weight::EightBit;

/// Outputs in a panel of weights.
const WIDTH: usize = 32;
/// Inputs that lie side by side in a panel: one integer instruction multiplies and adds so many.
const GROUP: usize = 4;
/// Panels are filled up with zeros to a multiple of so many groups.
const STEP: usize = 16;
/// Groups of a row of activations that lie together, at the least.
const BLOCK: usize = 4;

/// Adding this to a number from -2^22 to 2^22 rounds it to a whole one, the even one of two that are
/// as near, whose bits are then the lowest.
const ROUNDER: f32 = 12_582_912.0;
