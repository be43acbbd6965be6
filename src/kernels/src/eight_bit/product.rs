//! Products of activations with 8-bit weights.
//!
//! As in full precision: rows in chunks that stay in the second-level cache while all panels
//! stream by, in tiles whose sums stay in registers.

use std::ops::Range;

use super::WIDTH;
use super::dot::{Dot, Tile, Work, dispatch};
use super::rows::Rows;
use super::scaled::Scaled;
use super::weight::EightBit;
use crate::matmul::Threads;
use crate::pieces;
use crate::product::Finish;
use crate::team::{share, share_with};

/// Up to so many rows, threads share the outputs and not the rows.
const FEW: usize = 120;

/// `x W^T + bias` for the rows of `x` into the rows of `out`, which are as long as `part`: the
/// outputs to compute, between cuts of the weight. `bias` has a value for each of the weight's
/// outputs. `finish` then gets each piece of whole output rows, while it is in the cache, with the
/// number of its first row.
pub(crate) fn product(
    x: &[f32],
    weight: &EightBit,
    bias: Option<&[f32]>,
    part: Range<usize>,
    out: &mut [f32],
    threads: Threads,
    finish: Finish,
) {
    dispatch(Product { x, weight, bias, part, out, threads, finish });
}

struct Product<'a> {
    x: &'a [f32],
    weight: &'a EightBit,
    bias: Option<&'a [f32]>,
    part: Range<usize>,
    out: &'a mut [f32],
    threads: Threads,
    finish: Finish<'a>,
}

impl Work for Product<'_> {
    type Output = ();

    fn run<D: Dot>(self, dot: D) {
        let Self { x, weight, bias, part, out, threads, finish } = self;
        let (inputs, width) = (weight.inputs(), part.len());
        let rows = x.len() / inputs;
        assert!(out.len() == rows * width && x.len() == rows * inputs, "shapes of a product");
        let panels = weight.part(&part);
        let available = if threads == Threads::One { 1 } else { rayon::current_num_threads() };
        if available > 1 && rows <= FEW.max(available * D::ROWS) {
            by_columns(dot, x, Panels { weight, bias, panels, finish }, out, available);
            return finish.all(out, width, available);
        }
        let chunk = pieces::chunk(rows, D::CHUNK, available);
        let one = |held: &mut Rows, (number, out): (usize, &mut [f32])| {
            let (first, count) = (number * chunk, out.len() / width);
            let x = &x[first * inputs..(first + count) * inputs];
            let panels = Panels { weight, bias, panels: panels.clone(), finish };
            dot.within(
                #[inline(always)]
                || {
                    // A loop and no closure: it is to be compiled for these instructions too.
                    for room in held.room::<D>(count, inputs) {
                        room.fill(dot, x, inputs);
                    }
                    let mut rows: Vec<_> = out.chunks_exact_mut(width).collect();
                    multiply(dot, held, panels, &mut rows);
                },
            );
            finish.rows(first, out);
        };
        let chunks = out.chunks_mut(chunk * width).enumerate();
        if available == 1 {
            let mut held = Rows::default();
            chunks.for_each(|piece| one(&mut held, piece));
        } else {
            share_with(Rows::default, chunks, one);
        }
    }
}

/// Few rows: the threads share the outputs instead, so that each reads only its part of the weight.
fn by_columns<D: Dot>(dot: D, x: &[f32], all: Panels, out: &mut [f32], tasks: usize) {
    let Panels { weight, bias, panels, finish } = all;
    let inputs = weight.inputs();
    let rows = x.len() / inputs;
    let mut held = Rows::default();
    share(held.room::<D>(rows, inputs), |room| {
        dot.within(
            #[inline(always)]
            || room.fill(dot, x, inputs),
        );
    });
    let (width, origin) = (out.len() / rows.max(1), weight.panel(panels.start).first);
    let end = |panel| weight.panel(panel).end();
    let parts = pieces::by_panels(panels, tasks, origin, end, out, width);
    share(parts, |(panels, mut out)| {
        dot.within(
            #[inline(always)]
            || multiply(dot, &held, Panels { weight, bias, panels, finish }, &mut out),
        );
    });
}

/// Some panels of a weight and their biases, and what becomes of the sums.
struct Panels<'a> {
    weight: &'a EightBit,
    bias: Option<&'a [f32]>,
    panels: Range<usize>,
    finish: Finish<'a>,
}

/// All held rows times all panels; a row of the output begins with the first panel's first output.
#[inline(always)]
fn multiply<D: Dot>(dot: D, rows: &Rows, panels: Panels, out: &mut [&mut [f32]]) {
    let origin = panels.weight.panel(panels.panels.start).first;
    let relu6 = matches!(panels.finish, Finish::Relu6);
    for number in panels.panels {
        let panel = panels.weight.panel(number);
        let mut bias = [0f32; WIDTH];
        if let Some(all) = panels.bias {
            bias[..panel.outputs].copy_from_slice(&all[panel.first..panel.end()]);
        }
        let column = panel.first - origin;
        for (tile, groups) in rows.tiles() {
            let (rows, out) = (&rows.scales()[tile.clone()], &mut out[tile]);
            let scaled = Scaled { rows, panel, bias: &bias, relu6, out, column };
            dot.outputs(Tile { groups, panel: panel.groups }, scaled);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eight_bit::dot::Portable;

    const NOTHING: Finish = Finish::Rows(&|_, _| {});

    /// Hardly any of them lies right between two bytes.
    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 % 100_003 + seed * 31) as f32).sin()).collect()
    }

    /// In f64, from what weights and activations are after rounding them in plain steps.
    fn expected(x: &[f32], weight: &[f32], bias: &[f32], inputs: usize) -> Vec<f64> {
        let mut out = Vec::new();
        for row in x.chunks(inputs) {
            let low = f64::from(row.iter().copied().fold(f32::INFINITY, f32::min));
            let high = f64::from(row.iter().copied().fold(f32::NEG_INFINITY, f32::max));
            let step = (high - low) / 255.0;
            for (weights, bias) in weight.chunks(inputs).zip(bias) {
                let most = weights.iter().fold(0f32, |m, w| m.max(w.abs()));
                let scale = f64::from(most) / 127.0;
                let product = |(x, w): (&f32, &f32)| {
                    let x = low + step * ((f64::from(*x) - low) / step).round();
                    x * scale * (f64::from(*w) / scale).round()
                };
                out.push(f64::from(*bias) + row.iter().zip(weights).map(product).sum::<f64>());
            }
        }
        out
    }

    #[test]
    fn every_shape_equals_the_rounded_sum() {
        for (rows, inputs, outputs) in
            [(1, 5, 7), (3, 16, 24), (5, 800, 33), (25, 9, 96), (50, 40, 64), (130, 1537, 50)]
        {
            let (x, weight) = (values(rows * inputs, 1), values(outputs * inputs, 2));
            let bias = values(outputs, 3);
            let held = EightBit::new(&weight, [outputs, inputs], &[]);
            let expected = expected(&x, &weight, &bias, inputs);
            for threads in [Threads::One, Threads::All] {
                let mut out = vec![99.0; rows * outputs];
                product(&x, &held, Some(&bias), 0..outputs, &mut out, threads, NOTHING);
                let off = out.iter().zip(&expected).map(|(a, b)| (f64::from(*a) - b).abs());
                // One value may be rounded to the other side: a step of x times a weight.
                let most = off.fold(0.0, f64::max);
                assert!(most < 0.02, "{rows}x{inputs}x{outputs}: off by {most}");
            }
        }
    }

    #[test]
    fn it_is_close_to_the_exact_product() {
        let (rows, inputs, outputs) = (7, 512, 40);
        let (x, weight) = (values(rows * inputs, 5), values(outputs * inputs, 6));
        let held = EightBit::new(&weight, [outputs, inputs], &[]);
        let mut out = vec![0.0; rows * outputs];
        product(&x, &held, None, 0..outputs, &mut out, Threads::One, NOTHING);
        for (row, out) in x.chunks(inputs).zip(out.chunks(outputs)) {
            for (weights, found) in weight.chunks(inputs).zip(out) {
                let exact: f32 = row.iter().zip(weights).map(|(a, b)| a * b).sum();
                assert!((found - exact).abs() < 0.5, "{found} {exact}");
            }
        }
    }

    #[test]
    fn every_processor_computes_the_same_bits() {
        let (rows, inputs, outputs) = (29, 301, 77);
        let (x, weight) = (values(rows * inputs, 1), values(outputs * inputs, 2));
        let bias = values(outputs, 3);
        let held = EightBit::new(&weight, [outputs, inputs], &[]);
        let mut best = vec![0.0; rows * outputs];
        product(&x, &held, Some(&bias), 0..outputs, &mut best, Threads::All, NOTHING);
        let mut plain = vec![0.0; rows * outputs];
        let (weight, bias, out) = (&held, Some(&bias[..]), &mut plain[..]);
        let (part, threads) = (0..outputs, Threads::One);
        Product { x: &x, weight, bias, part, out, threads, finish: NOTHING }.run(Portable);
        assert_eq!(best, plain);
    }

    #[test]
    fn a_part_is_a_part_of_the_whole() {
        let (inputs, outputs) = (8, 100);
        let weight = values(outputs * inputs, 2);
        let held = EightBit::new(&weight, [outputs, inputs], &[40]);
        for rows in [2, 60] {
            let x = values(rows * inputs, 1);
            let mut all = vec![0.0; rows * outputs];
            product(&x, &held, None, 0..outputs, &mut all, Threads::All, NOTHING);
            let mut part = vec![0.0; rows * 60];
            product(&x, &held, None, 40..outputs, &mut part, Threads::All, NOTHING);
            for (all, part) in all.chunks(outputs).zip(part.chunks(60)) {
                assert_eq!(all[40..], *part);
            }
        }
    }

    #[test]
    fn finishing_sees_whole_rows_once() {
        for rows in [3, 300] {
            let held = EightBit::new(&[1.0, 0.0, -1.0], [3, 1], &[]);
            let mut out = vec![0.0; rows * 3];
            let x = vec![2.0; rows];
            product(
                &x,
                &held,
                None,
                0..3,
                &mut out,
                Threads::All,
                Finish::Rows(&|first, out| {
                    for (row, out) in out.chunks_exact_mut(3).enumerate() {
                        out.iter_mut().for_each(|value| *value += (first + row) as f32);
                    }
                }),
            );
            for (row, out) in out.chunks(3).enumerate() {
                let shift = row as f32;
                assert_eq!(out, [2.0 + shift, shift, shift - 2.0]);
            }
        }
    }
}
