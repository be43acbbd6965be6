//! The vertical pass of a convolution, written so that the compiler makes vector code of it.

use super::taps::{FRACTION_BITS, Taps};

/// Columns summed side by side.
const BLOCK: usize = 32;

/// Rounds to nearest by adding one half before the fraction is dropped.
pub(super) const HALF: i32 = 1 << (FRACTION_BITS - 1);

/// A rectangle of pixels inside a buffer that begins at its top left corner.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) data: &'a [u8],
    /// Bytes from one row to the next.
    pub(super) stride: usize,
    /// Numbers of the first row and column, in the whole picture.
    pub(super) top: usize,
    pub(super) left: usize,
}

impl<'a> Part<'a> {
    /// `bytes` bytes of row `y`, from column `x` of pixels of `size` bytes.
    #[inline(always)]
    pub(super) fn row(&self, y: usize, x: usize, size: usize, bytes: usize) -> &'a [u8] {
        &self.data[(y - self.top) * self.stride + (x - self.left) * size..][..bytes]
    }
}

/// Sums along columns, for `row_bytes` bytes from column `left` on.
pub(super) fn sum_columns<const N: usize>(
    part: Part,
    taps: &Taps,
    left: usize,
    row_bytes: usize,
    out: &mut [u8],
) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // Safety: the processor was just found to have AVX2.
        return unsafe { sum_columns_avx2::<N>(part, taps, left, row_bytes, out) };
    }
    sum_columns_plain::<N>(part, taps, left, row_bytes, out);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sum_columns_avx2<const N: usize>(
    part: Part,
    taps: &Taps,
    left: usize,
    row_bytes: usize,
    out: &mut [u8],
) {
    sum_columns_plain::<N>(part, taps, left, row_bytes, out);
}

#[inline(always)]
fn sum_columns_plain<const N: usize>(
    part: Part,
    taps: &Taps,
    left: usize,
    row_bytes: usize,
    out: &mut [u8],
) {
    for (i, out) in out.chunks_exact_mut(row_bytes).enumerate() {
        let (start, weights) = taps.at(i);
        let rows = || (start..).zip(weights);
        let (blocks, last) = out.as_chunks_mut::<BLOCK>();
        let done = blocks.len() * BLOCK;
        for (block, out) in blocks.iter_mut().enumerate() {
            let mut sums = [HALF; BLOCK];
            for (y, weight) in rows() {
                let values = &part.row(y, left, N, row_bytes)[block * BLOCK..][..BLOCK];
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum = sum.wrapping_add(i32::from(*value).wrapping_mul(*weight));
                }
            }
            *out = sums.map(to_byte);
        }
        for (column, out) in (done..).zip(last) {
            let mut sum = HALF;
            for (y, weight) in rows() {
                let value = i32::from(part.row(y, left, N, row_bytes)[column]);
                sum = sum.wrapping_add(value.wrapping_mul(*weight));
            }
            *out = to_byte(sum);
        }
    }
}

#[inline(always)]
pub(super) fn to_byte(sum: i32) -> u8 {
    (sum >> FRACTION_BITS).clamp(0, 255) as u8
}

#[cfg(test)]
pub(super) mod tests {
    use seer_types::Interpolation;

    use super::super::taps::Input;
    use super::*;

    pub(crate) fn noise(len: usize) -> Vec<u8> {
        let mut state = 0x2545_f491_u32;
        std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 24) as u8
        })
        .take(len)
        .collect()
    }

    #[test]
    fn the_fast_loop_agrees_with_the_plain_one() {
        let data = noise(300 * 20 * 4);
        let part = Part { data: &data, stride: 1200, top: 0, left: 0 };
        let down = Taps::new(Input::whole(20), 7, 0..7, Interpolation::Bicubic);
        let (mut fast, mut plain) = (vec![0; 1188 * 7], vec![0; 1188 * 7]);
        sum_columns::<4>(part, &down, 3, 1188, &mut fast);
        sum_columns_plain::<4>(part, &down, 3, 1188, &mut plain);
        assert_eq!(fast, plain);
    }

    #[test]
    fn a_plain_sum_in_wide_numbers_gives_the_same() {
        let data = noise(50 * 40);
        let part = Part { data: &data, stride: 40, top: 0, left: 0 };
        let taps = Taps::new(Input::whole(50), 11, 0..11, Interpolation::Bicubic);
        let mut out = vec![0; 40 * 11];
        sum_columns::<1>(part, &taps, 0, 40, &mut out);
        for (at, ours) in out.iter().enumerate() {
            let (start, weights) = taps.at(at / 40);
            let values = data[start * 40 + at % 40..].iter().step_by(40);
            let sum: i64 = values.zip(weights).map(|(v, w)| i64::from(*v) * i64::from(*w)).sum();
            let expected = ((sum + i64::from(HALF)) >> FRACTION_BITS).clamp(0, 255);
            assert_eq!(i64::from(*ours), expected);
        }
    }
}
