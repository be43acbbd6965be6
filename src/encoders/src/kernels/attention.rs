//! Scaled dot-product attention, head by head, on strided views of the joined projections.

use rayon::prelude::*;

use crate::kernels::exp::exp;
use crate::kernels::matmul::{Threads, View, product_into};
use crate::kernels::{reduce, vectorised};

/// Queries, keys and values of a batch. Row `i` of item `b` starts at `(b * rows + i) * step`;
/// head `h` takes the columns from `h * head_width` on.
#[derive(Clone, Copy)]
pub(crate) struct Inputs<'a> {
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
pub(crate) enum Mask<'a> {
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
pub(crate) fn attention(inputs: Inputs) -> Vec<f32> {
    let width = inputs.heads * inputs.head_width;
    let mut out = vec![0f32; inputs.batch * inputs.query_rows * width];
    let rows = rows_per_task(&inputs);
    out.par_chunks_mut(inputs.query_rows * width).enumerate().for_each(|(item, out)| {
        out.par_chunks_mut(rows * width).enumerate().for_each(|(task, out)| {
            attend(&inputs, item, task * rows, out);
        });
    });
    out
}

/// Whole items when there are enough of them for all threads, parts of items otherwise.
fn rows_per_task(inputs: &Inputs) -> usize {
    let threads = rayon::current_num_threads();
    let tasks = threads.div_ceil(inputs.batch.max(1));
    if tasks <= 1 { inputs.query_rows } else { inputs.query_rows.div_ceil(tasks).max(16) }
}

fn attend(inputs: &Inputs, item: usize, first: usize, out: &mut [f32]) {
    let Inputs { head_width, query_step, key_step, key_rows, .. } = *inputs;
    let width = inputs.heads * head_width;
    let rows = out.len() / width;
    let query_start = (item * inputs.query_rows + first) * query_step;
    let key_start = item * key_rows * key_step;
    let factor = 1.0 / (head_width as f32).sqrt();
    let mut scores = vec![0f32; rows * key_rows];
    for head in 0..inputs.heads {
        let column = head * head_width;
        let queries = &inputs.queries[query_start + column..];
        let keys = &inputs.keys[key_start + column..];
        let values = &inputs.values[key_start + column..];
        let queries = View::rows(queries, rows, head_width, query_step);
        let keys = View::rows(keys, key_rows, head_width, key_step).transposed();
        product_into(&mut scores, key_rows, queries, keys, factor, Threads::One);
        vectorised(
            #[inline(always)]
            || {
                for (row, scores) in scores.chunks_exact_mut(key_rows).enumerate() {
                    let query = [first + row, inputs.query_rows];
                    softmax(scores, inputs.mask.visible(item, query, key_rows));
                }
            },
        );
        let scores = View::rows(&scores, rows, key_rows, key_rows);
        let values = View::rows(values, key_rows, head_width, key_step);
        product_into(&mut out[column..], width, scores, values, 1.0, Threads::One);
    }
}

/// The first `visible` values to shares that sum to 1, the rest to 0.
#[inline(always)]
fn softmax(scores: &mut [f32], visible: usize) {
    let (seen, hidden) = scores.split_at_mut(visible);
    let highest = reduce::max(seen);
    for score in seen.iter_mut() {
        *score = exp(*score - highest);
    }
    let total = reduce::sum(
        seen,
        #[inline(always)]
        |v| v,
    );
    for score in seen.iter_mut() {
        *score /= total;
    }
    hidden.fill(0.0);
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
