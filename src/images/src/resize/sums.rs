//! The inner loops of a convolution, written so that the compiler makes vector code of them.

use super::taps::{FRACTION_BITS, Taps};

/// Sums run in this many lanes: a multiple of 1, 2, 3 and 4 channels and of 8 vector lanes.
const LANES: usize = 24;

/// Columns summed side by side in the vertical pass.
const BLOCK: usize = 32;

/// Rounds to nearest by adding one half before the fraction is dropped.
const HALF: i32 = 1 << (FRACTION_BITS - 1);

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

/// Names a loop that runs compiled for AVX2 where the processor has it, else plainly.
macro_rules! with_avx2 {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $kind:ty),*) runs $fast:ident or $plain:ident) => {
        $(#[$doc])*
        pub(super) fn $name<const N: usize>($($arg: $kind),*) {
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                // Safety: the processor was just found to have AVX2.
                return unsafe { $fast::<N>($($arg),*) };
            }
            $plain::<N>($($arg),*)
        }

        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        fn $fast<const N: usize>($($arg: $kind),*) {
            $plain::<N>($($arg),*)
        }
    };
}

with_avx2! {
    /// Sums along rows; `first_row` is the number of the first one.
    fn sum_rows(part: Part, taps: &Taps, first_row: usize, out: &mut [u8])
    runs sum_rows_avx2 or sum_rows_plain
}

with_avx2! {
    /// Sums along columns, for `row_bytes` bytes from column `left` on.
    fn sum_columns(part: Part, taps: &Taps, left: usize, row_bytes: usize, out: &mut [u8])
    runs sum_columns_avx2 or sum_columns_plain
}

#[inline(always)]
fn sum_rows_plain<const N: usize>(part: Part, taps: &Taps, first_row: usize, out: &mut [u8]) {
    for (y, out) in (first_row..).zip(out.chunks_exact_mut(taps.len() * N)) {
        for (i, pixel) in out.as_chunks_mut::<N>().0.iter_mut().enumerate() {
            let (start, weights) = taps.at(i);
            *pixel = weigh::<N>(part.row(y, start, N, weights.len()), weights);
        }
    }
}

/// One output pixel: values times weights, each channel on its own lanes.
#[inline(always)]
fn weigh<const N: usize>(values: &[u8], weights: &[i32]) -> [u8; N] {
    let mut lanes = [0i32; LANES];
    let (values, last_values) = values.as_chunks::<LANES>();
    let (weights, last_weights) = weights.as_chunks::<LANES>();
    for (values, weights) in values.iter().zip(weights) {
        for i in 0..LANES {
            lanes[i] = lanes[i].wrapping_add(i32::from(values[i]).wrapping_mul(weights[i]));
        }
    }
    for (lane, (value, weight)) in lanes.iter_mut().zip(last_values.iter().zip(last_weights)) {
        *lane = lane.wrapping_add(i32::from(*value).wrapping_mul(*weight));
    }
    std::array::from_fn(|channel| {
        to_byte(lanes[channel..].iter().step_by(N).fold(HALF, |sum, lane| sum.wrapping_add(*lane)))
    })
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
fn to_byte(sum: i32) -> u8 {
    (sum >> FRACTION_BITS).clamp(0, 255) as u8
}

#[cfg(test)]
pub(super) mod tests {
    use seer_types::Interpolation;

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
    fn the_fast_loops_agree_with_the_plain_ones() {
        let data = noise(300 * 20 * 4);
        let part = Part { data: &data, stride: 1200, top: 0, left: 0 };
        let across = Taps::new(300, 37, 0..37, Interpolation::Lanczos, 4);
        let (mut fast, mut plain) = (vec![0; 37 * 4 * 20], vec![0; 37 * 4 * 20]);
        sum_rows::<4>(part, &across, 0, &mut fast);
        sum_rows_plain::<4>(part, &across, 0, &mut plain);
        assert_eq!(fast, plain);
        let down = Taps::new(20, 7, 0..7, Interpolation::Bicubic, 1);
        let (mut fast, mut plain) = (vec![0; 1188 * 7], vec![0; 1188 * 7]);
        sum_columns::<4>(part, &down, 3, 1188, &mut fast);
        sum_columns_plain::<4>(part, &down, 3, 1188, &mut plain);
        assert_eq!(fast, plain);
    }

    #[test]
    fn a_plain_sum_in_wide_numbers_gives_the_same() {
        let data = noise(50 * 3);
        let taps = Taps::new(50, 11, 0..11, Interpolation::Bicubic, 3);
        for i in 0..11 {
            let (start, weights) = taps.at(i);
            let values = &data[start * 3..][..weights.len()];
            let pixel = weigh::<3>(values, weights);
            for (channel, ours) in pixel.iter().enumerate() {
                let sum: i64 = values
                    .iter()
                    .zip(weights)
                    .skip(channel)
                    .step_by(3)
                    .map(|(v, w)| i64::from(*v) * i64::from(*w))
                    .sum();
                let expected = ((sum + i64::from(HALF)) >> FRACTION_BITS).clamp(0, 255);
                assert_eq!(i64::from(*ours), expected);
            }
        }
    }
}
