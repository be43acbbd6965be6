//! Products of activations with weights laid out in [`Panels`].

use std::ops::Range;

use crate::matmul::Threads;
use crate::panels::Panels;
use crate::{eight_bit, exact};

/// What is done with a piece of whole output rows, given the number of its first row. Behind a pointer,
/// so that the products are compiled once and not for every caller.
pub(crate) type Finish<'a> = dyn Fn(usize, &mut [f32]) + Sync + 'a;

/// `x W^T + bias` for the rows of `x` into the rows of `out`, which are as long as `part`: the
/// outputs to compute, between cuts of the weight. `bias` has a value for each of the weight's
/// outputs. `finish` then gets each piece of whole output rows, while it is in the cache, with the
/// number of its first row.
pub fn product(
    x: &[f32],
    weight: &Panels,
    bias: Option<&[f32]>,
    part: Range<usize>,
    out: &mut [f32],
    threads: Threads,
    finish: impl Fn(usize, &mut [f32]) + Sync,
) {
    match weight {
        Panels::Exact(weight) => exact::product(x, weight, bias, part, out, threads, &finish),
        Panels::EightBit(weight) => {
            eight_bit::product(x, weight, bias, part, out, threads, &finish);
        }
    }
}
