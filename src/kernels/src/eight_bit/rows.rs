//! Activations in 8 bits.

use std::ops::Range;

use super::dot::Dot;
use super::{BLOCK, GROUP, ROUNDER};
use crate::LINE;
use crate::pieces::tiles;

/// The largest 8-bit activation.
const LARGEST: f32 = 255.0;

/// Values whose bytes are a block.
const VALUES: usize = BLOCK * GROUP;

/// Rows of bytes `a`, each with its `low` and `step`: a value is `low + step a`. They lie in tiles,
/// as the [`Dot`] that they are for takes them.
#[derive(Default)]
pub(super) struct Rows {
    groups: Vec<[u8; GROUP]>,
    /// Groups before the first one, which is where a line of the cache begins.
    skip: usize,
    per_row: usize,
    tallest: usize,
    scales: Vec<Scale>,
}

/// Room for the rows of one tile.
pub(super) struct Room<'a> {
    rows: Range<usize>,
    groups: &'a mut [[u8; GROUP]],
    scales: &'a mut [Scale],
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
    /// Makes room for so many rows of so many inputs, instead of those held before; all of it is
    /// to be filled.
    #[inline(always)]
    pub fn room<D: Dot>(&mut self, rows: usize, inputs: usize) -> impl Iterator<Item = Room<'_>> {
        let per_row = inputs.div_ceil(GROUP).next_multiple_of(D::TOGETHER);
        (self.per_row, self.tallest) = (per_row, D::ROWS);
        self.groups.resize(rows * per_row + LINE / GROUP, [0; GROUP]);
        self.skip = self.groups.as_ptr().align_offset(LINE);
        self.scales.resize(rows, Scale { low: 0.0, step: 0.0 });
        let (mut groups, mut scales) = (&mut self.groups[self.skip..], &mut self.scales[..]);
        tiles(rows, D::ROWS).map(move |rows| {
            let groups = groups.split_off_mut(..rows.len() * per_row).unwrap_or_default();
            let scales = scales.split_off_mut(..rows.len()).unwrap_or_default();
            Room { rows, groups, scales }
        })
    }

    /// The tiles: their rows, and their groups of inputs.
    #[inline(always)]
    pub fn tiles(&self) -> impl Iterator<Item = (Range<usize>, &[[u8; GROUP]])> {
        tiles(self.scales.len(), self.tallest).map(|rows| {
            let groups = rows.start * self.per_row..rows.end * self.per_row;
            (rows, &self.groups[self.skip..][groups])
        })
    }

    /// One scale per row.
    #[inline(always)]
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }
}

impl Room<'_> {
    /// Fills it with its rows of `x`, which are `inputs` long.
    #[inline(always)]
    pub fn fill<D: Dot>(self, dot: D, x: &[f32], inputs: usize) {
        let height = self.rows.len();
        let (blocks, _) = self.groups.as_chunks_mut::<BLOCK>();
        let (per_row, run) = (blocks.len() / height, D::TOGETHER / BLOCK);
        for (place, (row, scale)) in self.rows.zip(self.scales).enumerate() {
            let row = &x[row * inputs..(row + 1) * inputs];
            let rounding = Rounding::within(dot.range(row));
            *scale = rounding.scale();
            let (whole, rest) = row.as_chunks::<VALUES>();
            let at = |block: usize| (block / run * height + place) * run + block % run;
            for (block, values) in whole.iter().enumerate() {
                blocks[at(block)] = rounding.block(values);
            }
            for block in whole.len()..per_row {
                let mut values = [rounding.low; VALUES];
                if block == whole.len() {
                    values[..rest.len()].copy_from_slice(rest);
                }
                blocks[at(block)] = rounding.block(&values);
            }
        }
    }
}

/// How the values of a row become bytes.
#[derive(Clone, Copy)]
struct Rounding {
    low: f32,
    /// From the lowest value to the highest.
    range: f32,
    /// Bytes for each 1.
    inverse: f32,
}

impl Rounding {
    #[inline(always)]
    fn within([low, high]: [f32; 2]) -> Self {
        let inverse = if high > low { LARGEST / (high - low) } else { 0.0 };
        Self { low, range: high - low, inverse }
    }

    #[inline(always)]
    fn scale(self) -> Scale {
        Scale { low: self.low, step: self.range / LARGEST }
    }

    #[inline(always)]
    fn block(self, values: &[f32; VALUES]) -> [[u8; GROUP]; BLOCK] {
        let mut bytes = [0u8; VALUES];
        for place in 0..VALUES {
            bytes[place] = ((values[place] - self.low) * self.inverse + ROUNDER).to_bits() as u8;
        }
        bytemuck::cast(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eight_bit::STEP;
    use crate::eight_bit::dot::{Sums, Tile};

    /// Plain code with other tiles.
    #[derive(Clone, Copy)]
    struct Tall<const TOGETHER: usize>;

    impl<const TOGETHER: usize> Dot for Tall<TOGETHER> {
        const ROWS: usize = 12;
        const TOGETHER: usize = TOGETHER;

        fn within<R>(self, work: impl FnOnce() -> R) -> R {
            work()
        }

        fn sums(self, _: Tile, _: &mut [Sums]) {}
    }

    fn take<D: Dot>(dot: D, rows: &mut Rows, x: &[f32], inputs: usize) {
        rows.room::<D>(x.len() / inputs, inputs).for_each(|room| room.fill(dot, x, inputs));
    }

    #[test]
    fn the_lowest_and_the_highest_value_are_exact() {
        let x = [-1.0, 0.0, 254.0, 3.0, 3.0, 3.0];
        let mut rows = Rows::default();
        take(Tall::<BLOCK>, &mut rows, &x, 3);
        let tiles: Vec<_> = rows.tiles().collect();
        let expected = [[0, 1, 255, 0], [0; 4], [0; 4], [0; 4], [0; 4], [0; 4], [0; 4], [0; 4]];
        assert_eq!(tiles, [(0..2, &expected[..])]);
        assert_eq!(rows.scales(), [Scale { low: -1.0, step: 1.0 }, Scale { low: 3.0, step: 0.0 }]);
    }

    /// The byte of input 20 of row 1, of two rows of 70 inputs.
    fn byte<const TOGETHER: usize>(place: usize) -> u8 {
        let value = |i: usize| if i % 70 == 69 { 255.0 } else { (i % 70) as f32 };
        let x: Vec<f32> = (0..140).map(value).collect();
        let mut rows = Rows::default();
        take(Tall::<TOGETHER>, &mut rows, &[0.0; 400], 100);
        take(Tall::<TOGETHER>, &mut rows, &x, 70);
        let (rows, groups) = rows.tiles().next().unwrap();
        let per_row = 18usize.next_multiple_of(TOGETHER);
        assert_eq!((rows, groups.len()), (0..2, 2 * per_row));
        let last = groups.as_flattened();
        assert_eq!(last.iter().map(|byte| u32::from(*byte)).sum::<u32>(), 2 * (68 * 69 / 2 + 255));
        groups.as_flattened()[place]
    }

    #[test]
    fn some_groups_of_each_row_lie_together() {
        // The second block of row 1 lies after the first ones of both rows and the second of row 0.
        assert_eq!(byte::<BLOCK>(3 * VALUES + 4), 20);
        assert_eq!(byte::<STEP>(STEP * GROUP + 20), 20);
    }

    #[test]
    fn no_value_is_off_by_more_than_half_a_step() {
        // One step a row.
        let inputs = STEP * GROUP;
        let x: Vec<f32> = (0..10 * inputs).map(|i| ((i * 7919) % 997) as f32 / 100.0).collect();
        let mut rows = Rows::default();
        take(Tall::<STEP>, &mut rows, &x, inputs);
        let (_, groups) = rows.tiles().next().unwrap();
        for ((row, scale), groups) in x.chunks(inputs).zip(rows.scales()).zip(groups.chunks(STEP)) {
            for (value, byte) in row.iter().zip(groups.as_flattened()) {
                let read = scale.low + scale.step * f32::from(*byte);
                assert!((read - value).abs() <= scale.step * 0.501, "{value} {read}");
            }
        }
    }

    #[test]
    fn endless_values_do_not_panic() {
        let mut rows = Rows::default();
        take(Tall::<BLOCK>, &mut rows, &[f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 0.0], 2);
        assert!(rows.scales()[0].step.is_infinite());
    }
}
