//! Activations in 8 bits.

use std::ops::Range;

use super::GROUP;
use crate::kernels::pieces::tiles;
use crate::kernels::reduce;

/// The largest 8-bit activation.
const LARGEST: f32 = 255.0;
/// Adding this to a number from 0 to 2^22 rounds it to a whole one, whose bits are then the lowest.
const ROUNDER: f32 = 12_582_912.0;

/// Rows of bytes `a`, each with its `low` and `step`: a value is `low + step a`. They lie in tiles:
/// in each the first group of inputs of every row, then the second of every row, and so on.
#[derive(Default)]
pub(super) struct Rows {
    groups: Vec<[u8; GROUP]>,
    per_row: usize,
    tallest: usize,
    scales: Vec<Scale>,
    one: Vec<u8>,
}

/// How a row's bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// The value of byte 0.
    pub low: f32,
    /// Between the values of two neighbouring bytes.
    pub step: f32,
}

impl Rows {
    /// Takes the rows of `x`, each `inputs` long, instead of those held before, in tiles of at
    /// most `tallest`.
    #[inline(always)]
    pub fn take(&mut self, x: &[f32], inputs: usize, tallest: usize) {
        let rows = x.len() / inputs;
        (self.per_row, self.tallest) = (inputs.div_ceil(GROUP), tallest);
        self.scales.clear();
        self.groups.resize(rows * self.per_row, [0; GROUP]);
        self.one.clear();
        self.one.resize(self.per_row * GROUP, 0);
        for tile in tiles(rows, tallest) {
            let height = tile.len();
            let groups = &mut self.groups[tile.start * self.per_row..tile.end * self.per_row];
            for (place, row) in tile.enumerate() {
                let row = &x[row * inputs..(row + 1) * inputs];
                self.scales.push(round(row, &mut self.one[..inputs]));
                let places = groups.chunks_exact_mut(height);
                for (groups, group) in places.zip(self.one.as_chunks::<GROUP>().0) {
                    groups[place] = *group;
                }
            }
        }
    }

    /// The tiles: their rows, and their groups of inputs.
    #[inline(always)]
    pub fn tiles(&self) -> impl Iterator<Item = (Range<usize>, &[[u8; GROUP]])> {
        tiles(self.scales.len(), self.tallest).map(|rows| {
            let groups = rows.start * self.per_row..rows.end * self.per_row;
            (rows, &self.groups[groups])
        })
    }

    /// One scale per row.
    #[inline(always)]
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }
}

#[inline(always)]
fn round(row: &[f32], bytes: &mut [u8]) -> Scale {
    let (low, high) = (reduce::min(row), reduce::max(row));
    let inverse = if high > low { LARGEST / (high - low) } else { 0.0 };
    for (byte, value) in bytes.iter_mut().zip(row) {
        *byte = ((value - low) * inverse + ROUNDER).to_bits() as u8;
    }
    Scale { low, step: (high - low) / LARGEST }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_and_the_highest_value_are_exact() {
        let x = [-1.0, 0.0, 254.0, 3.0, 3.0, 3.0];
        let mut rows = Rows::default();
        rows.take(&x, 3, 1);
        let tiles: Vec<_> = rows.tiles().collect();
        assert_eq!(tiles, [(0..1, &[[0, 1, 255, 0]][..]), (1..2, &[[0; 4]][..])]);
        assert_eq!(rows.scales(), [Scale { low: -1.0, step: 1.0 }, Scale { low: 3.0, step: 0.0 }]);
    }

    #[test]
    fn the_rows_of_a_tile_lie_group_by_group() {
        let x: Vec<f32> =
            (0..12).map(|v| if v % 6 == 5 { 255.0 } else { (v % 6) as f32 }).collect();
        let mut rows = Rows::default();
        rows.take(&[0.0; 400], 100, 12);
        rows.take(&x, 6, 12);
        let expected = [[0, 1, 2, 3], [0, 1, 2, 3], [4, 255, 0, 0], [4, 255, 0, 0]];
        assert_eq!(rows.tiles().collect::<Vec<_>>(), [(0..2, &expected[..])]);
    }

    #[test]
    fn no_value_is_off_by_more_than_half_a_step() {
        let x: Vec<f32> = (0..1000).map(|i| ((i * 7919) % 997) as f32 / 100.0 - 2.0).collect();
        let mut rows = Rows::default();
        rows.take(&x, 100, 1);
        for ((row, scale), (_, groups)) in x.chunks(100).zip(rows.scales()).zip(rows.tiles()) {
            for (value, byte) in row.iter().zip(groups.as_flattened()) {
                let read = scale.low + scale.step * f32::from(*byte);
                assert!((read - value).abs() <= scale.step * 0.501, "{value} {read}");
            }
        }
    }

    #[test]
    fn endless_values_do_not_panic() {
        let mut rows = Rows::default();
        rows.take(&[f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 0.0], 2, 12);
        assert!(rows.scales()[0].step.is_infinite());
    }
}
