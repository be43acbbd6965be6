//! The counts in plain Rust: for any processor, and the yardstick for the others.

use super::{Bar, LANES, Planes};

#[inline]
pub(super) fn passing(
    planes: &Planes,
    bits: &[u64],
    factors: &[f32],
    bar: Bar,
    places: &mut Vec<u32>,
) {
    let blocks = bits.chunks_exact((LANES * planes.words.len()).max(1));
    for (block, (bits, factors)) in blocks.zip(factors.chunks_exact(LANES)).enumerate() {
        let sums = sums_of_block(planes, bits);
        for lane in 0..LANES {
            let estimate = factors[lane] * (bar.step * sums[lane] as f32 + bar.offset);
            if estimate >= bar.floor {
                places.push((block * LANES + lane) as u32);
            }
        }
    }
}

#[inline]
fn sums_of_block(planes: &Planes, bits: &[u64]) -> [i32; LANES] {
    let mut sums = [0; LANES];
    for (planes, words) in planes.words.iter().zip(bits.chunks_exact(LANES)) {
        for (sum, word) in sums.iter_mut().zip(words) {
            let [one, two, four, eight] = planes.map(|plane| (plane & word).count_ones() as i32);
            *sum += one + 2 * two + 4 * four - 8 * eight;
        }
    }
    sums
}
