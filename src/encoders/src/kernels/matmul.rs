//! Products of two matrices of activations, by the `gemm` crate.
//!
//! The only place that calls it: its function takes pointers and strides, and the checks here are
//! what makes that safe.

use gemm::Parallelism;

/// A matrix inside a slice: element (r, c) is `data[r * row_step + c * column_step]`.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_step: usize,
    column_step: usize,
}

impl<'a> View<'a> {
    /// Rows of `columns` values that start `row_step` apart.
    ///
    /// # Panics
    /// When the slice is too short: a bug in the caller.
    pub fn rows(data: &'a [f32], rows: usize, columns: usize, row_step: usize) -> Self {
        assert!(fits(data.len(), rows, columns, row_step), "a view of {rows}x{columns}");
        Self { data, rows, columns, row_step, column_step: 1 }
    }

    /// The same matrix with rows and columns exchanged.
    pub fn transposed(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_step: self.column_step,
            column_step: self.row_step,
        }
    }
}

/// Whether `rows` rows of `columns` values, `row_step` apart, lie within `length`.
fn fits(length: usize, rows: usize, columns: usize, row_step: usize) -> bool {
    let last = rows.checked_sub(1).and_then(|r| r.checked_mul(row_step));
    last.and_then(|start| start.checked_add(columns)).is_none_or(|end| end <= length)
}

/// How many threads one product may use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Threads {
    /// The calling one: the caller runs in parallel already.
    One,
    /// All of rayon's.
    All,
}

/// `factor a b` into `out`, whose rows start `row_step` apart; what lies between rows stays.
///
/// # Panics
/// When `out` is too short or the inner dimensions differ: a bug in the caller.
pub(crate) fn product_into(
    out: &mut [f32],
    row_step: usize,
    a: View,
    b: View,
    factor: f32,
    threads: Threads,
) {
    assert!(row_step >= b.columns && fits(out.len(), a.rows, b.columns, row_step));
    // SAFETY: the assertion holds `out` long enough, and it is not shared.
    unsafe { multiply(out.as_mut_ptr(), row_step, a, b, factor, threads) }
}

/// # Safety
/// `out` must be writable for `a.rows` rows of `b.columns` values that start `row_step` apart.
unsafe fn multiply(
    out: *mut f32,
    row_step: usize,
    a: View,
    b: View,
    factor: f32,
    threads: Threads,
) {
    assert_eq!(a.columns, b.rows, "inner dimensions of a product");
    let parallelism = match threads {
        Threads::One => Parallelism::None,
        Threads::All => match rayon::current_num_threads() {
            1 => Parallelism::None,
            count => Parallelism::Rayon(count),
        },
    };
    // SAFETY: the views were checked against their slices when made, steps fit isize because
    // slices do, and the caller answers for `out`, which is only written (`read_dst` is false).
    unsafe {
        gemm::gemm(
            a.rows,
            b.columns,
            a.columns,
            out,
            1,
            row_step as isize,
            false,
            a.data.as_ptr(),
            a.column_step as isize,
            a.row_step as isize,
            b.data.as_ptr(),
            b.column_step as isize,
            b.row_step as isize,
            0.0,
            factor,
            false,
            false,
            false,
            parallelism,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_products_by_hand() {
        let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]; // 2x3
        let b = [1.0, 0.0, -1.0, 2.0, 2.0, 2.0]; // 2x3
        let mut wide = [9.0; 6];
        let (a, b) = (View::rows(&a, 2, 3, 3), View::rows(&b, 2, 3, 3).transposed());
        product_into(&mut wide, 3, a, b, 0.5, Threads::One);
        assert_eq!(wide, [-1.0, 6.0, 9.0, -1.0, 15.0, 9.0]);
    }

    #[test]
    fn large_products_equal_a_plain_loop() {
        let (m, n, k) = (70, 90, 110);
        let value = |i: usize| ((i * 7919) % 13) as f32 - 6.0;
        let a: Vec<f32> = (0..m * k).map(value).collect();
        let b: Vec<f32> = (0..k * n).map(value).collect();
        let mut out = vec![0f32; m * n];
        let (left, right) = (View::rows(&a, m, k, k), View::rows(&b, k, n, n));
        product_into(&mut out, n, left, right, 1.0, Threads::All);
        for (i, found) in out.iter().enumerate() {
            let (row, column) = (i / n, i % n);
            let plain: f32 = (0..k).map(|j| a[row * k + j] * b[j * n + column]).sum();
            assert_eq!(*found, plain);
        }
    }

    #[test]
    #[should_panic(expected = "a view of 2x3")]
    fn views_beyond_their_slice_are_refused() {
        View::rows(&[0.0; 5], 2, 3, 3);
    }
}
