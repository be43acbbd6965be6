//! Rows to columns.

use crate::team::share;

/// Edge of the squares that are moved at once, so that both sides stay in the cache.
const SQUARE: usize = 32;

/// A matrix of rows of `columns` values, with rows and columns exchanged.
pub fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    let rows = values.len() / columns.max(1);
    let mut out = vec![0f32; values.len()];
    share(out.chunks_mut((SQUARE * rows).max(1)).enumerate(), |(band, out)| {
        let first = band * SQUARE;
        for start in (0..rows).step_by(SQUARE) {
            for (column, out) in out.chunks_exact_mut(rows).enumerate() {
                let end = (start + SQUARE).min(rows);
                for (row, value) in out[start..end].iter_mut().enumerate() {
                    *value = values[(start + row) * columns + first + column];
                }
            }
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_columns() {
        assert_eq!(transposed(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        let (rows, columns) = (70, 45);
        let values: Vec<f32> = (0..rows * columns).map(|i| i as f32).collect();
        let out = transposed(&values, columns);
        assert_eq!(out[7 * rows + 50], (50 * columns + 7) as f32);
        assert_eq!(transposed(&out, rows), values);
        assert!(transposed(&[], 3).is_empty());
    }
}
