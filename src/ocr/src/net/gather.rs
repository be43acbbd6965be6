//! A convolution over maps of different sizes laid side by side.
//!
//! Smaller maps count as if each of their pixels were repeated. A repeated pixel times a weight is
//! the same product again, so these are computed once, at the smaller size, and added where they
//! belong.

use std::ops::Range;

use seer_checkpoint::CheckpointError;

use super::Map;
use super::convolution::{Convolution, Part};
use super::dense::Dense;
use crate::weights::Weights;

/// Edge of the kernel.
const KERNEL: usize = 3;
const TAPS: usize = KERNEL * KERNEL;

/// A kernel over all channels of all maps.
pub(super) struct Gather {
    /// For the map of full size.
    first: Convolution,
    /// For each smaller map, of half the size of the one before: all taps' outputs of a pixel.
    others: Vec<Dense>,
    outputs: usize,
}

/// What the smaller maps add to each pixel, by tap.
pub(super) struct Spread(Vec<Map>);

impl Gather {
    /// `NAME.weight` `[outputs, taps * levels * channels]`, the smallest map's channels first, and
    /// `NAME.bias`.
    pub fn take(
        weights: &mut Weights,
        name: &str,
        [levels, outputs, channels]: [usize; 3],
    ) -> Result<Self, CheckpointError> {
        let seen = levels * channels;
        let weight = weights.take(&format!("{name}.weight"), &[outputs, TAPS * seen])?;
        let bias = weights.take(&format!("{name}.bias"), &[outputs])?;
        let part = |output: usize, tap: usize, level: usize| {
            let from = output * TAPS * seen + tap * seen + (levels - 1 - level) * channels;
            weight[from..from + channels].iter().copied()
        };
        let all = |level: usize| (0..outputs * TAPS).map(move |number| (number, level));
        let first = all(0).flat_map(|(n, level)| part(n / TAPS, n % TAPS, level)).collect();
        let others = (1..levels).map(|level| {
            let weight: Vec<f32> =
                all(level).flat_map(|(n, level)| part(n % outputs, n / outputs, level)).collect();
            Dense::of(&weight, [outputs * TAPS, channels], vec![0.0; outputs * TAPS])
        });
        let others = others.collect();
        let first = Convolution::of(first, bias, [KERNEL, 1], channels);
        Ok(Self { first, others, outputs })
    }

    /// Values of a pixel that come out.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// The products of the smaller maps, all but the first of `levels`.
    pub fn spread(&self, levels: &[Map]) -> Spread {
        let pairs = self.others.iter().zip(&levels[1..]);
        Spread(pairs.map(|(dense, map)| dense.map(map)).collect())
    }

    /// Rows `rows` of the result into `out`, on this thread. `columns` is memory.
    pub fn rows(
        &self,
        first: &Map,
        spread: &Spread,
        rows: Range<usize>,
        out: &mut [f32],
        columns: &mut Vec<f32>,
    ) {
        let window = self.first.window(first.height, first.width);
        let part = Part { values: &first.values, first_row: 0 };
        self.first.rows(part, window, rows.clone(), out, columns, |_| {});
        for (y, out) in rows.zip(out.chunks_exact_mut(first.width * self.outputs)) {
            for (level, map) in (1..).zip(&spread.0) {
                for down in 0..KERNEL {
                    let seen = (y + down).checked_sub(1).filter(|row| *row < first.height);
                    let Some(row) = seen else { continue };
                    let from = &map.values[(row >> level) * map.row()..][..map.row()];
                    self.add_row(from, level, down, first.width, out);
                }
            }
        }
    }

    /// What one row of a smaller map adds to a row of the result, by the taps of one kernel row.
    fn add_row(&self, from: &[f32], level: usize, down: usize, width: usize, out: &mut [f32]) {
        for (x, out) in out.chunks_exact_mut(self.outputs).enumerate() {
            for across in 0..KERNEL {
                let seen = (x + across).checked_sub(1).filter(|column| *column < width);
                let Some(column) = seen else { continue };
                let tap = down * KERNEL + across;
                let at = ((column >> level) * TAPS + tap) * self.outputs;
                let values = &from[at..at + self.outputs];
                out.iter_mut().zip(values).for_each(|(out, value)| *out += value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Maps of one channel whose kernel is all ones, one by one: what each pixel sees of them.
    #[test]
    fn repeated_pixels_count_as_often_as_they_are_seen() {
        let map = |height: usize, width: usize, values: &[f32]| Map {
            height,
            width,
            channels: 1,
            values: values.to_vec(),
        };
        let levels = [map(2, 4, &[0.0; 8]), map(1, 2, &[1.0, 100.0])];
        let first = Convolution::of(vec![1.0; TAPS], vec![0.5], [KERNEL, 1], 1);
        let others = vec![Dense::of(&[1.0; TAPS], [TAPS, 1], vec![0.0; TAPS])];
        let gather = Gather { first, others, outputs: 1 };
        let mut out = vec![0.0; 8];
        let spread = gather.spread(&levels);
        gather.rows(&levels[0], &spread, 0..2, &mut out, &mut Vec::new());
        let row = [4.5, 204.5, 402.5, 400.5];
        assert_eq!(out, [row, row].concat());
    }
}
