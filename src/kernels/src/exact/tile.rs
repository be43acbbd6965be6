//! The innermost part of a product: a few rows times one panel, kept in registers.
//!
//! Here the rows are laid out block by block, so that the loop runs along one stream at distances known
//! when it is compiled. How rows are read as they lie: [`super::rows`].

use std::cmp::Ordering;

use pulp::Simd;

/// Inputs of a row that lie together: few, so that the stream's next line is not needed for all rows
/// at once.
pub(super) const BLOCK: usize = 4;

/// Rows of the tallest tile where there are 32 vector registers, and elsewhere: as many as leave
/// room for the panel.
pub(super) const TALL: usize = 12;
const SHORT: usize = 6;

/// Rows of the tallest tile on this processor.
#[inline(always)]
pub(crate) fn tallest<S: Simd>() -> usize {
    if S::F32_LANES >= 16 { TALL } else { SHORT }
}

/// Values of a row of `depth` inputs once it is laid out.
#[inline(always)]
pub(crate) fn padded(depth: usize) -> usize {
    depth.next_multiple_of(BLOCK)
}

/// Lays out the rows of one tile, each of `depth` inputs: of each block of inputs the part of the
/// first row, of the second and so on, the last block filled up with zeros. `out` has
/// [`padded`] values for each row.
#[inline(always)]
pub(crate) fn lay_out<'a>(rows: impl ExactSizeIterator<Item = &'a [f32]>, out: &mut [f32]) {
    let height = rows.len();
    let (blocks, _) = out.as_chunks_mut::<BLOCK>();
    for (row, values) in rows.enumerate() {
        let (whole, rest) = values.as_chunks::<BLOCK>();
        for (place, values) in whole.iter().enumerate() {
            blocks[place * height + row] = *values;
        }
        if !rest.is_empty() {
            let block = &mut blocks[whole.len() * height + row];
            *block = [0.0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
        }
    }
}

/// The sums of a tile.
pub(crate) type Sums<S, const ROWS: usize, const VECTORS: usize> =
    [[<S as Simd>::f32s; VECTORS]; ROWS];

/// `sums` plus `ROWS` rows of inputs, as [`lay_out`] lays them out, times a panel
/// `[inputs, VECTORS * lanes]`; `meanwhile` is called once for every [`BLOCK`] of inputs.
#[inline(always)]
pub(crate) fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    rows: &[f32],
    panel: &[f32],
    sums: &Sums<S, ROWS, VECTORS>,
    mut meanwhile: impl FnMut(),
) -> Sums<S, ROWS, VECTORS> {
    let (panel, _) = S::as_simd_f32s(panel);
    let (panel, _) = panel.as_chunks::<VECTORS>();
    let (rows, _) = rows.as_chunks::<BLOCK>();
    let (blocks, _) = rows.as_chunks::<ROWS>();
    let (whole, rest) = panel.as_chunks::<BLOCK>();
    let mut sums = copied(simd, sums);
    for (rows, panel) in blocks.iter().zip(whole) {
        meanwhile();
        for (place, vectors) in panel.iter().enumerate() {
            step(simd, rows, place, vectors, &mut sums);
        }
    }
    if let Some(rows) = blocks.get(whole.len()) {
        for (place, vectors) in rest.iter().enumerate() {
            step(simd, rows, place, vectors, &mut sums);
        }
    }
    copied(simd, &sums)
}

/// The same sums elsewhere, so that those of the innermost loop are never asked for by a number
/// that is not known when it is compiled, and stay in registers.
#[inline(always)]
pub(super) fn copied<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    sums: &Sums<S, ROWS, VECTORS>,
) -> Sums<S, ROWS, VECTORS> {
    let mut copy = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
    for row in 0..ROWS {
        for vector in 0..VECTORS {
            copy[row][vector] = sums[row][vector];
        }
    }
    copy
}

/// One input of every row.
#[inline(always)]
fn step<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    rows: &[[f32; BLOCK]; ROWS],
    place: usize,
    vectors: &[S::f32s; VECTORS],
    sums: &mut Sums<S, ROWS, VECTORS>,
) {
    for row in 0..ROWS {
        add(simd, simd.splat_f32s(rows[row][place]), vectors, &mut sums[row]);
    }
}

/// One input of one row.
#[inline(always)]
pub(super) fn add<S: Simd, const VECTORS: usize>(
    simd: S,
    value: S::f32s,
    vectors: &[S::f32s; VECTORS],
    sums: &mut [S::f32s; VECTORS],
) {
    for vector in 0..VECTORS {
        sums[vector] = simd.mul_add_e_f32s(value, vectors[vector], sums[vector]);
    }
}

/// Sums of zero.
#[inline(always)]
pub(crate) fn zeros<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
) -> Sums<S, ROWS, VECTORS> {
    [[simd.splat_f32s(0.0); VECTORS]; ROWS]
}

/// `rows` of values as sums; those that end early are filled up with zeros.
#[inline(always)]
pub(crate) fn begin<'a, S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    rows: impl Iterator<Item = &'a [f32]>,
) -> Sums<S, ROWS, VECTORS> {
    let mut sums = zeros::<S, ROWS, VECTORS>(simd);
    for (sums, values) in sums.iter_mut().zip(rows) {
        let (whole, rest) = S::as_simd_f32s(values);
        for (vector, sums) in sums.iter_mut().enumerate() {
            *sums = match vector.cmp(&whole.len()) {
                Ordering::Less => whole[vector],
                Ordering::Equal => simd.partial_load_f32s(rest),
                Ordering::Greater => simd.splat_f32s(0.0),
            };
        }
    }
    sums
}

/// Holds sums within two bounds.
#[inline(always)]
pub(super) fn hold<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    sums: &mut Sums<S, ROWS, VECTORS>,
    low: f32,
    high: f32,
) {
    for sum in sums.as_flattened_mut() {
        // In this order what is not a number stays visible on x86.
        let held = simd.max_f32s(simd.splat_f32s(low), *sum);
        *sum = simd.min_f32s(simd.splat_f32s(high), held);
    }
}

/// Writes sums into rows that are as long.
#[inline(always)]
pub(super) fn end_whole<S: Simd, const ROWS: usize, const VECTORS: usize>(
    sums: &Sums<S, ROWS, VECTORS>,
    rows: &mut [&mut [f32]],
    first: usize,
) {
    let rows = &mut rows[..ROWS];
    for row in 0..ROWS {
        let values = &mut rows[row][first..first + VECTORS * S::F32_LANES];
        let (whole, _) = S::as_mut_simd_f32s(values);
        whole[..VECTORS].copy_from_slice(&sums[row]);
    }
}

/// Writes sums into `rows`, as far as these reach.
#[inline(always)]
pub(crate) fn end<'a, S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    sums: &Sums<S, ROWS, VECTORS>,
    rows: impl Iterator<Item = &'a mut [f32]>,
) {
    for (sums, values) in sums.iter().zip(rows) {
        let (whole, rest) = S::as_mut_simd_f32s(values);
        for (vector, sums) in sums.iter().enumerate() {
            match vector.cmp(&whole.len()) {
                Ordering::Less => whole[vector] = *sums,
                Ordering::Equal => simd.partial_store_f32s(rest, *sums),
                Ordering::Greater => {}
            }
        }
    }
}
