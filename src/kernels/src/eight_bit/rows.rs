//! Activations in 8 bits.

use std::ops::Range;

use super::dot::{Dot, Layout};
use super::{GROUP, ROUNDER, STEP};
use crate::pieces::tiles;
use crate::{LINE, reduce};

/// The largest 8-bit activation.
const LARGEST: f32 = 255.0;

/// Rows of bytes `a`, each with its `low` and `step`: a value is `low + step a`. They lie in tiles,
/// in the layout of the [`Dot`] that made room for them.
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
    layout: Layout,
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
        let per_row = match D::LAYOUT {
            Layout::ByGroup => inputs.div_ceil(GROUP),
            Layout::ByStep => inputs.div_ceil(GROUP).next_multiple_of(STEP),
        };
        (self.per_row, self.tallest) = (per_row, D::ROWS);
        self.groups.resize(rows * per_row + LINE / GROUP, [0; GROUP]);
        self.skip = self.groups.as_ptr().align_offset(LINE);
        self.scales.resize(rows, Scale { low: 0.0, step: 0.0 });
        let (mut groups, mut scales) = (&mut self.groups[self.skip..], &mut self.scales[..]);
        tiles(rows, D::ROWS).map(move |rows| {
            let groups = groups.split_off_mut(..rows.len() * per_row).unwrap_or_default();
            let scales = scales.split_off_mut(..rows.len()).unwrap_or_default();
            Room { rows, groups, scales, layout: D::LAYOUT }
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
    pub fn fill(self, x: &[f32], inputs: usize) {
        let height = self.rows.len();
        let per_row = self.groups.len() / height;
        let mut one = vec![0; per_row * GROUP];
        for (place, (row, scale)) in self.rows.zip(self.scales).enumerate() {
            let row = &x[row * inputs..(row + 1) * inputs];
            *scale = round(row, &mut one[..inputs]);
            match self.layout {
                Layout::ByStep => {
                    let (steps, _) = one.as_chunks::<GROUP>().0.as_chunks::<STEP>();
                    let (places, _) = self.groups.as_chunks_mut::<STEP>();
                    for (places, step) in places.chunks_exact_mut(height).zip(steps) {
                        places[place] = *step;
                    }
                }
                Layout::ByGroup => {
                    let places = self.groups.chunks_exact_mut(height);
                    for (groups, group) in places.zip(one.as_chunks::<GROUP>().0) {
                        groups[place] = *group;
                    }
                }
            }
        }
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
    use crate::eight_bit::dot::{Sums, Tile};

    /// Plain code with other tiles.
    #[derive(Clone, Copy)]
    struct Tall<const BY_STEP: bool>;

    impl<const BY_STEP: bool> Dot for Tall<BY_STEP> {
        const ROWS: usize = 12;
        const LAYOUT: Layout = if BY_STEP { Layout::ByStep } else { Layout::ByGroup };

        fn within<R>(self, work: impl FnOnce() -> R) -> R {
            work()
        }

        fn sums(self, _: Tile, _: &mut [Sums]) {}
    }

    fn take<D: Dot>(rows: &mut Rows, x: &[f32], inputs: usize) {
        rows.room::<D>(x.len() / inputs, inputs).for_each(|room| room.fill(x, inputs));
    }

    #[test]
    fn the_lowest_and_the_highest_value_are_exact() {
        let x = [-1.0, 0.0, 254.0, 3.0, 3.0, 3.0];
        let mut rows = Rows::default();
        take::<Tall<false>>(&mut rows, &x, 3);
        let tiles: Vec<_> = rows.tiles().collect();
        assert_eq!(tiles, [(0..2, &[[0, 1, 255, 0], [0; 4]][..])]);
        assert_eq!(rows.scales(), [Scale { low: -1.0, step: 1.0 }, Scale { low: 3.0, step: 0.0 }]);
    }

    #[test]
    fn the_rows_of_a_tile_lie_group_by_group_or_step_by_step() {
        let x: Vec<f32> =
            (0..12).map(|v| if v % 6 == 5 { 255.0 } else { (v % 6) as f32 }).collect();
        let mut rows = Rows::default();
        take::<Tall<false>>(&mut rows, &[0.0; 400], 100);
        take::<Tall<false>>(&mut rows, &x, 6);
        let expected = [[0, 1, 2, 3], [0, 1, 2, 3], [4, 255, 0, 0], [4, 255, 0, 0]];
        assert_eq!(rows.tiles().collect::<Vec<_>>(), [(0..2, &expected[..])]);
        take::<Tall<true>>(&mut rows, &x, 6);
        let (place, groups) = rows.tiles().next().unwrap();
        assert_eq!((place, groups.len()), (0..2, 2 * STEP));
        for row in groups.chunks(STEP) {
            assert_eq!((row[0], row[1][..2].to_vec()), ([0, 1, 2, 3], vec![4, 255]));
        }
    }

    #[test]
    fn no_value_is_off_by_more_than_half_a_step() {
        // One step a row.
        let inputs = STEP * GROUP;
        let x: Vec<f32> = (0..10 * inputs).map(|i| ((i * 7919) % 997) as f32 / 100.0).collect();
        let mut rows = Rows::default();
        take::<Tall<true>>(&mut rows, &x, inputs);
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
        take::<Tall<false>>(&mut rows, &[f32::INFINITY, f32::NEG_INFINITY, f32::NAN, 0.0], 2);
        assert!(rows.scales()[0].step.is_infinite());
    }
}
