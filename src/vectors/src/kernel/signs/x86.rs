//! The counts with AVX-512 VPOPCNTDQ, and with the plain POPCNT instruction.

use std::arch::is_x86_feature_detected;
use std::arch::x86_64::*;

use super::{Bar, LANES, Passing, Planes, portable};

/// What this processor (and operating system) supports, fastest first.
pub(super) fn available() -> Vec<(&'static str, Passing)> {
    let mut found: Vec<(&'static str, Passing)> = Vec::new();
    if is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vpopcntdq")
    {
        // SAFETY: the features were just detected.
        found.push(("avx512", |p, b, f, bar, out| unsafe { passing_avx512(p, b, f, bar, out) }));
    }
    if is_x86_feature_detected!("popcnt") {
        // SAFETY: the feature was just detected.
        found.push(("popcnt", |p, b, f, bar, out| unsafe { passing_popcnt(p, b, f, bar, out) }));
    }
    found
}

/// A register holds the same word of eight vectors, and the four planes have a sum each.
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512vpopcntdq")]
fn passing_avx512(planes: &Planes, bits: &[u64], factors: &[f32], bar: Bar, places: &mut Vec<u32>) {
    let size = LANES * planes.words.len().max(1);
    let blocks = (bits.len() / size).min(factors.len() / LANES);
    let [step, offset, floor] =
        [bar.step, bar.offset, bar.floor].map(|number| _mm256_set1_ps(number));
    for block in 0..blocks {
        let bits = &bits[block * size..][..size];
        let mut counts = [_mm512_setzero_si512(); 4];
        for (word, planes) in planes.words.iter().enumerate() {
            // SAFETY: `bits` has LANES words for each word of the planes.
            let words = unsafe { _mm512_loadu_si512(bits.as_ptr().add(word * LANES).cast()) };
            for (count, plane) in counts.iter_mut().zip(planes) {
                let both = _mm512_and_si512(words, _mm512_set1_epi64(*plane as i64));
                *count = _mm512_add_epi64(*count, _mm512_popcnt_epi64(both));
            }
        }
        let low = _mm512_add_epi64(counts[0], _mm512_slli_epi64::<1>(counts[1]));
        let high =
            _mm512_sub_epi64(_mm512_slli_epi64::<2>(counts[2]), _mm512_slli_epi64::<3>(counts[3]));
        let sums = _mm512_cvtepi64_ps(_mm512_add_epi64(low, high));
        // SAFETY: block < blocks <= factors.len() / LANES.
        let factor = unsafe { _mm256_loadu_ps(factors.as_ptr().add(block * LANES)) };
        let estimates = _mm256_mul_ps(factor, _mm256_add_ps(_mm256_mul_ps(step, sums), offset));
        let mut passed = _mm256_cmp_ps_mask::<_CMP_GE_OQ>(estimates, floor);
        while passed != 0 {
            places.push((block * LANES) as u32 + passed.trailing_zeros());
            passed &= passed - 1;
        }
    }
}

#[target_feature(enable = "popcnt")]
fn passing_popcnt(planes: &Planes, bits: &[u64], factors: &[f32], bar: Bar, places: &mut Vec<u32>) {
    portable::passing(planes, bits, factors, bar, places);
}
