//! Small systems of linear equations, by Gaussian elimination with row pivots.

/// The x of `matrix` x = `right`, for a square matrix that can be inverted.
pub(crate) fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for i in 0..size {
        let pivot = (i..size).max_by(|a, b| matrix[*a][i].abs().total_cmp(&matrix[*b][i].abs()));
        let pivot = pivot.unwrap_or(i);
        matrix.swap(i, pivot);
        right.swap(i, pivot);
        let row = matrix[i].clone();
        for below in i + 1..size {
            let factor = matrix[below][i] / row[i];
            for (value, above) in matrix[below].iter_mut().zip(&row).skip(i) {
                *value -= factor * above;
            }
            right[below] -= factor * right[i];
        }
    }
    for i in (0..size).rev() {
        let known: f64 = (i + 1..size).map(|j| matrix[i][j] * right[j]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::solved;

    #[test]
    fn a_system_by_hand() {
        // The first pivot is 0, so that rows have to change places.
        let found = solved(
            vec![vec![0.0, 2.0, 1.0], vec![1.0, 1.0, 0.0], vec![2.0, 0.0, 3.0]],
            vec![7.0, 3.0, 11.0],
        );
        for (found, expected) in found.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
    }
}
