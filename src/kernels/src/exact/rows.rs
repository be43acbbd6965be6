//! Rows of activations that are multiplied as they lie.
//!
//! Their lengths are compared once a tile, and a [`BLOCK`] of inputs is taken at a time, so that there is time
//! to load again those of their addresses that find no register.

use std::ops::Range;

use pulp::Simd;

use super::tile::{BLOCK, Sums, add, copied};
use crate::LINE;
use crate::ahead::Ahead;

/// Rows of a multiple of so many inputs push each other out of the first-level cache.
const ALIASED: usize = 512;
/// Values between the copies of such rows: a line of the cache.
const APART: usize = LINE / size_of::<f32>();

/// A part of the inputs of some rows.
#[derive(Clone, Copy)]
pub(super) struct Left<'a> {
    /// From the first row's part on.
    values: &'a [f32],
    /// From one row to the next.
    step: usize,
    /// The first input of the part.
    start: usize,
    /// Inputs of the part.
    depth: usize,
}

impl<'a> Left<'a> {
    /// The inputs `depth` of the rows of `x`, which are `inputs` long; `room` is for copies of them.
    #[inline(always)]
    pub fn of(x: &'a [f32], inputs: usize, depth: &Range<usize>, room: &'a mut Vec<f32>) -> Self {
        let Range { start, end } = *depth;
        let depth = end - start;
        if !inputs.is_multiple_of(ALIASED) {
            return Self { values: &x[start..], step: inputs, start, depth };
        }
        let step = depth + APART;
        room.resize(x.len() / inputs * step, 0.0);
        for (row, copy) in x.chunks_exact(inputs).zip(room.chunks_exact_mut(step)) {
            copy[..depth].copy_from_slice(&row[start..end]);
        }
        Self { values: room, step, start, depth }
    }

    /// Which inputs they are.
    #[inline(always)]
    pub fn depth(self) -> Range<usize> {
        self.start..self.start + self.depth
    }

    /// `ROWS` of them from `first` on.
    #[inline(always)]
    fn rows<const ROWS: usize>(self, first: usize) -> [&'a [f32]; ROWS] {
        let mut rows: [&[f32]; ROWS] = [&[]; ROWS];
        for (place, row) in rows.iter_mut().enumerate() {
            *row = &self.values[(first + place) * self.step..][..self.depth];
        }
        rows
    }

    /// `sums` plus `ROWS` rows from `first` on times a panel `[inputs, VECTORS * lanes]`; `ahead` goes on
    /// by one step for every [`BLOCK`] of inputs.
    #[inline(always)]
    pub fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
        self,
        simd: S,
        first: usize,
        panel: &[f32],
        sums: &Sums<S, ROWS, VECTORS>,
        ahead: &mut Ahead,
    ) -> Sums<S, ROWS, VECTORS> {
        let rows = self.rows::<ROWS>(first);
        let (panel, _) = S::as_simd_f32s(panel);
        let (panel, _) = panel.as_chunks::<VECTORS>();
        let (whole, rest) = panel.as_chunks::<BLOCK>();
        // Of one length, so that it is compared once and not for every row.
        let mut blocks: [&[[f32; BLOCK]]; ROWS] = [&[]; ROWS];
        for row in 0..ROWS {
            blocks[row] = &rows[row].as_chunks().0[..whole.len()];
        }
        let mut sums = copied(simd, sums);
        for (number, panel) in whole.iter().enumerate() {
            ahead.step();
            for (place, vectors) in panel.iter().enumerate() {
                for row in 0..ROWS {
                    let value = simd.splat_f32s(blocks[row][number][place]);
                    add(simd, value, vectors, &mut sums[row]);
                }
            }
        }
        for (place, vectors) in rest.iter().enumerate() {
            for row in 0..ROWS {
                let value = simd.splat_f32s(rows[row][whole.len() * BLOCK + place]);
                add(simd, value, vectors, &mut sums[row]);
            }
        }
        copied(simd, &sums)
    }
}
