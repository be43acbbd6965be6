//! The sums with AVX-512 and with AVX2 + FMA + F16C.

use std::arch::is_x86_feature_detected;
use std::arch::x86_64::*;

use half::f16;

use super::super::x86::{added_256, added_512};
use super::{Sums, portable};

/// What this processor (and operating system) supports, fastest first.
pub(super) fn available() -> Vec<(&'static str, Sums)> {
    let mut found: Vec<(&'static str, Sums)> = Vec::new();
    if is_x86_feature_detected!("avx512f") {
        // SAFETY: the feature was just detected.
        found.push(("avx512", |query, stored| unsafe { sums_avx512(query, stored) }));
    }
    let has_avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    if has_avx2 && is_x86_feature_detected!("f16c") {
        // SAFETY: all three features were just detected.
        found.push(("avx2", |query, stored| unsafe { sums_avx2(query, stored) }));
    }
    found
}

/// Four sums of 16 numbers each way hide the latency of the fused multiply-add.
#[target_feature(enable = "avx512f")]
fn sums_avx512(query: &[f32], stored: &[f16]) -> (f32, f32) {
    let length = query.len().min(stored.len());
    let (mut products, mut squares) = ([_mm512_setzero_ps(); 4], [_mm512_setzero_ps(); 4]);
    let mut at = 0;
    while at + 64 <= length {
        for step in 0..4 {
            let from = at + step * 16;
            // SAFETY: from + 16 <= at + 64 <= length, within both slices.
            let (x, y) = unsafe {
                let halves = _mm256_loadu_si256(stored.as_ptr().add(from).cast());
                (_mm512_loadu_ps(query.as_ptr().add(from)), _mm512_cvtph_ps(halves))
            };
            products[step] = _mm512_fmadd_ps(x, y, products[step]);
            squares[step] = _mm512_fmadd_ps(y, y, squares[step]);
        }
        at += 64;
    }
    while at < length {
        let count = (length - at).min(16);
        let mask = (0xffff_u32 >> (16 - count)) as __mmask16;
        let mut halves = [f16::ZERO; 16];
        halves[..count].copy_from_slice(&stored[at..at + count]);
        // SAFETY: the mask keeps the load to at + count <= length numbers; 16 halves are 32 bytes.
        let (x, y) = unsafe {
            let halves = _mm256_loadu_si256(halves.as_ptr().cast());
            (_mm512_maskz_loadu_ps(mask, query.as_ptr().add(at)), _mm512_cvtph_ps(halves))
        };
        products[0] = _mm512_fmadd_ps(x, y, products[0]);
        squares[0] = _mm512_fmadd_ps(y, y, squares[0]);
        at += count;
    }
    (added_512(products), added_512(squares))
}

/// Four sums of 8 numbers each way; the end is added one by one.
#[target_feature(enable = "avx2,fma,f16c")]
fn sums_avx2(query: &[f32], stored: &[f16]) -> (f32, f32) {
    let length = query.len().min(stored.len());
    let (mut products, mut squares) = ([_mm256_setzero_ps(); 4], [_mm256_setzero_ps(); 4]);
    let mut at = 0;
    while at + 32 <= length {
        for step in 0..4 {
            let from = at + step * 8;
            // SAFETY: from + 8 <= at + 32 <= length, within both slices.
            let (x, y) = unsafe {
                let halves = _mm_loadu_si128(stored.as_ptr().add(from).cast());
                (_mm256_loadu_ps(query.as_ptr().add(from)), _mm256_cvtph_ps(halves))
            };
            products[step] = _mm256_fmadd_ps(x, y, products[step]);
            squares[step] = _mm256_fmadd_ps(y, y, squares[step]);
        }
        at += 32;
    }
    let rest = portable::rest(&query[at..length], &stored[at..length]);
    (added_256(products) + rest.0, added_256(squares) + rest.1)
}
