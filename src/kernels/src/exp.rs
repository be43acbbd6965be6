//! The exponential function, written so that loops over it become vector instructions.

/// Adding and subtracting 1.5 * 2^23 rounds an f32 to a whole number, and leaves that number in
/// the low bits in between.
const ROUNDER: f32 = 12_582_912.0;
/// The high part of ln 2, exact when multiplied by numbers below 2^9.
const LN_2_HIGH: f32 = 0.693_359_4;
/// ln 2 less its high part.
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `e^x`, relative error below 3e-7; `x` is held within [-87, 88].
///
/// `x = n ln 2 + r` with `|r| <= ln 2 / 2`, the Taylor polynomial of degree 7 for `e^r` (its rest
/// is below 6e-9), then `n` added to the exponent bits.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUNDER;
    let n = rounded - ROUNDER;
    let r = x - n * LN_2_HIGH - n * LN_2_LOW;
    let mut sum = 1.0 / 5040.0;
    for factor in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        sum = sum * r + factor;
    }
    f32::from_bits(sum.to_bits().wrapping_add(rounded.to_bits() << 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_exponential_function() {
        for step in -8600..8790 {
            let x = step as f32 / 100.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) / expected - 1.0).abs();
            assert!(error < 3e-7, "e^{x}: off by {error}");
        }
        assert_eq!(exp(0.0), 1.0);
    }

    #[test]
    fn what_is_out_of_range_stays_finite() {
        assert!(exp(f32::INFINITY).is_finite() && exp(1e30).is_finite());
        assert!((0.0..1e-37).contains(&exp(f32::NEG_INFINITY)));
    }
}
