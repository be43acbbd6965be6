//! Products of activations with weights laid out in [`Panels`].
//!
//! Rows of activations are taken in chunks that stay in the second-level cache while all panels
//! stream by; within a chunk a tile of rows times one panel stays in registers. (The scheme is
//! that of Goto and van de Geijn: Anatomy of High-Performance Matrix Multiplication, 2008, without
//! copying the left side.)

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::panels::{Panel, Panels, VECTORS};
use super::tile::{Start, Target, tile};
use crate::kernels::matmul::Threads;
use crate::kernels::pieces;
use crate::kernels::team::share;

/// Rows of a tile where 32 vector registers exist, and elsewhere.
pub(in crate::kernels) const TALL: usize = 12;
pub(in crate::kernels) const SHORT: usize = 6;
/// Rows of a chunk.
const CHUNK: usize = 120;
/// Inputs summed up in one go, so that a chunk's part of the left side stays in the cache.
const DEPTH: usize = 768;
/// Rows that are a multiple of this long would compete for the same few places of the first-level
/// cache; they are copied with a gap between them.
const ALIASING: usize = 512;
const GAP: usize = 16;

/// `x W^T + bias` for the rows of `x` into the rows of `out`, which are as long as `part`: the
/// outputs to compute, between cuts of the weight. `bias` has a value for each of the weight's
/// outputs. `finish` then gets each piece of whole output rows, while it is in the cache, with the
/// number of its first row.
pub(crate) fn product(
    x: &[f32],
    weight: &Panels,
    bias: Option<&[f32]>,
    part: Range<usize>,
    out: &mut [f32],
    threads: Threads,
    finish: impl Fn(usize, &mut [f32]) + Sync,
) {
    let (inputs, width) = (weight.inputs(), part.len());
    let rows = x.len() / inputs;
    assert!(out.len() == rows * width && x.len() == rows * inputs, "shapes of a product");
    let panels = weight.part(&part);
    let available = if threads == Threads::One { 1 } else { rayon::current_num_threads() };
    if available > 1 && rows <= CHUNK.max(available * TALL) {
        by_columns(x, weight, bias, panels, out, available);
        return pieces::finish(out, width, available, finish);
    }
    let chunk = if available == 1 { CHUNK } else { pieces::chunk(rows, CHUNK, available) };
    let one = |(number, out): (usize, &mut [f32])| {
        let (first, count) = (number * chunk, out.len() / width);
        let x = &x[first * inputs..(first + count) * inputs];
        let (panels, mut rows) = (panels.clone(), out.chunks_exact_mut(width).collect::<Vec<_>>());
        pulp::Arch::new().dispatch(Chunk { x, weight, panels, bias, out: &mut rows });
        finish(first, out);
    };
    let chunks = out.chunks_mut(chunk * width).enumerate();
    if available == 1 { chunks.for_each(one) } else { share(chunks, one) }
}

/// Few rows: the threads share the outputs instead, so that each reads only its part of the weight.
fn by_columns(
    x: &[f32],
    weight: &Panels,
    bias: Option<&[f32]>,
    panels: Range<usize>,
    out: &mut [f32],
    tasks: usize,
) {
    let width = out.len() / (x.len() / weight.inputs()).max(1);
    let origin = weight.panel(panels.start).first;
    let parts = pieces::parts(panels.len(), tasks);
    let parts: Vec<_> =
        parts.map(|part| panels.start + part.start..panels.start + part.end).collect();
    let ends: Vec<usize> =
        parts.iter().map(|part| weight.panel(part.end - 1).end() - origin).collect();
    let outs = pieces::by_columns(out, width, &ends);
    share(parts.into_iter().zip(outs), |(panels, mut out)| {
        pulp::Arch::new().dispatch(Chunk { x, weight, panels, bias, out: &mut out });
    });
}

/// Some rows times some panels, on one thread; the output's first column is the first panel's.
struct Chunk<'a, 'b> {
    x: &'a [f32],
    weight: &'a Panels,
    panels: Range<usize>,
    bias: Option<&'a [f32]>,
    out: &'a mut [&'b mut [f32]],
}

impl WithSimd for Chunk<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        assert_eq!(S::F32_LANES, self.weight.lanes(), "panels made for other registers");
        let inputs = self.weight.inputs();
        let mut copy = Vec::new();
        for from in (0..inputs).step_by(DEPTH) {
            let depth = from..(from + DEPTH).min(inputs);
            let left = if inputs.is_multiple_of(ALIASING) {
                spread(self.x, inputs, &depth, &mut copy);
                Left { values: &copy, step: depth.len() + GAP }
            } else {
                Left { values: &self.x[from..], step: inputs }
            };
            for number in self.panels.clone() {
                if S::F32_LANES >= 16 {
                    self.panel::<S, TALL>(simd, left, number, depth.clone());
                } else {
                    self.panel::<S, SHORT>(simd, left, number, depth.clone());
                }
            }
        }
    }
}

/// The inputs `depth` of every row of `x`, rows `GAP` values apart.
fn spread(x: &[f32], inputs: usize, depth: &Range<usize>, out: &mut Vec<f32>) {
    out.clear();
    for row in x.chunks_exact(inputs) {
        out.extend_from_slice(&row[depth.clone()]);
        out.extend_from_slice(&[0.0; GAP]);
    }
}

/// Rows of inputs, `step` values apart.
#[derive(Clone, Copy)]
struct Left<'a> {
    values: &'a [f32],
    step: usize,
}

impl Chunk<'_, '_> {
    /// All rows times one panel, over a part of the inputs.
    #[inline(always)]
    fn panel<S: Simd, const TILE: usize>(
        &mut self,
        simd: S,
        left: Left,
        number: usize,
        depth: Range<usize>,
    ) {
        let panel = self.weight.panel(number);
        for rows in pieces::tiles(self.out.len(), TILE) {
            let row = rows.start;
            macro_rules! tile {
                ($($height:literal)*) => {
                    match rows.len() {
                        $($height => self.tile::<S, $height>(simd, left, panel, row, depth.clone()),)*
                        height => unreachable!("a tile of {height} rows"),
                    }
                };
            }
            if TILE == TALL {
                tile!(1 2 3 4 5 6 7 8 9 10 11 12);
            } else {
                tile!(1 2 3 4 5 6);
            }
        }
    }

    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize>(
        &mut self,
        simd: S,
        left: Left,
        panel: Panel,
        row: usize,
        depth: Range<usize>,
    ) {
        let rows = std::array::from_fn(|r| &left.values[(row + r) * left.step..][..depth.len()]);
        let start = match self.bias {
            _ if depth.start > 0 => Start::Output,
            Some(bias) => Start::Bias(&bias[panel.first..panel.end()]),
            None => Start::Zero,
        };
        let width = panel.vectors * S::F32_LANES;
        let values = &panel.values[depth.start * width..depth.end * width];
        let column = panel.first - self.weight.panel(self.panels.start).first;
        let rows_out = &mut self.out[row..row + ROWS];
        let mut target = Target { rows: rows_out, column, width: panel.outputs };
        if panel.vectors == VECTORS {
            tile::<S, ROWS, VECTORS>(simd, rows, values, start, &mut target);
        } else {
            tile::<S, ROWS, 1>(simd, rows, values, start, &mut target);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 7919 + seed) % 13) as f32 - 6.0).collect()
    }

    fn plain(x: &[f32], weight: &[f32], bias: &[f32], inputs: usize) -> Vec<f32> {
        let mut out = Vec::new();
        for row in x.chunks(inputs) {
            for (weights, bias) in weight.chunks(inputs).zip(bias) {
                out.push(row.iter().zip(weights).map(|(a, b)| a * b).sum::<f32>() + bias);
            }
        }
        out
    }

    #[test]
    fn every_shape_equals_the_plain_sum() {
        for (rows, inputs, outputs) in
            [(1, 5, 7), (3, 16, 24), (5, 800, 33), (17, 9, 96), (50, 40, 64), (130, 1537, 50)]
        {
            let (x, weight) = (values(rows * inputs, 1), values(outputs * inputs, 2));
            let bias = values(outputs, 3);
            let panels = Panels::new(&weight, [outputs, inputs], &[]);
            let expected = plain(&x, &weight, &bias, inputs);
            for threads in [Threads::One, Threads::All] {
                let mut out = vec![99.0; rows * outputs];
                product(&x, &panels, Some(&bias), 0..outputs, &mut out, threads, |_, _| {});
                assert_eq!(out, expected, "{rows}x{inputs}x{outputs}");
            }
        }
    }

    fn on_registers<S: Simd>(simd: S) {
        let (rows, inputs, outputs) = (29, 1030, 4 * S::F32_LANES + 3);
        let (x, weight) = (values(rows * inputs, 1), values(outputs * inputs, 2));
        let bias = values(outputs, 3);
        let panels = Panels::for_lanes(&weight, [outputs, inputs], &[], S::F32_LANES);
        let mut out = vec![99.0; rows * outputs];
        simd.vectorize(Chunk {
            x: &x,
            weight: &panels,
            panels: panels.part(&(0..outputs)),
            bias: Some(&bias),
            out: &mut out.chunks_exact_mut(outputs).collect::<Vec<_>>(),
        });
        assert_eq!(out, plain(&x, &weight, &bias, inputs));
    }

    #[test]
    fn older_processors_compute_the_same() {
        on_registers(pulp::Scalar::new());
        #[cfg(target_arch = "x86_64")]
        if let Some(simd) = pulp::x86::V3::try_new() {
            on_registers(simd);
        }
    }

    #[test]
    fn a_part_is_a_part_of_the_whole() {
        let (inputs, outputs) = (3, 100);
        let (weight, bias) = (values(outputs * inputs, 2), values(outputs, 3));
        let panels = Panels::new(&weight, [outputs, inputs], &[40]);
        for rows in [2, 60] {
            let x = values(rows * inputs, 1);
            let expected = plain(&x, &weight[40 * inputs..], &bias[40..], inputs);
            let mut out = vec![99.0; rows * 60];
            let threads = Threads::All;
            product(&x, &panels, Some(&bias), 40..outputs, &mut out, threads, |_, _| {});
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn finishing_sees_whole_rows_once() {
        let (rows, outputs) = (300, 3);
        let panels = Panels::new(&[1.0, 2.0, 3.0], [outputs, 1], &[]);
        let x = values(rows, 0);
        let mut out = vec![0.0; rows * outputs];
        product(&x, &panels, None, 0..outputs, &mut out, Threads::All, |first, out| {
            for (row, out) in out.chunks_exact_mut(outputs).enumerate() {
                out.iter_mut().for_each(|value| *value += (first + row) as f32);
            }
        });
        for (row, out) in out.chunks(outputs).enumerate() {
            let shift = row as f32;
            assert_eq!(out, [x[row] + shift, 2.0 * x[row] + shift, 3.0 * x[row] + shift]);
        }
    }
}
