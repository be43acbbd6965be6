//! A weight laid out for products.

use crate::eight_bit::EightBit;
use crate::exact;
use crate::precision::{Precision, current};

/// Fewer inputs than this stay exact: scaling the sums would cost as much as summing up.
const FEWEST_INPUTS: usize = 32;

/// What is held of a weight `[outputs, inputs]`.
pub enum Panels {
    /// Its f32 values.
    Exact(exact::Panels),
    /// Its values rounded to 8 bits, one scale per output.
    EightBit(EightBit),
}

/// What the values of a weight are multiples of: whole numbers of 8 bits times a scale each.
#[derive(Clone, PartialEq, Debug)]
pub struct Scales {
    /// `[outputs, inputs / block]`, row by row; a last block may have fewer inputs.
    pub values: Vec<f32>,
    /// Inputs of an output that share a scale, at least 1.
    pub block: usize,
}

impl Panels {
    /// `weight` is row-major, one row per output; the parts between output numbers in `cuts`
    /// (ascending) can be used alone. It is held as the [`Precision`] in force asks for.
    pub fn new(weight: &[f32], shape: [usize; 2], cuts: &[usize]) -> Self {
        let inputs = shape[1];
        let enough = inputs >= FEWEST_INPUTS && EightBit::holds(inputs);
        if current() == Precision::EightBit && enough {
            Self::EightBit(EightBit::new(weight, shape, cuts))
        } else {
            Self::Exact(exact::Panels::new(weight, shape, cuts))
        }
    }

    /// Holds the weight in a quarter of the memory where it is held exactly and all its values are 8-bit multiples of
    /// `scales`; else as before. Either way products give the same to the last bit.
    pub fn with_scales(self, scales: &Scales) -> Self {
        match self {
            Self::Exact(weight) => Self::Exact(weight.with_scales(scales)),
            rounded => rounded,
        }
    }

    /// Values in.
    pub fn inputs(&self) -> usize {
        match self {
            Self::Exact(weight) => weight.inputs(),
            Self::EightBit(weight) => weight.inputs(),
        }
    }

    /// Values out.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Exact(weight) => weight.outputs(),
            Self::EightBit(weight) => weight.outputs(),
        }
    }

    /// The weight, as far as it is still known, as `[inputs, outputs]`.
    pub fn unpacked(&self) -> Vec<f32> {
        match self {
            Self::Exact(weight) => weight.unpacked(),
            Self::EightBit(weight) => weight.unpacked(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_and_width_decide_what_is_held() {
        let weight: Vec<f32> = (0..64).map(|v| v as f32 - 32.0).collect();
        let held = |shape| Panels::new(&weight, shape, &[]);
        assert!(matches!(held([2, 32]), Panels::Exact(_)));
        Precision::EightBit.during(|| {
            assert!(matches!(held([2, 32]), Panels::EightBit(_)));
            assert!(matches!(held([4, 16]), Panels::Exact(_)));
        });
        assert!(matches!(held([2, 32]), Panels::Exact(_)));
    }

    #[test]
    fn unpacking_gives_the_weight_back() {
        let weight: Vec<f32> = (0..80).map(|v| v as f32 - 40.0).collect();
        let exact = Panels::new(&weight, [2, 40], &[]).unpacked();
        let rounded = Precision::EightBit.during(|| Panels::new(&weight, [2, 40], &[])).unpacked();
        assert_eq!((exact[0], exact[1], exact[2]), (-40.0, 0.0, -39.0));
        assert!(exact.iter().zip(&rounded).all(|(a, b)| (a - b).abs() < 0.17));
    }
}
