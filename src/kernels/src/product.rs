//! Products of activations with weights laid out in [`Panels`].

use std::ops::Range;

use crate::matmul::Threads;
use crate::panels::Panels;
use crate::{eight_bit, exact, pieces};

/// What becomes of the sums. Work of others is behind a pointer, so that the products are compiled once
/// and not for every caller.
#[derive(Clone, Copy)]
pub(crate) enum Finish<'a> {
    /// Each is held within [0, 6] while it is still in a register.
    Relu6,
    /// This gets each piece of whole output rows, while it is in the cache, with the number of its
    /// first row.
    Rows(&'a (dyn Fn(usize, &mut [f32]) + Sync)),
}

impl Finish<'_> {
    /// Whole output rows from `first` on.
    pub fn rows(self, first: usize, out: &mut [f32]) {
        if let Self::Rows(finish) = self {
            finish(first, out);
        }
    }

    /// All output rows, which are `width` long, shared out among threads.
    pub fn all(self, out: &mut [f32], width: usize, tasks: usize) {
        if let Self::Rows(finish) = self {
            pieces::finish(out, width, tasks, finish);
        }
    }
}

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
    multiply(x, weight, bias, part, out, threads, Finish::Rows(&finish));
}

/// `x W^T + bias` for the rows of `x` into the rows of `out`, all outputs of the weight, held within [0, 6] (ReLU6).
pub fn product_relu6(x: &[f32], weight: &Panels, bias: &[f32], out: &mut [f32], threads: Threads) {
    multiply(x, weight, Some(bias), 0..weight.outputs(), out, threads, Finish::Relu6);
}

fn multiply(
    x: &[f32],
    weight: &Panels,
    bias: Option<&[f32]>,
    part: Range<usize>,
    out: &mut [f32],
    threads: Threads,
    finish: Finish,
) {
    match weight {
        Panels::Exact(weight) => exact::product(x, weight, bias, part, out, threads, finish),
        Panels::EightBit(weight) => {
            eight_bit::product(x, weight, bias, part, out, threads, finish);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::relu6;
    use crate::precision::Precision;

    #[test]
    fn held_in_registers_is_as_held_afterwards() {
        let value = |i: usize| ((i * 7919) % 211) as f32 / 30.0 - 3.5;
        for (precision, rows, inputs) in [
            (Precision::F32, 29, 40),
            (Precision::F32, 500, 900),
            (Precision::EightBit, 29, 40),
            (Precision::EightBit, 500, 900),
        ] {
            let outputs = 77;
            let weight: Vec<f32> = (0..outputs * inputs).map(value).collect();
            let bias: Vec<f32> = (0..outputs).map(value).collect();
            let x: Vec<f32> = (7..7 + rows * inputs).map(value).collect();
            let weight = precision.during(|| Panels::new(&weight, [outputs, inputs], &[]));
            for threads in [Threads::One, Threads::All] {
                let (mut held, mut after) = (vec![9.0; rows * outputs], vec![8.0; rows * outputs]);
                product_relu6(&x, &weight, &bias, &mut held, threads);
                let bias = Some(&bias[..]);
                product(&x, &weight, bias, 0..outputs, &mut after, threads, |_, out| relu6(out));
                assert_eq!(held, after);
            }
        }
    }
}
