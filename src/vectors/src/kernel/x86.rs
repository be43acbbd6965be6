//! The dot product with AVX-512 and with AVX2 + FMA.

use std::arch::is_x86_feature_detected;
use std::arch::x86_64::*;

use super::Dot;

/// What this processor (and operating system) supports, fastest first.
pub(super) fn available() -> Vec<(&'static str, Dot)> {
    let mut found: Vec<(&'static str, Dot)> = Vec::new();
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: the feature was just detected.
        found.push(("avx512", |a, b| unsafe { dot_avx512(a, b) }));
    }
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: both features were just detected.
        found.push(("avx2", |a, b| unsafe { dot_avx2(a, b) }));
    }
    found
}

/// Four sums of 16 numbers hide the latency of the fused multiply-add; a masked load takes the
/// end that does not fill a register.
#[target_feature(enable = "avx512f")]
fn dot_avx512(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let mut sums = [_mm512_setzero_ps(); 4];
    let mut at = 0;
    while at + 64 <= length {
        for (step, sum) in sums.iter_mut().enumerate() {
            let from = at + step * 16;
            // SAFETY: from + 16 <= at + 64 <= length, within both slices.
            let (x, y) = unsafe {
                (_mm512_loadu_ps(a.as_ptr().add(from)), _mm512_loadu_ps(b.as_ptr().add(from)))
            };
            *sum = _mm512_fmadd_ps(x, y, *sum);
        }
        at += 64;
    }
    while at < length {
        let count = (length - at).min(16);
        let mask = (0xffff_u32 >> (16 - count)) as __mmask16;
        // SAFETY: the mask keeps the load to at + count <= length numbers.
        let (x, y) = unsafe {
            (
                _mm512_maskz_loadu_ps(mask, a.as_ptr().add(at)),
                _mm512_maskz_loadu_ps(mask, b.as_ptr().add(at)),
            )
        };
        sums[0] = _mm512_fmadd_ps(x, y, sums[0]);
        at += count;
    }
    added_512(sums)
}

/// All numbers of four registers.
#[target_feature(enable = "avx512f")]
pub(super) fn added_512(sums: [__m512; 4]) -> f32 {
    let pairs = [_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])];
    _mm512_reduce_add_ps(_mm512_add_ps(pairs[0], pairs[1]))
}

/// Four sums of 8 numbers; the end is added one by one.
#[target_feature(enable = "avx2,fma")]
fn dot_avx2(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let mut sums = [_mm256_setzero_ps(); 4];
    let mut at = 0;
    while at + 32 <= length {
        for (step, sum) in sums.iter_mut().enumerate() {
            let from = at + step * 8;
            // SAFETY: from + 8 <= at + 32 <= length, within both slices.
            let (x, y) = unsafe {
                (_mm256_loadu_ps(a.as_ptr().add(from)), _mm256_loadu_ps(b.as_ptr().add(from)))
            };
            *sum = _mm256_fmadd_ps(x, y, *sum);
        }
        at += 32;
    }
    let rest: f32 = a[at..length].iter().zip(&b[at..length]).map(|(x, y)| x * y).sum();
    added_256(sums) + rest
}

/// All numbers of four registers.
#[target_feature(enable = "avx2")]
pub(super) fn added_256(sums: [__m256; 4]) -> f32 {
    let pairs = [_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3])];
    let eight = _mm256_add_ps(pairs[0], pairs[1]);
    let four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    let one = _mm_add_ss(two, _mm_shuffle_ps(two, two, 1));
    _mm_cvtss_f32(one)
}
