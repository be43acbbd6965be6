//! The dot product, once per instruction set, chosen when first used.
//!
//! Every score that leaves this crate comes from [`cosine`] in `stored`; `bytes` and `signs` hold the
//! arithmetic of codes, which only decides what is scored.

use std::sync::OnceLock;

mod bytes;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
mod signs;
mod stored;
#[cfg(target_arch = "x86_64")]
mod x86;

pub(crate) use bytes::{dot_each, dot_rows, fetch};
pub(crate) use signs::{Bar, LANES, Planes, passing};
pub(crate) use stored::{Widened, cosine, cosine_of_stored};

type Dot = fn(&[f32], &[f32]) -> f32;

/// Every implementation this machine can run, fastest first, with its name.
fn available() -> Vec<(&'static str, Dot)> {
    let mut found: Vec<(&'static str, Dot)> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    found.extend(x86::available());
    #[cfg(target_arch = "aarch64")]
    found.extend(neon::available());
    found.push(("portable", portable::dot));
    found
}

fn chosen() -> (&'static str, Dot) {
    static CHOSEN: OnceLock<(&'static str, Dot)> = OnceLock::new();
    *CHOSEN.get_or_init(|| available()[0])
}

/// The instruction set in use: "avx512", "avx2", "neon" or "portable".
pub fn instruction_set() -> &'static str {
    chosen().0
}

/// Sum of products; the longer slice is cut to the shorter.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    chosen().1(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn every_instruction_set_agrees_with_double_precision() {
        let mut random = Random::new(1);
        for length in (0..140).chain([255, 256, 257, 512, 768, 1024, 1151]) {
            let a: Vec<f32> = (0..length).map(|_| random.signed()).collect();
            let b: Vec<f32> = (0..length).map(|_| random.signed()).collect();
            let expected: f64 = a.iter().zip(&b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
            for (name, dot) in available() {
                let found = f64::from(dot(&a, &b));
                let tolerance = 1e-6 * (length as f64).max(1.0).sqrt() + 1e-6;
                assert!(
                    (found - expected).abs() <= tolerance,
                    "{name}, length {length}: {found} against {expected}"
                );
            }
        }
    }

    #[test]
    fn small_products_are_exact_everywhere() {
        let a: Vec<f32> = (1..=70).map(|n| n as f32).collect();
        let ones = vec![1.0; 70];
        for (name, dot) in available() {
            assert_eq!(dot(&a, &ones), 2485.0, "{name}: 1 + 2 + … + 70");
            assert_eq!(dot(&a[..3], &a[..3]), 14.0, "{name}: 1 + 4 + 9");
            assert_eq!(dot(&[], &[]), 0.0, "{name}");
        }
    }

    #[test]
    fn slices_of_different_lengths_are_cut_not_overrun() {
        let long = vec![1.0; 200];
        for (name, dot) in available() {
            assert_eq!(dot(&long, &long[..67]), 67.0, "{name}");
            assert_eq!(dot(&long[..67], &long), 67.0, "{name}");
        }
    }

    #[test]
    fn the_fastest_available_set_is_in_use() {
        assert_eq!(instruction_set(), available()[0].0);
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx512f") {
            assert_eq!(instruction_set(), "avx512");
        }
    }
}
