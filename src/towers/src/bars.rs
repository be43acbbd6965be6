//! How near each runtime on the processor must come to a reference.

use candle_core::{Device, Tensor};

use crate::dtype::DtypeChoice;
use crate::runtime::{BackendChoice, Runtime};

/// The least cosine, and the largest difference of a value, of vectors of unit length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    cosine: f32,
    largest: f32,
}

/// What remains of f32 is the order in which numbers are added up.
pub(crate) const F32: Bar = Bar { cosine: 0.9999, largest: 1e-4 };
/// bf16 has 8 binary digits: every rounding is off by up to 2^-9.
pub(crate) const BF16: Bar = Bar { cosine: 0.999, largest: 0.03 };
/// f16 has 11 binary digits: every rounding is off by up to 2^-12.
pub(crate) const F16: Bar = Bar { cosine: 0.9999, largest: 0.01 };

/// Kernels, and candle in every kind of numbers, by name.
pub(crate) fn runtimes() -> [(&'static str, Runtime, Bar); 4] {
    let runtime = |backend, dtype| Runtime::new(Device::Cpu, backend, dtype).unwrap();
    [
        ("kernels f32", runtime(BackendChoice::Auto, DtypeChoice::F32), F32),
        ("candle f32", runtime(BackendChoice::Candle, DtypeChoice::F32), F32),
        ("candle bf16", runtime(BackendChoice::Candle, DtypeChoice::Bf16), BF16),
        ("candle f16", runtime(BackendChoice::Candle, DtypeChoice::F16), F16),
    ]
}

impl Bar {
    /// No difference.
    pub const PERFECT: Self = Self { cosine: 1.0, largest: 0.0 };

    /// Compares rows, brought to unit length, with those of a reference; the worst of both figures.
    pub fn assert(self, what: &str, found: &Tensor, expected: &[f32]) -> Bar {
        let found = found.to_vec2::<f32>().unwrap();
        let dim = found[0].len();
        assert_eq!(found.len() * dim, expected.len(), "{what}");
        let mut worst = Self::PERFECT;
        for (found, expected) in found.iter().zip(expected.chunks(dim)) {
            let [found, expected] = [found.as_slice(), expected].map(unit);
            let pairs = || found.iter().zip(&expected);
            worst.cosine = worst.cosine.min(pairs().map(|(a, b)| a * b).sum());
            worst.largest = pairs().map(|(a, b)| (a - b).abs()).fold(worst.largest, f32::max);
        }
        let good = worst.cosine >= self.cosine && worst.largest <= self.largest;
        assert!(good, "{what}: {worst:?} is worse than {self:?}");
        worst
    }

    /// The worse one of each figure.
    pub fn or(self, other: Self) -> Self {
        let (cosine, largest) = (self.cosine.min(other.cosine), self.largest.max(other.largest));
        Self { cosine, largest }
    }
}

impl std::fmt::Display for Bar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.7} | {:.1e}", self.cosine, self.largest)
    }
}

fn unit(values: &[f32]) -> Vec<f32> {
    let length = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    values.iter().map(|v| v / length).collect()
}

/// A row of the tables in `docs/PARITY.md` for pictures alone, with its runtime before it where
/// that is not the kernels.
pub(crate) fn print_row(what: &str, fixture: &str, worst: Bar) {
    let label = if what == "kernels f32" { String::new() } else { format!("{what} ") };
    println!("{label}| {fixture} | {worst} | | |");
}
