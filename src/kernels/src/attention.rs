//! Scaled dot-product attention, head by head, on strided views of the joined projections.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use crate::exact::{VECTORS, end, lay_out, padded, tallest, tile, zeros};
use crate::exp::exp;
use crate::team::share;
use crate::{pieces, reduce};

/// Queries whose scores are held at once.
const BLOCK: usize = 48;
/// Rows and columns that are exchanged at once.
const EDGE: usize = 4;

/// Queries, keys and values of a batch. Row `i` of item `b` starts at `(b * rows + i) * step`;
/// head `h` takes the columns from `h * head_width` on.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// Queries, from their first column on.
    pub queries: &'a [f32],
    /// Values between two rows of queries.
    pub query_step: usize,
    /// Rows of queries per item.
    pub query_rows: usize,
    /// Keys, from their first column on.
    pub keys: &'a [f32],
    /// Values, from their first column on.
    pub values: &'a [f32],
    /// Values between two rows of keys or of values.
    pub key_step: usize,
    /// Rows of keys per item.
    pub key_rows: usize,
    /// Items.
    pub batch: usize,
    /// Heads.
    pub heads: usize,
    /// Columns per head.
    pub head_width: usize,
    /// Which keys a query sees.
    pub mask: Mask<'a>,
}

/// Which keys a query sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mask<'a> {
    /// All.
    None,
    /// Those up to its own place.
    Causal,
    /// The first so many of each item (at least 1).
    Lengths(&'a [usize]),
    /// The first so many of each query of each item, `[items, queries]` (at least 1).
    Prefixes(&'a [usize]),
}

impl Mask<'_> {
    fn visible(&self, item: usize, [query, queries]: [usize; 2], keys: usize) -> usize {
        match self {
            Self::None => keys,
            Self::Causal => query + 1,
            Self::Lengths(lengths) => lengths[item],
            Self::Prefixes(seen) => seen[item * queries + query],
        }
    }
}

/// `softmax(Q K^T / sqrt(head_width)) V`: `[batch, query_rows, heads * head_width]`.
/// (Vaswani and others: Attention Is All You Need, 2017.)
pub fn attention(inputs: Inputs) -> Vec<f32> {
    let width = inputs.heads * inputs.head_width;
    let mut out = vec![0f32; inputs.batch * inputs.query_rows * width];
    attention_into(inputs, &mut out);
    out
}

/// The same into memory that is there already.
pub fn attention_into(inputs: Inputs, out: &mut [f32]) {
    let Inputs { heads, head_width, query_rows, batch, .. } = inputs;
    let width = heads * head_width;
    let tasks = rayon::current_num_threads().div_ceil(batch.max(1));
    let heads: Vec<_> = pieces::parts(heads, tasks).collect();
    let ends: Vec<usize> = heads.iter().map(|heads| heads.end * head_width).collect();
    let rows = rows_per_task(query_rows, tasks.div_ceil(heads.len().max(1)));
    let pieces = out.chunks_mut(query_rows * width).enumerate().flat_map(|(item, out)| {
        let (heads, ends) = (&heads, &ends);
        out.chunks_mut(rows * width).enumerate().flat_map(move |(number, out)| {
            let parts = heads.iter().zip(pieces::by_columns(out, width, ends));
            parts.map(move |(heads, out)| (item, number * rows, heads.clone(), out))
        })
    });
    share(pieces, |(item, first, heads, out)| {
        pulp::Arch::new().dispatch(Attend { inputs: &inputs, item, first, heads, out });
    });
}

/// All rows for one task; for more of them not so few that laying out keys and values would cost
/// more than the work on them.
fn rows_per_task(rows: usize, tasks: usize) -> usize {
    if tasks <= 1 { rows.max(1) } else { rows.div_ceil(tasks).max(16) }
}

/// Some queries of one item, some heads, on one thread.
struct Attend<'a, 'b> {
    inputs: &'a Inputs<'a>,
    item: usize,
    first: usize,
    heads: Range<usize>,
    /// Of each query the columns of these heads.
    out: Vec<&'b mut [f32]>,
}

impl WithSimd for Attend<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { inputs, item, first, heads, mut out } = self;
        let Inputs { head_width, query_step, key_step, key_rows, .. } = *inputs;
        let query_start = (item * inputs.query_rows + first) * query_step;
        let key_start = item * key_rows * key_step;
        let factor = 1.0 / (head_width as f32).sqrt();
        let (mut keys, mut values, mut scores) = (Vec::new(), Vec::new(), Vec::new());
        let mut laid_out = Vec::new();
        let score_step = key_rows.next_multiple_of(reduce::LANES);
        for (place, head) in heads.enumerate() {
            let column = head * head_width;
            let source = &inputs.keys[key_start + column..];
            pack_transposed::<S>(source, [key_rows, head_width], key_step, &mut keys);
            let source = &inputs.values[key_start + column..];
            pack::<S>(source, [key_rows, head_width], key_step, &mut values);
            for (block, out) in out.chunks_mut(BLOCK).enumerate() {
                let (start, rows) = (block * BLOCK, out.len());
                let queries = &inputs.queries[query_start + start * query_step + column..];
                let left = Left { values: queries, step: query_step, depth: head_width };
                scores.resize(rows * score_step, 0.0);
                let mut rows: Vec<_> = scores.chunks_exact_mut(score_step).collect();
                multiply(simd, left, &keys, &mut rows, 0..score_step, &mut laid_out);
                for (row, scores) in rows.into_iter().enumerate() {
                    let query = [first + start + row, inputs.query_rows];
                    softmax(scores, inputs.mask.visible(item, query, key_rows), factor);
                }
                let left = Left { values: &scores, step: score_step, depth: key_rows };
                let columns = place * head_width..(place + 1) * head_width;
                multiply(simd, left, &values, out, columns, &mut laid_out);
            }
        }
    }
}

/// Rows of `depth` values that start `step` apart.
#[derive(Clone, Copy)]
struct Left<'a> {
    values: &'a [f32],
    step: usize,
    depth: usize,
}

/// Cuts a matrix of rows that start `step` apart into panels of [`VECTORS`] registers' width,
/// filled up with zeros.
#[inline(always)]
fn pack<S: Simd>(x: &[f32], [rows, columns]: [usize; 2], step: usize, out: &mut Vec<f32>) {
    let wide = VECTORS * S::F32_LANES;
    out.clear();
    out.resize(columns.div_ceil(wide) * rows * wide, 0.0);
    for (number, panel) in out.chunks_exact_mut(rows * wide).enumerate() {
        let taken = (columns - number * wide).min(wide);
        for (row, out) in panel.chunks_exact_mut(wide).enumerate() {
            out[..taken].copy_from_slice(&x[row * step + number * wide..][..taken]);
        }
    }
}

/// The same of the matrix with rows and columns exchanged.
#[inline(always)]
fn pack_transposed<S: Simd>(
    x: &[f32],
    [rows, columns]: [usize; 2],
    step: usize,
    out: &mut Vec<f32>,
) {
    let wide = VECTORS * S::F32_LANES;
    out.clear();
    out.resize(rows.div_ceil(wide) * columns * wide, 0.0);
    for (number, panel) in out.chunks_exact_mut(columns * wide).enumerate() {
        let first = number * wide;
        let row = |place: usize| &x[(first + place) * step..][..columns];
        let taken = (rows - first).min(wide);
        let squares: usize = taken / EDGE * EDGE;
        for place in (0..squares).step_by(EDGE) {
            exchange::<EDGE>(std::array::from_fn(|i| row(place + i)), &mut panel[place..], wide);
        }
        for place in squares..taken {
            exchange([row(place)], &mut panel[place..], wide);
        }
    }
}

/// Writes rows as columns: the first value of each side by side, `step` further the second of each,
/// and so on. Four columns at a time, so that it is done in registers.
#[inline(always)]
fn exchange<const ROWS: usize>(rows: [&[f32]; ROWS], out: &mut [f32], step: usize) {
    let (groups, rest) = (rows.map(|row| row.as_chunks::<EDGE>().0), rows[0].len() / EDGE * EDGE);
    for group in 0..groups[0].len() {
        let square = groups.map(|row| row[group]);
        for column in 0..EDGE {
            let values = square.map(|row| row[column]);
            out[(group * EDGE + column) * step..][..ROWS].copy_from_slice(&values);
        }
    }
    for column in rest..rows[0].len() {
        out[column * step..][..ROWS].copy_from_slice(&rows.map(|row| row[column]));
    }
}

/// As many rows of the left side as `out` has, times the panels of a matrix, into these columns.
#[inline(always)]
fn multiply<S: Simd>(
    simd: S,
    left: Left,
    panels: &[f32],
    out: &mut [&mut [f32]],
    columns: Range<usize>,
    laid_out: &mut Vec<f32>,
) {
    let wide = VECTORS * S::F32_LANES;
    let length = padded(left.depth);
    laid_out.resize(out.len() * length, 0.0);
    for tile in pieces::tiles(out.len(), tallest::<S>()) {
        let rows = tile.clone().map(|row| &left.values[row * left.step..][..left.depth]);
        lay_out(rows, &mut laid_out[tile.start * length..tile.end * length]);
    }
    for (number, panel) in panels.chunks_exact(left.depth * wide).enumerate() {
        let column = columns.start + number * wide;
        let width = (columns.end - column).min(wide);
        for rows in pieces::tiles(out.len(), tallest::<S>()) {
            let out = &mut out[rows.clone()];
            macro_rules! tiles {
                ($($height:literal)*) => {
                    match rows.len() {
                        $($height => {
                            let rows = &laid_out[rows.start * length..rows.end * length];
                            let sums = tile::<S, $height, VECTORS>(simd, rows, panel, &zeros(simd), || {});
                            end(simd, &sums, out.iter_mut().map(|row| &mut row[column..column + width]));
                        })*
                        height => unreachable!("a tile of {height} rows"),
                    }
                };
            }
            if S::F32_LANES >= 16 {
                tiles!(1 2 3 4 5 6 7 8 9 10 11 12);
            } else {
                tiles!(1 2 3 4 5 6);
            }
        }
    }
}

/// The first `visible` values, times `factor`, to shares that sum to 1, the rest to 0. There is a
/// multiple of [`reduce::LANES`] of them, so that all work is done in whole vectors.
#[inline(always)]
fn softmax(scores: &mut [f32], visible: usize, factor: f32) {
    scores[visible..].fill(f32::NEG_INFINITY);
    let highest = reduce::max(scores);
    for scores in scores.as_chunks_mut::<{ reduce::LANES }>().0 {
        for score in scores {
            *score = exp((*score - highest) * factor);
        }
    }
    scores[visible..].fill(0.0);
    let total = reduce::sum(
        scores,
        #[inline(always)]
        |v| v,
    );
    let share = 1.0 / total;
    for scores in scores.as_chunks_mut::<{ reduce::LANES }>().0 {
        for score in scores {
            *score *= share;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows of width 2, one head, stored as q|k|v.
    fn two_rows(mask: Mask) -> Vec<f32> {
        let ln3 = 3f32.ln() * 2f32.sqrt(); // so that scores differ by ln 3 after scaling
        #[rustfmt::skip]
        let qkv = [
            1.0, 0.0,  0.0, 0.0,  1.0, 10.0,
            1.0, 0.0,  ln3, 0.0,  5.0, 20.0,
        ];
        attention(Inputs {
            queries: &qkv,
            query_step: 6,
            query_rows: 2,
            keys: &qkv[2..],
            values: &qkv[4..],
            key_step: 6,
            key_rows: 2,
            batch: 1,
            heads: 1,
            head_width: 2,
            mask,
        })
    }

    fn assert_close(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}");
    }

    #[test]
    fn shares_are_a_quarter_and_three_quarters() {
        assert_close(&two_rows(Mask::None), &[4.0, 17.5, 4.0, 17.5]);
    }

    #[test]
    fn a_masked_key_is_not_seen() {
        assert_close(&two_rows(Mask::Causal), &[1.0, 10.0, 4.0, 17.5]);
        assert_close(&two_rows(Mask::Lengths(&[1])), &[1.0, 10.0, 1.0, 10.0]);
        assert_close(&two_rows(Mask::Prefixes(&[2, 1])), &[4.0, 17.5, 1.0, 10.0]);
    }

    #[test]
    fn heads_and_items_do_not_mix() {
        let (batch, rows, heads, head_width) = (3, 40, 2, 4);
        let width = heads * head_width;
        let value = |i: usize| ((i * 31) % 17) as f32 / 17.0 - 0.5;
        let qkv: Vec<f32> = (0..batch * rows * 3 * width).map(value).collect();
        let run = |qkv: &[f32], batch, heads| {
            attention(Inputs {
                queries: qkv,
                query_step: 3 * width,
                query_rows: rows,
                keys: &qkv[width..],
                values: &qkv[2 * width..],
                key_step: 3 * width,
                key_rows: rows,
                batch,
                heads,
                head_width,
                mask: Mask::Causal,
            })
        };
        let all = run(&qkv, batch, heads);
        let item = &qkv[rows * 3 * width..2 * rows * 3 * width];
        assert_close(&run(item, 1, heads), &all[rows * width..2 * rows * width]);
        let first_head = run(item, 1, 1);
        let expected: Vec<f32> = all[rows * width..2 * rows * width]
            .chunks(width)
            .flat_map(|row| row[..head_width].to_vec())
            .collect();
        assert_close(&first_head, &expected);
    }
}
