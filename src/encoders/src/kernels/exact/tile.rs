//! The innermost part of a product: a few rows times one panel, kept in registers.

use pulp::Simd;

/// Where a tile's sums begin.
#[derive(Clone, Copy)]
pub(in crate::kernels) enum Start<'a> {
    /// Zero.
    Zero,
    /// What is to be added to every row (as many values as the tile is wide, or fewer).
    Bias(&'a [f32]),
    /// The values already in the output.
    Output,
}

/// Where a tile goes.
pub(in crate::kernels) struct Target<'a, 'b> {
    /// One row of the output for each of the tile's.
    pub rows: &'a mut [&'b mut [f32]],
    /// The tile's first column.
    pub column: usize,
    /// Values per row, at most `VECTORS * lanes`.
    pub width: usize,
}

impl Target<'_, '_> {
    #[inline(always)]
    fn row(&mut self, row: usize) -> &mut [f32] {
        &mut self.rows[row][self.column..][..self.width]
    }
}

/// `ROWS` rows of inputs, `rows[r][p]`, times a panel `[inputs, VECTORS * lanes]`.
#[inline(always)]
pub(in crate::kernels) fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    rows: [&[f32]; ROWS],
    panel: &[f32],
    start: Start,
    target: &mut Target,
) {
    let (panel, _) = S::as_simd_f32s(panel);
    let (panel, _) = panel.as_chunks::<VECTORS>();
    let rows = rows.map(|row| &row[..panel.len()]);
    let mut sums = begin::<S, ROWS, VECTORS>(simd, start, target);
    for (place, vectors) in panel.iter().enumerate() {
        for row in 0..ROWS {
            let value = simd.splat_f32s(rows[row][place]);
            for vector in 0..VECTORS {
                sums[row][vector] = simd.mul_add_e_f32s(value, vectors[vector], sums[row][vector]);
            }
        }
    }
    for (row, sums) in sums.into_iter().enumerate() {
        let out = target.row(row);
        if out.len() == VECTORS * S::F32_LANES {
            S::as_mut_simd_f32s(out).0.copy_from_slice(&sums);
        } else {
            for (vector, sums) in sums.into_iter().enumerate() {
                let from = (vector * S::F32_LANES).min(out.len());
                let to = (from + S::F32_LANES).min(out.len());
                simd.partial_store_f32s(&mut out[from..to], sums);
            }
        }
    }
}

#[inline(always)]
fn begin<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    start: Start,
    target: &mut Target,
) -> [[S::f32s; VECTORS]; ROWS] {
    let load = |values: &[f32]| -> [S::f32s; VECTORS] {
        std::array::from_fn(|vector| {
            let from = (vector * S::F32_LANES).min(values.len());
            let to = (from + S::F32_LANES).min(values.len());
            simd.partial_load_f32s(&values[from..to])
        })
    };
    match start {
        Start::Zero => [[simd.splat_f32s(0.0); VECTORS]; ROWS],
        Start::Bias(bias) => [load(bias); ROWS],
        Start::Output => std::array::from_fn(|row| load(target.row(row))),
    }
}
