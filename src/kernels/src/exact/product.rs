//! Products of activations with weights laid out in [`Panels`].
//!
//! Rows of activations are taken in chunks that stay in the second-level cache while all panels
//! stream by; within a chunk a tile of rows times one panel stays in registers. (The scheme is
//! that of Goto and van de Geijn: Anatomy of High-Performance Matrix Multiplication, 2008.)

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::panels::{Panel, Panels, VECTORS};
use super::rows::Left;
use super::tile::{BLOCK, TALL, begin, end, end_whole, hold, tallest, zeros};
use crate::LINE;
use crate::ahead::Ahead;
use crate::matmul::Threads;
use crate::pieces;
use crate::product::Finish;
use crate::team::{share, share_with};

/// Rows of a chunk.
const CHUNK: usize = 240;
/// Inputs summed up in one go, so that a chunk's part of the left side stays in the second-level cache.
const DEPTH: usize = 768;
/// The same for few rows and a weight that has to be unpacked: its part stays in the first-level cache.
const SHALLOW: usize = 192;
/// Up to so many rows the threads share the outputs instead.
const FEW: usize = 120;

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
    finish: Finish,
) {
    let (inputs, width) = (weight.inputs(), part.len());
    let rows = x.len() / inputs;
    assert!(out.len() == rows * width && x.len() == rows * inputs, "shapes of a product");
    let panels = weight.part(&part);
    let available = if threads == Threads::One { 1 } else { rayon::current_num_threads() };
    if available > 1 && rows <= FEW.max(available * TALL) {
        by_columns(x, weight, bias, panels, out, available, finish);
        return finish.all(out, width, available);
    }
    let chunk = if available == 1 { CHUNK } else { pieces::chunk(rows, CHUNK, available) };
    let one = |room: &mut Room, (number, out): (usize, &mut [f32])| {
        let (first, count) = (number * chunk, out.len() / width);
        let x = &x[first * inputs..(first + count) * inputs];
        let (panels, mut rows) = (panels.clone(), out.chunks_exact_mut(width).collect::<Vec<_>>());
        let out_rows = &mut rows;
        pulp::Arch::new().dispatch(Chunk { x, weight, panels, bias, out: out_rows, finish, room });
        finish.rows(first, out);
    };
    let chunks = out.chunks_mut(chunk * width).enumerate();
    if available == 1 {
        let mut room = Room::default();
        chunks.for_each(|chunk| one(&mut room, chunk));
    } else {
        share_with(Room::default, chunks, one);
    }
}

/// Few rows: the threads share the outputs instead, so that each reads only its part of the weight.
fn by_columns(
    x: &[f32],
    weight: &Panels,
    bias: Option<&[f32]>,
    panels: Range<usize>,
    out: &mut [f32],
    tasks: usize,
    finish: Finish,
) {
    let width = out.len() / (x.len() / weight.inputs()).max(1);
    let origin = weight.panel(panels.start).first;
    let end = |panel| weight.panel(panel).end();
    let parts = pieces::by_panels(panels, tasks, origin, end, out, width);
    share(parts, |(panels, mut out)| {
        let room = &mut Room::default();
        let out = &mut out;
        pulp::Arch::new().dispatch(Chunk { x, weight, panels, bias, out, finish, room });
    });
}

/// Memory for a chunk.
#[derive(Default)]
struct Room {
    /// Copies of rows.
    left: Vec<f32>,
    /// A part of a panel that is held in other numbers.
    panel: Vec<f32>,
}

/// Some rows times some panels, on one thread; the output's first column is the first panel's.
struct Chunk<'a, 'b> {
    x: &'a [f32],
    weight: &'a Panels,
    panels: Range<usize>,
    bias: Option<&'a [f32]>,
    out: &'a mut [&'b mut [f32]],
    finish: Finish<'a>,
    room: &'a mut Room,
}

impl WithSimd for Chunk<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        assert_eq!(S::F32_LANES, self.weight.lanes(), "panels made for other registers");
        let (inputs, most) = (self.weight.inputs(), self.depth());
        for from in (0..inputs).step_by(most) {
            let depth = from..(from + most).min(inputs);
            let mut room = std::mem::take(&mut self.room.left);
            let left = Left::of(self.x, inputs, &depth, &mut room);
            for number in self.panels.clone() {
                let panel = self.weight.panel(number);
                let next = self.next(number, &depth);
                if panel.vectors == VECTORS {
                    self.panel::<S, VECTORS>(simd, panel, left, next);
                } else {
                    self.panel::<S, 1>(simd, panel, left, next);
                }
            }
            self.room.left = room;
        }
    }
}

impl<'a> Chunk<'a, '_> {
    #[inline(always)]
    fn depth(&self) -> usize {
        if self.weight.is_scaled() && self.out.len() <= FEW { SHALLOW } else { DEPTH }
    }

    /// What of the weight is multiplied after this part of panel `number`.
    #[inline(always)]
    fn next(&self, number: usize, depth: &Range<usize>) -> &'a [[u8; LINE]] {
        if number + 1 < self.panels.end {
            self.weight.panel(number + 1).part(depth).lines()
        } else {
            let depth = depth.end..(depth.end + self.depth()).min(self.weight.inputs());
            self.weight.panel(self.panels.start).part(&depth).lines()
        }
    }

    /// All rows times one panel, over a part of the inputs; meanwhile `next` is asked for.
    #[inline(always)]
    fn panel<S: Simd, const WIDE: usize>(
        &mut self,
        simd: S,
        panel: Panel,
        left: Left,
        next: &[[u8; LINE]],
    ) {
        let (mut room, depth) = (std::mem::take(&mut self.room.panel), left.depth());
        let values = panel.part(&depth).values(panel.width, &mut room);
        let tiles = self.out.len().div_ceil(tallest::<S>());
        let mut ahead = Ahead::new(next, tiles * (depth.len() / BLOCK));
        for rows in pieces::tiles(self.out.len(), tallest::<S>()) {
            macro_rules! tile {
                ($($height:literal)*) => {
                    match rows.len() {
                        $($height => {
                            let row = rows.start;
                            self.tile::<S, $height, WIDE>(simd, panel, values, left, row, &mut ahead);
                        })*
                        height => unreachable!("a tile of {height} rows"),
                    }
                };
            }
            if S::F32_LANES >= 16 {
                tile!(1 2 3 4 5 6 7 8 9 10 11 12);
            } else {
                tile!(1 2 3 4 5 6);
            }
        }
        self.room.panel = room;
    }

    /// A few rows times one panel, over a part of the inputs; `values` are the panel's.
    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize, const WIDE: usize>(
        &mut self,
        simd: S,
        panel: Panel,
        values: &[f32],
        left: Left,
        row: usize,
        ahead: &mut Ahead,
    ) {
        let column = panel.first - self.weight.panel(self.panels.start).first;
        let columns = column..column + panel.outputs;
        let whole = panel.outputs == WIDE * S::F32_LANES;
        let out = &self.out[row..row + ROWS];
        let sums = match self.bias {
            _ if left.depth().start > 0 => begin(simd, out.iter().map(|row| &row[columns.clone()])),
            Some(bias) => {
                let [one] = begin(simd, [&bias[panel.first..panel.end()]].into_iter());
                [one; ROWS]
            }
            None => zeros(simd),
        };
        let mut sums = left.tile::<S, ROWS, WIDE>(simd, row, values, &sums, ahead);
        let last = left.depth().end == self.weight.inputs();
        if last && matches!(self.finish, Finish::Relu6) {
            hold(simd, &mut sums, 0.0, 6.0);
        }
        let out = &mut self.out[row..row + ROWS];
        if whole {
            end_whole::<S, ROWS, WIDE>(&sums, out, column);
        } else {
            end(simd, &sums, out.iter_mut().map(|row| &mut row[columns.clone()]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::Scales;

    const NOTHING: Finish = Finish::Rows(&|_, _| {});

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
                product(&x, &panels, Some(&bias), 0..outputs, &mut out, threads, NOTHING);
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
            finish: NOTHING,
            room: &mut Room::default(),
        });
        assert_eq!(out, plain(&x, &weight, &bias, inputs));
    }

    /// 8-bit multiples of a scale for each output and `block` inputs.
    fn scaled([outputs, inputs]: [usize; 2], block: usize) -> (Vec<f32>, Scales) {
        let blocks = inputs.div_ceil(block);
        let scales: Vec<f32> = (0..outputs * blocks).map(|i| 0.01 + i as f32 * 0.003).collect();
        let value = |i: usize| {
            let step = (i * 7919 % 256) as f32 - 128.0;
            step * scales[i / inputs * blocks + i % inputs / block]
        };
        let weight = (0..outputs * inputs).map(value).collect();
        (weight, Scales { values: scales, block })
    }

    #[test]
    fn weights_held_in_8_bits_give_the_same_bits() {
        for (rows, shape, block) in
            [(1, [7, 5], 5), (9, [70, 64], 32), (3, [100, 1600], 1600), (300, [40, 1000], 32)]
        {
            let [outputs, inputs] = shape;
            let x = values(rows * inputs, 1);
            let (weight, scales) = scaled(shape, block);
            let plain = Panels::new(&weight, shape, &[]);
            let held = Panels::new(&weight, shape, &[]).with_scales(&scales);
            assert!(held.is_scaled() && held.unpacked() == plain.unpacked());
            for threads in [Threads::One, Threads::All] {
                let multiply = |weight: &Panels| {
                    let mut out = vec![99.0; rows * outputs];
                    product(&x, weight, None, 0..outputs, &mut out, threads, NOTHING);
                    out
                };
                assert_eq!(multiply(&held), multiply(&plain), "{rows} rows, {shape:?}");
            }
        }
    }

    #[test]
    fn weights_that_are_no_multiples_stay_as_they_are() {
        let (weight, scales) = scaled([7, 5], 5);
        for (place, value) in [(0, 0.123), (34, 1e9), (3, f32::NAN)] {
            let mut weight = weight.clone();
            weight[place] = value;
            let held = Panels::new(&weight, [7, 5], &[]).with_scales(&scales);
            assert!(!held.is_scaled(), "{value}");
        }
        let few = Scales { values: scales.values[1..].to_vec(), block: 5 };
        assert!(!Panels::new(&weight, [7, 5], &[]).with_scales(&few).is_scaled());
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
            product(&x, &panels, Some(&bias), 40..outputs, &mut out, threads, NOTHING);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn finishing_sees_whole_rows_once() {
        let (rows, outputs) = (300, 3);
        let panels = Panels::new(&[1.0, 2.0, 3.0], [outputs, 1], &[]);
        let x = values(rows, 0);
        let mut out = vec![0.0; rows * outputs];
        product(
            &x,
            &panels,
            None,
            0..outputs,
            &mut out,
            Threads::All,
            Finish::Rows(&|first, out| {
                for (row, out) in out.chunks_exact_mut(outputs).enumerate() {
                    out.iter_mut().for_each(|value| *value += (first + row) as f32);
                }
            }),
        );
        for (row, out) in out.chunks(outputs).enumerate() {
            let shift = row as f32;
            assert_eq!(out, [x[row] + shift, 2.0 * x[row] + shift, 3.0 * x[row] + shift]);
        }
    }
}
