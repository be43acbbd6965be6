//! 8-bit numbers times their scales, as f32.

/// `steps`, row by row, times `scales`, one for each place in a row, into `out`, which is as long as `steps`.
pub(super) fn unpack(steps: &[i8], scales: &[f32], out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    {
        let (is_wide, has_avx512) =
            (scales.len().is_multiple_of(16), is_x86_feature_detected!("avx512f"));
        // SAFETY, of all three: the processor has the instructions.
        match scales.len() / 16 {
            1 if is_wide && has_avx512 => {
                return unsafe { x86::unpack_512::<1>(steps, scales, out) };
            }
            2 if is_wide && has_avx512 => {
                return unsafe { x86::unpack_512::<2>(steps, scales, out) };
            }
            _ if is_x86_feature_detected!("avx2") => {
                return unsafe { x86::unpack_256(steps, scales, out) };
            }
            _ => {}
        }
    }
    plain(steps, scales, out);
}

/// [`unpack`] in plain code, for any processor.
#[inline(always)]
fn plain(steps: &[i8], scales: &[f32], out: &mut [f32]) {
    for (out, steps) in out.chunks_exact_mut(scales.len()).zip(steps.chunks_exact(scales.len())) {
        for ((out, step), scale) in out.iter_mut().zip(steps).zip(scales) {
            *out = f32::from(*step) * scale;
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    /// For rows of so many registers of 16 values.
    #[target_feature(enable = "avx512f")]
    pub fn unpack_512<const REGISTERS: usize>(steps: &[i8], scales: &[f32], out: &mut [f32]) {
        let (steps, scales, out) =
            (steps.as_chunks::<16>().0, scales.as_chunks::<16>().0, out.as_chunks_mut::<16>().0);
        let (steps, out) = (steps.as_chunks::<REGISTERS>().0, out.as_chunks_mut::<REGISTERS>().0);
        let mut factors = [_mm512_setzero_ps(); REGISTERS];
        for (factor, scales) in factors.iter_mut().zip(scales) {
            // SAFETY: an array of 16 values is read.
            *factor = unsafe { _mm512_loadu_ps(scales.as_ptr()) };
        }
        for (out, steps) in out.iter_mut().zip(steps) {
            for register in 0..REGISTERS {
                // SAFETY: an array of 16 bytes is read.
                let bytes = unsafe { _mm_loadu_si128(steps[register].as_ptr().cast()) };
                let values = _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes));
                let values = _mm512_mul_ps(values, factors[register]);
                // SAFETY: an array of 16 values is written.
                unsafe { _mm512_storeu_ps(out[register].as_mut_ptr(), values) };
            }
        }
    }

    /// By the compiler's choice of these instructions.
    #[target_feature(enable = "avx2")]
    pub fn unpack_256(steps: &[i8], scales: &[f32], out: &mut [f32]) {
        super::plain(steps, scales, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_gives_the_products() {
        for width in [1, 2, 4, 8, 16, 32] {
            let steps: Vec<i8> = (0..width * 37).map(|i| (i * 7 % 256) as u8 as i8).collect();
            let scales: Vec<f32> = (0..width).map(|i| 0.1 + i as f32 * 0.3).collect();
            let mut out = vec![9.0; steps.len()];
            unpack(&steps, &scales, &mut out);
            for (place, (value, step)) in out.iter().zip(&steps).enumerate() {
                assert_eq!(*value, f32::from(*step) * scales[place % width], "{width}");
            }
            let fast = std::mem::replace(&mut out, vec![9.0; steps.len()]);
            plain(&steps, &scales, &mut out);
            assert_eq!(fast, out);
        }
    }
}
