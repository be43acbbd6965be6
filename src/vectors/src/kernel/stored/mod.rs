//! The cosine of a query with a stored vector, whose numbers have 16 bits, once per instruction set.
//!
//! Every score that leaves this crate comes from [`cosine`], so the same pair of vectors always gets the
//! same score on one machine. Two machines may differ in the last bits, because instruction sets add in
//! different orders.
//!
//! Rounding to 16 bits changes a vector's length a little. The length is taken along with the product: a
//! scan waits for memory, and what is in a register already costs next to nothing.

use std::cell::RefCell;
use std::sync::OnceLock;

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::dot;

#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

/// The sum of products of a query with a stored vector, and the sum of that vector's squares.
type Sums = fn(&[f32], &[f16]) -> (f32, f32);

/// Every implementation this machine can run, fastest first, with its name.
fn available() -> Vec<(&'static str, Sums)> {
    let mut found: Vec<(&'static str, Sums)> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    found.extend(x86::available());
    #[cfg(target_arch = "aarch64")]
    found.extend(neon::available());
    found.push(("portable", portable::sums));
    found
}

fn sums(query: &[f32], stored: &[f16]) -> (f32, f32) {
    static CHOSEN: OnceLock<Sums> = OnceLock::new();
    CHOSEN.get_or_init(|| available()[0].1)(query, stored)
}

/// Cosine of a unit vector and a stored one, from -1 to 1; 0 when the stored one has no direction.
///
/// Never -0.0, so that comparing bits and comparing numbers agree. Never NaN; what is not finite among the
/// stored numbers counts as anything. Of vectors of different lengths the
/// longer is cut to the shorter.
pub(crate) fn cosine(query: &[f32], stored: &[f16]) -> f32 {
    let (product, squares) = sums(query, stored);
    of_sums(product, squares)
}

fn of_sums(product: f32, squares: f32) -> f32 {
    let has_direction = squares > 0.0 && squares.is_finite();
    if has_direction { (product / squares.sqrt()).clamp(-1.0, 1.0) + 0.0 } else { 0.0 }
}

/// Cosine of two stored vectors, from -1 to 1; 0 when one has no direction.
pub(crate) fn cosine_of_stored(one: &[f16], other: &[f16]) -> f32 {
    thread_local! {
        static NUMBERS: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
    }
    NUMBERS.with_borrow_mut(|numbers| {
        widen(one, numbers);
        let (product, squares) = sums(numbers, other);
        of_sums(product, squares * dot(numbers, numbers))
    })
}

/// Stored vectors as numbers that many queries are compared with: [`Widened::cosine`] is [`cosine`],
/// without converting the numbers again.
#[derive(Default)]
pub(crate) struct Widened {
    numbers: Vec<f32>,
    squares: f32,
}

impl Widened {
    pub(crate) fn set(&mut self, stored: &[f16]) {
        widen(stored, &mut self.numbers);
        self.squares = sums(&self.numbers, stored).1;
    }

    pub(crate) fn cosine(&self, query: &[f32]) -> f32 {
        of_sums(dot(query, &self.numbers), self.squares)
    }
}

fn widen(stored: &[f16], numbers: &mut Vec<f32>) {
    numbers.resize(stored.len(), 0.0);
    stored.convert_to_f32_slice(numbers);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn halves(random: &mut Random, length: usize) -> Vec<f16> {
        (0..length).map(|_| f16::from_f32(random.signed())).collect()
    }

    #[test]
    fn every_instruction_set_agrees_with_double_precision() {
        let mut random = Random::new(1);
        for length in (0..140).chain([255, 256, 257, 512, 768, 1024, 1151]) {
            let query: Vec<f32> = (0..length).map(|_| random.signed()).collect();
            let stored = halves(&mut random, length);
            let both = query.iter().zip(&stored);
            let product: f64 = both.map(|(x, y)| f64::from(*x) * y.to_f64()).sum();
            let squares: f64 = stored.iter().map(|y| y.to_f64() * y.to_f64()).sum();
            let tolerance = 1e-6 * (length as f64).max(1.0) + 1e-6;
            for (name, sums) in available() {
                let found = sums(&query, &stored);
                for (found, expected) in [(found.0, product), (found.1, squares)] {
                    let off = (f64::from(found) - expected).abs();
                    assert!(off <= tolerance, "{name}, length {length}: {found}, {expected}");
                }
            }
        }
    }

    #[test]
    fn every_half_is_widened_exactly_by_every_instruction_set() {
        for bits in (0..=u16::MAX).filter(|bits| f16::from_bits(*bits).is_finite()) {
            let stored = [f16::from_bits(bits); 17];
            for place in [0, 16] {
                let mut query = [0.0; 17];
                query[place] = 1.0;
                for (name, sums) in available() {
                    assert_eq!(sums(&query, &stored).0, stored[0].to_f32(), "{name}, {bits:04x}");
                }
            }
        }
    }

    #[test]
    fn slices_of_different_lengths_are_cut_not_overrun() {
        let (query, stored) = (vec![1.0; 200], vec![f16::ONE; 200]);
        for (name, sums) in available() {
            assert_eq!(sums(&query, &stored[..67]), (67.0, 67.0), "{name}");
            assert_eq!(sums(&query[..67], &stored), (67.0, 67.0), "{name}");
        }
    }

    #[test]
    fn all_ways_to_compare_agree() {
        let mut random = Random::new(2);
        let mut widened = Widened::default();
        for length in [1, 15, 16, 48, 100, 512, 513] {
            let (one, other) = (halves(&mut random, length), halves(&mut random, length));
            let mut query = Vec::new();
            widen(&one, &mut query);
            let size = dot(&query, &query).sqrt();
            query.iter_mut().for_each(|number| *number /= size);
            widened.set(&other);
            assert_eq!(widened.cosine(&query), cosine(&query, &other), "the same bits");
            let off = (cosine_of_stored(&one, &other) - cosine(&query, &other)).abs();
            assert!(off < 1e-6, "{length}: {off}");
        }
    }

    #[test]
    fn a_cosine_stays_within_one_and_has_no_negative_zero() {
        let of = |query: &[f32], stored: [f32; 2]| cosine(query, &stored.map(f16::from_f32));
        assert_eq!(of(&[1.000_001, 0.0], [1.0, 0.0]), 1.0);
        assert_eq!(of(&[-1.000_001, 0.0], [1.0, 0.0]), -1.0);
        assert_eq!(of(&[-0.0, 0.0], [1.0, 0.0]).to_bits(), 0);
        assert_eq!(of(&[0.6, 0.8], [3.0, 4.0]), 1.0, "whatever the stored length");
        assert_eq!(of(&[1.0, 0.0], [0.0, 0.0]), 0.0);
    }
}
