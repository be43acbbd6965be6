//! Logistic regression with a penalty on large weights, by Newton's method.
//!
//! Features are brought to mean 0 and deviation 1, both classes weigh the same if asked for, and half
//! the squared sum of the weights (not of the constant) is added to the loss, as scikit-learn's
//! `LogisticRegression` does by default.

use crate::linear_system::solved;

/// Steps at the most; Newton's method needs about seven.
const STEPS: usize = 50;
/// Smaller steps than this change nothing.
const SMALL: f64 = 1e-8;

/// A constant, then a weight for each feature: `rows` hold as many numbers as there are features.
/// With `balanced` both classes weigh the same, however many rows they have.
pub(super) fn fit<const N: usize>(rows: &[[f32; N]], is_true: &[bool], balanced: bool) -> Vec<f32> {
    let (means, deviations) = moments(rows);
    let scaled: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| {
            let scale = |i: usize| (f64::from(row[i]) - means[i]) / deviations[i];
            std::iter::once(1.0).chain((0..N).map(scale)).collect()
        })
        .collect();
    let weights = class_weights(is_true, balanced);
    let fitted = newton(&scaled, is_true, weights);
    let slopes: Vec<f64> = (0..N).map(|i| fitted[i + 1] / deviations[i]).collect();
    let constant =
        fitted[0] - slopes.iter().zip(&means).map(|(slope, mean)| slope * mean).sum::<f64>();
    std::iter::once(constant).chain(slopes).map(|number| number as f32).collect()
}

fn moments<const N: usize>(rows: &[[f32; N]]) -> (Vec<f64>, Vec<f64>) {
    let count = rows.len().max(1) as f64;
    let column = |i: usize| rows.iter().map(move |row| f64::from(row[i]));
    let means: Vec<f64> = (0..N).map(|i| column(i).sum::<f64>() / count).collect();
    let deviation = |i: usize| {
        let variance = column(i).map(|value| (value - means[i]).powi(2)).sum::<f64>() / count;
        // What never changes says nothing: it keeps its size and gets no weight.
        if variance > 1e-12 { variance.sqrt() } else { 1.0 }
    };
    let deviations = (0..N).map(deviation).collect();
    (means, deviations)
}

/// Of a false and of a true row.
fn class_weights(is_true: &[bool], balanced: bool) -> [f64; 2] {
    let (all, truths) = (is_true.len() as f64, is_true.iter().filter(|one| **one).count() as f64);
    match balanced {
        true => [all / (2.0 * (all - truths).max(1.0)), all / (2.0 * truths.max(1.0))],
        false => [1.0, 1.0],
    }
}

/// The weights with the least loss.
fn newton(rows: &[Vec<f64>], is_true: &[bool], class_weights: [f64; 2]) -> Vec<f64> {
    let size = rows.first().map_or(1, Vec::len);
    let mut fitted = vec![0.0; size];
    for _ in 0..STEPS {
        let mut gradient = vec![0.0; size];
        let mut hessian = vec![vec![0.0; size]; size];
        for (row, is_true) in rows.iter().zip(is_true) {
            let odds: f64 = row.iter().zip(&fitted).map(|(value, weight)| value * weight).sum();
            let probability = 1.0 / (1.0 + (-odds).exp());
            let weight = class_weights[usize::from(*is_true)];
            let error = weight * (probability - f64::from(u8::from(*is_true)));
            let curve = weight * probability * (1.0 - probability);
            for i in 0..size {
                gradient[i] += error * row[i];
                for j in 0..size {
                    hessian[i][j] += curve * row[i] * row[j];
                }
            }
        }
        for i in 1..size {
            gradient[i] += fitted[i];
            hessian[i][i] += 1.0;
        }
        // The constant has no penalty; where all rows are alike nothing else holds it.
        hessian[0][0] += 1e-9;
        let step = solved(hessian, gradient);
        fitted.iter_mut().zip(&step).for_each(|(weight, step)| *weight -= step);
        if step.iter().all(|step| step.abs() < SMALL) {
            break;
        }
    }
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scikit_learns_numbers() {
        // LogisticRegression(C=1) on StandardScaler'ed rows, put back into the rows' own scale.
        let rows = [[0.1, 1.0], [0.4, 0.5], [0.35, 0.8], [0.8, 0.1], [0.7, 0.6], [0.2, 0.2]];
        let is_true = [false, false, true, true, true, false];
        let plain = fit(&rows, &is_true, false);
        let balanced = fit(&rows[..5], &is_true[..5], true);
        let close = |found: &[f32], expected: [f32; 3]| {
            found
                .iter()
                .zip(expected)
                .for_each(|(a, b)| assert!((a - b).abs() < 2e-3, "{found:?}"));
        };
        close(&plain, [-1.9799, 4.06302, 0.5052]);
        close(&balanced, [-1.10243, 3.17622, -0.42684]);
    }

    #[test]
    fn separable_and_constant_rows_are_no_trouble() {
        let rows = [[0.0, 5.0], [0.1, 5.0], [0.9, 5.0], [1.0, 5.0]];
        let found = fit(&rows, &[false, false, true, true], true);
        assert!(found.iter().all(|number| number.is_finite()) && found[1] > 1.0, "{found:?}");
        assert!(found[2].abs() < 1e-3, "what never changes has no weight: {found:?}");
        assert!(fit(&rows, &[true; 4], false).iter().all(|number| number.is_finite()));
    }
}
