//! The dot product with NEON, which every 64-bit ARM processor has.

use std::arch::aarch64::*;
use std::arch::is_aarch64_feature_detected;

use super::Dot;

/// NEON, unless the operating system hides it.
pub(super) fn available() -> Vec<(&'static str, Dot)> {
    if is_aarch64_feature_detected!("neon") {
        // SAFETY: the feature was just detected.
        vec![("neon", |a, b| unsafe { dot_neon(a, b) })]
    } else {
        Vec::new()
    }
}

/// Four sums of 4 numbers; the end is added one by one.
#[target_feature(enable = "neon")]
fn dot_neon(a: &[f32], b: &[f32]) -> f32 {
    let length = a.len().min(b.len());
    let mut sums = [vdupq_n_f32(0.0); 4];
    let mut at = 0;
    while at + 16 <= length {
        for (step, sum) in sums.iter_mut().enumerate() {
            let from = at + step * 4;
            // SAFETY: from + 4 <= at + 16 <= length, within both slices.
            let (x, y) =
                unsafe { (vld1q_f32(a.as_ptr().add(from)), vld1q_f32(b.as_ptr().add(from))) };
            *sum = vfmaq_f32(*sum, x, y);
        }
        at += 16;
    }
    let rest: f32 = a[at..length].iter().zip(&b[at..length]).map(|(x, y)| x * y).sum();
    added(sums) + rest
}

/// All numbers of four registers.
#[target_feature(enable = "neon")]
pub(super) fn added(sums: [float32x4_t; 4]) -> f32 {
    let pairs = [vaddq_f32(sums[0], sums[1]), vaddq_f32(sums[2], sums[3])];
    vaddvq_f32(vaddq_f32(pairs[0], pairs[1]))
}
