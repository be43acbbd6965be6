//! The sums with NEON, which every 64-bit ARM processor has.

use std::arch::aarch64::*;
use std::arch::is_aarch64_feature_detected;

use half::f16;

use super::super::neon::added;
use super::{Sums, portable};

/// NEON, unless the operating system hides it.
pub(super) fn available() -> Vec<(&'static str, Sums)> {
    if is_aarch64_feature_detected!("neon") {
        // SAFETY: the feature was just detected.
        vec![("neon", |query, stored| unsafe { sums_neon(query, stored) })]
    } else {
        Vec::new()
    }
}

/// Four sums of 4 numbers each way; the end is added one by one.
#[target_feature(enable = "neon")]
fn sums_neon(query: &[f32], stored: &[f16]) -> (f32, f32) {
    let length = query.len().min(stored.len());
    let (mut products, mut squares) = ([vdupq_n_f32(0.0); 4], [vdupq_n_f32(0.0); 4]);
    let mut at = 0;
    while at + 16 <= length {
        for step in 0..4 {
            let from = at + step * 4;
            // SAFETY: from + 4 <= at + 16 <= length, within both slices.
            let (x, halves) = unsafe {
                (vld1q_f32(query.as_ptr().add(from)), vld1_u16(stored.as_ptr().add(from).cast()))
            };
            let y = widened(halves);
            products[step] = vfmaq_f32(products[step], x, y);
            squares[step] = vfmaq_f32(squares[step], y, y);
        }
        at += 16;
    }
    let rest = portable::rest(&query[at..length], &stored[at..length]);
    (added(products) + rest.0, added(squares) + rest.1)
}

/// Finite halves as f32, by moving their bits: the exponent's bias is made up for by a factor.
/// (The instruction for it is not in stable Rust.)
#[target_feature(enable = "neon")]
fn widened(halves: uint16x4_t) -> float32x4_t {
    let bits = vmovl_u16(halves);
    let size = vshlq_n_u32::<13>(vandq_u32(bits, vdupq_n_u32(0x7fff)));
    let size = vmulq_n_f32(vreinterpretq_f32_u32(size), f32::from_bits((127 + 112) << 23));
    let sign = vshlq_n_u32::<16>(vandq_u32(bits, vdupq_n_u32(0x8000)));
    vreinterpretq_f32_u32(vorrq_u32(vreinterpretq_u32_f32(size), sign))
}
