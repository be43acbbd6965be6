//! Estimates from one bit per number, eight vectors at a time, once per instruction set.
//!
//! A query has four bits per number, as four planes of bits; the sum over the numbers whose bit a
//! vector has set is then four counts of bits. Sums are whole numbers and are turned into
//! estimates by the same steps everywhere, so every instruction set keeps the same vectors.

use std::sync::OnceLock;

mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

/// Vectors in a block. Word `w` of vector `v` is at `8 * w + v` of its block.
pub(crate) const LANES: usize = 8;

/// A query as the scan wants it: whole numbers from -8 to 7 in two's complement.
pub(crate) struct Planes {
    /// The four planes of word 0, lowest first, then those of word 1, …
    pub(crate) words: Vec<[u64; 4]>,
}

/// What the scan compares: `factor * (step * sum + offset) >= floor`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bar {
    pub(crate) step: f32,
    pub(crate) offset: f32,
    pub(crate) floor: f32,
}

/// Planes, blocks of bits, a factor for each vector, the bar, and places that pass it.
type Passing = fn(&Planes, &[u64], &[f32], Bar, &mut Vec<u32>);

/// Every implementation this machine can run, fastest first, with its name.
fn available() -> Vec<(&'static str, Passing)> {
    let mut found: Vec<(&'static str, Passing)> = Vec::new();
    #[cfg(target_arch = "x86_64")]
    found.extend(x86::available());
    found.push(("portable", portable::passing));
    found
}

/// Appends the places of the vectors that pass the bar, in order.
///
/// `bits` holds whole blocks; `factors` has one number for each vector of these, and NaN (which
/// passes no bar) where the last block has none.
pub(crate) fn passing(
    planes: &Planes,
    bits: &[u64],
    factors: &[f32],
    bar: Bar,
    places: &mut Vec<u32>,
) {
    static CHOSEN: OnceLock<Passing> = OnceLock::new();
    CHOSEN.get_or_init(|| available()[0].1)(planes, bits, factors, bar, places);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn every_instruction_set_keeps_the_same_vectors() {
        let mut random = Random::new(1);
        for (words, blocks) in [(1, 1), (1, 5), (8, 1), (8, 9), (12, 3), (13, 2)] {
            let planes = Planes {
                words: (0..words).map(|_| std::array::from_fn(|_| random.next())).collect(),
            };
            let bits: Vec<u64> = (0..words * blocks * LANES).map(|_| random.next()).collect();
            let mut factors: Vec<f32> = (0..blocks * LANES).map(|_| random.signed()).collect();
            factors[blocks * LANES - 1] = f32::NAN;
            for floor in [f32::NEG_INFINITY, -1.0, 0.0, 0.3, f32::INFINITY] {
                let bar = Bar { step: 0.01, offset: 0.5, floor };
                let mut expected = Vec::new();
                portable::passing(&planes, &bits, &factors, bar, &mut expected);
                for (name, passing) in available() {
                    let mut places = Vec::new();
                    passing(&planes, &bits, &factors, bar, &mut places);
                    assert_eq!(places, expected, "{name}, {words} words, {bar:?}");
                }
                assert!(expected.len() < blocks * LANES, "NaN never passes");
            }
        }
    }

    #[test]
    fn sums_by_hand() {
        // Numbers 3, -8 and 7 at places 0, 1 and 63.
        let planes = Planes { words: vec![[1 | 1 << 63, 1 | 1 << 63, 1 << 63, 1 << 1]] };
        let bits = [0, 1, 1 << 1, 1 << 63, 0b11, u64::MAX, 1 << 5, 1 | 1 << 63];
        let sums = [0.0, 3.0, -8.0, 7.0, -5.0, 2.0, 0.0, 10.0];
        for (name, passing) in available() {
            for (place, sum) in sums.iter().enumerate() {
                let at = |floor: f32| {
                    let mut places = Vec::new();
                    let bar = Bar { step: 1.0, offset: 0.0, floor };
                    passing(&planes, &bits, &[1.0; LANES], bar, &mut places);
                    places.contains(&(place as u32))
                };
                assert!(at(*sum) && !at(*sum + 0.5), "{name}: vector {place} has {sum}");
            }
        }
    }
}
