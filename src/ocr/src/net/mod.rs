//! The two networks of PP-OCRv6 small: what they have in common is the [`trunk`].
//!
//! Pictures lie as `[rows, columns, channels]`, so that a pixel's channels fill the vector
//! instructions and a 1x1 convolution is a matrix product of pixels.

mod block;
mod convolution;
mod dense;
pub(crate) mod detector;
mod encoder;
mod gated;
mod gather;
mod map;
pub(crate) mod recogniser;
mod squeeze;
mod stem;
mod trunk;

pub(crate) use map::Map;
