//! Activations.

use crate::exp::exp;
use crate::vectorised;

/// The function inside an MLP.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Activation {
    /// `x * Phi(x)`, by the error function.
    Gelu,
    /// `x * sigmoid(1.702 x)`.
    QuickGelu,
    /// `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))`.
    GeluTanh,
    /// `x * sigmoid(x)`.
    Silu,
    /// `max(x, 0)`.
    Relu,
}

/// Applies the function to every value, on this thread alone.
pub fn activate(values: &mut [f32], function: Activation) {
    match function {
        Activation::Gelu => each(values, gelu),
        Activation::QuickGelu => each(values, quick_gelu),
        Activation::GeluTanh => each(values, gelu_tanh),
        Activation::Silu => each(values, silu),
        Activation::Relu => relu(values),
    }
}

/// Makes negative values 0, on this thread alone.
pub fn relu(values: &mut [f32]) {
    each(
        values,
        #[inline(always)]
        |value| value.max(0.0),
    );
}

/// Holds every value within [0, 6], on this thread alone.
pub fn relu6(values: &mut [f32]) {
    each(
        values,
        #[inline(always)]
        |value| value.clamp(0.0, 6.0),
    );
}

/// Adds the equally long `others`, on this thread alone.
pub fn add(values: &mut [f32], others: &[f32]) {
    vectorised(
        #[inline(always)]
        || values.iter_mut().zip(others).for_each(|(value, other)| *value += other),
    );
}

/// Multiplies by the equally long `others`, on this thread alone.
pub fn multiply(values: &mut [f32], others: &[f32]) {
    vectorised(
        #[inline(always)]
        || values.iter_mut().zip(others).for_each(|(value, other)| *value *= other),
    );
}

#[inline(always)]
fn each(values: &mut [f32], f: impl Fn(f32) -> f32) {
    vectorised(
        #[inline(always)]
        || values.iter_mut().for_each(|value| *value = f(*value)),
    );
}

#[inline(always)]
fn quick_gelu(x: f32) -> f32 {
    x / (1.0 + exp(-1.702 * x))
}

#[inline(always)]
fn silu(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// By formula 7.1.26 for erf in Abramowitz and Stegun, Handbook of Mathematical Functions (1964),
/// whose error is at most 1.5e-7: five coefficients of a polynomial in `1 / (1 + 0.3275911 z)`.
#[inline(always)]
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let mut sum = 1.061_405_4;
    for factor in [-1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6] {
        sum = sum * t + factor;
    }
    let tail = 0.5 * x * (sum * t * exp(-z * z)); // x / 2 * (1 - erf z)
    if x > 0.0 { x - tail } else { tail }
}

#[inline(always)]
fn gelu_tanh(x: f32) -> f32 {
    // (1 + tanh u) / 2 = 1 / (1 + e^(-2u)), with u = sqrt(2 / pi) * (x + 0.044715 x^3)
    let twice_u = 1.595_769_2 * (x + 0.044_715 * x * x * x);
    x / (1.0 + exp(-twice_u))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// erf by its Taylor series, in f64: exact to 1e-13 for |x| <= 4.5.
    fn erf(x: f64) -> f64 {
        let (mut term, mut sum) = (x, x);
        for n in 1..120 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    }

    const ALL: [Activation; 4] =
        [Activation::Gelu, Activation::QuickGelu, Activation::GeluTanh, Activation::Silu];

    fn apply(function: Activation, x: f32) -> f32 {
        let mut values = [x];
        activate(&mut values, function);
        values[0]
    }

    #[test]
    fn all_follow_their_formulas() {
        for step in -600..=600 {
            let x = f64::from(step) / 100.0;
            let cube = x + 0.044715 * x.powi(3);
            for (function, expected) in [
                (Activation::Gelu, x / 2.0 * (1.0 + erf(x / 2f64.sqrt()))),
                (Activation::QuickGelu, x / (1.0 + (-1.702 * x).exp())),
                (Activation::Silu, x / (1.0 + (-x).exp())),
                (
                    Activation::GeluTanh,
                    x / 2.0 * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * cube).tanh()),
                ),
            ] {
                let found = f64::from(apply(function, x as f32));
                assert!((found - expected).abs() < 1e-6, "{function:?} {x}: {found} {expected}");
            }
        }
    }

    #[test]
    fn extremes_are_exact() {
        for function in ALL {
            assert_eq!(apply(function, 0.0), 0.0);
            assert_eq!(apply(function, 100.0), 100.0);
            assert!(apply(function, -100.0).abs() < 1e-30);
        }
    }

    #[test]
    fn relu6_relu_addition_and_multiplication() {
        let mut values = vec![-1.0, 1.0, 5.0, 9.0];
        relu6(&mut values);
        assert_eq!(values, [0.0, 1.0, 5.0, 6.0]);
        add(&mut values, &[0.5, 1.0, 1.5, 2.0]);
        assert_eq!(values, [0.5, 2.0, 6.5, 8.0]);
        multiply(&mut values, &[2.0, 0.0, 1.0, -1.0]);
        assert_eq!(values, [1.0, 0.0, 6.5, -8.0]);
        let mut values = vec![-7.0, 0.0, 7.0];
        relu(&mut values);
        assert_eq!(values, [0.0, 0.0, 7.0]);
    }
}
