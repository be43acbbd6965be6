//! The horizontal pass of a convolution.
//!
//! Weights of 23 bits are split into a high and a low part of at most 16 each, so that vector
//! units can multiply and add 16-bit numbers in pairs. The sum of both is the same number.

use super::sums::{HALF, Part, to_byte};
use super::taps::Taps;

/// Bits of the low part of a weight.
const LOW_BITS: u32 = 11;

/// Weights are read in steps of this many.
const STEP: usize = 16;

/// The weights of all output positions, each padded with zeros to the same number of them.
struct SplitWeights {
    /// First input position of each output position, counted from the first one needed.
    starts: Vec<usize>,
    /// Weights of one output position: a multiple of [`STEP`].
    count: usize,
    high: Vec<i16>,
    low: Vec<i16>,
}

impl SplitWeights {
    fn new(taps: &Taps) -> Self {
        let most = (0..taps.len()).map(|i| taps.at(i).1.len()).max().unwrap_or(0);
        let count = most.next_multiple_of(STEP);
        let first = taps.span().start;
        let mut split = Self {
            starts: (0..taps.len()).map(|i| taps.at(i).0 - first).collect(),
            count,
            high: vec![0; count * taps.len()],
            low: vec![0; count * taps.len()],
        };
        for i in 0..taps.len() {
            let parts = split.high[i * count..].iter_mut().zip(&mut split.low[i * count..]);
            for ((high, low), weight) in parts.zip(taps.at(i).1) {
                // A weight is at most about 1, which has 22 bits: the high part has 12 and a sign.
                *high = (weight >> LOW_BITS) as i16;
                *low = (weight & ((1 << LOW_BITS) - 1)) as i16;
            }
        }
        split
    }

    fn at(&self, i: usize) -> (&[i16], &[i16]) {
        let range = i * self.count..(i + 1) * self.count;
        (&self.high[range.clone()], &self.low[range])
    }
}

/// Makes the output positions of `taps` of as many rows as fit into `out`, from `first_row` on.
pub(super) fn sum_rows<const N: usize>(part: Part, taps: &Taps, first_row: usize, out: &mut [u8]) {
    let weights = SplitWeights::new(taps);
    let span = taps.span();
    let mut planes: [Vec<i16>; N] = std::array::from_fn(|_| vec![0; span.len() + weights.count]);
    let instructions = Instructions::detect();
    for (y, out) in (first_row..).zip(out.chunks_exact_mut(taps.len() * N)) {
        let row = part.row(y, span.start, N, span.len() * N);
        instructions.row::<N>(row, &weights, &mut planes, out);
    }
}

/// Which of the loops this processor can run.
#[derive(Clone, Copy, Debug)]
enum Instructions {
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Instructions {
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            return Self::Avx2;
        }
        Self::Portable
    }

    fn row<const N: usize>(
        self,
        row: &[u8],
        weights: &SplitWeights,
        planes: &mut [Vec<i16>; N],
        out: &mut [u8],
    ) {
        match self {
            #[cfg(target_arch = "x86_64")]
            // Safety: only `detect` makes this value, where the processor has AVX2.
            Self::Avx2 => unsafe { avx2::row::<N>(row, weights, planes, out) },
            Self::Portable => portable_row::<N>(row, weights, planes, out),
        }
    }
}

fn portable_row<const N: usize>(
    row: &[u8],
    weights: &SplitWeights,
    planes: &mut [Vec<i16>; N],
    out: &mut [u8],
) {
    separate(row, planes);
    for (i, pixel) in out.as_chunks_mut::<N>().0.iter_mut().enumerate() {
        let (high, low) = weights.at(i);
        *pixel = std::array::from_fn(|channel| {
            let values = &planes[channel][weights.starts[i]..][..weights.count];
            let dot = |weights: &[i16]| {
                let products =
                    values.iter().zip(weights).map(|(v, w)| i32::from(*v) * i32::from(*w));
                products.fold(0, i32::wrapping_add)
            };
            to_byte((dot(high) << LOW_BITS).wrapping_add(dot(low)).wrapping_add(HALF))
        });
    }
}

/// Puts each channel of a row on its own plane.
#[inline(always)]
fn separate<const N: usize>(row: &[u8], planes: &mut [Vec<i16>; N]) {
    for (channel, plane) in planes.iter_mut().enumerate() {
        for (out, pixel) in plane.iter_mut().zip(row.as_chunks::<N>().0) {
            *out = i16::from(pixel[channel]);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{HALF, LOW_BITS, STEP, SplitWeights, separate};
    use crate::resize::taps::FRACTION_BITS;

    #[target_feature(enable = "avx2")]
    pub(super) fn row<const N: usize>(
        row: &[u8],
        weights: &SplitWeights,
        planes: &mut [Vec<i16>; N],
        out: &mut [u8],
    ) {
        separate(row, planes);
        for (i, pixel) in out.as_chunks_mut::<N>().0.iter_mut().enumerate() {
            let (high, low) = weights.at(i);
            let start = weights.starts[i];
            let mut sums = [_mm256_setzero_si256(); 4];
            for (sum, plane) in sums.iter_mut().zip(planes.iter()) {
                *sum = dot(&plane[start..][..weights.count], high, low);
            }
            let bytes = finish(sums).to_le_bytes();
            pixel.copy_from_slice(&bytes[..N]);
        }
    }

    /// Eight parts of the sum of values times weights.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn dot(values: &[i16], high: &[i16], low: &[i16]) -> __m256i {
        let mut sums = [_mm256_setzero_si256(); 2];
        let steps = values.as_chunks::<STEP>().0.iter();
        let steps = steps.zip(high.as_chunks::<STEP>().0).zip(low.as_chunks::<STEP>().0);
        for ((values, high), low) in steps {
            let values = load(values);
            sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(values, load(high)));
            sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(values, load(low)));
        }
        _mm256_add_epi32(_mm256_slli_epi32::<{ LOW_BITS as i32 }>(sums[0]), sums[1])
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn load(values: &[i16; STEP]) -> __m256i {
        // Safety: the array is 32 bytes long, and the load needs no alignment.
        unsafe { _mm256_loadu_si256(values.as_ptr().cast()) }
    }

    /// Adds up the parts of four sums, rounds, clips, and packs them into four bytes.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn finish([a, b, c, d]: [__m256i; 4]) -> u32 {
        let pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
        let sums =
            _mm_add_epi32(_mm256_castsi256_si128(pairs), _mm256_extracti128_si256::<1>(pairs));
        let rounded = _mm_add_epi32(sums, _mm_set1_epi32(HALF));
        let levels = _mm_srai_epi32::<{ FRACTION_BITS as i32 }>(rounded);
        let words = _mm_packs_epi32(levels, levels);
        _mm_cvtsi128_si32(_mm_packus_epi16(words, words)) as u32
    }
}

#[cfg(test)]
mod tests {
    use seer_types::Interpolation;

    use super::super::sums::tests::noise;
    use super::super::taps::{FRACTION_BITS, Input};
    use super::*;

    /// The definition in wide numbers.
    fn plain<const N: usize>(row: &[u8], taps: &Taps) -> Vec<u8> {
        let mut out = Vec::new();
        for i in 0..taps.len() {
            let (start, weights) = taps.at(i);
            for channel in 0..N {
                let values = row[start * N + channel..].iter().step_by(N);
                let sum: i64 =
                    values.zip(weights).map(|(v, w)| i64::from(*v) * i64::from(*w)).sum();
                out.push(((sum + i64::from(HALF)) >> FRACTION_BITS).clamp(0, 255) as u8);
            }
        }
        out
    }

    fn compare<const N: usize>(length: u32, output: u64, interpolation: Interpolation) {
        let row = noise(length as usize * N);
        let taps = Taps::new(Input::whole(length), output, 0..output, interpolation);
        let expected = plain::<N>(&row, &taps);
        let weights = SplitWeights::new(&taps);
        for instructions in [Instructions::detect(), Instructions::Portable] {
            let mut planes: [Vec<i16>; N] =
                std::array::from_fn(|_| vec![0; length as usize + weights.count]);
            let mut out = vec![0; expected.len()];
            instructions.row::<N>(&row, &weights, &mut planes, &mut out);
            assert_eq!(out, expected, "{length} to {output}, {interpolation:?}, {instructions:?}");
        }
    }

    #[test]
    fn all_loops_agree_with_a_plain_sum() {
        for interpolation in
            [Interpolation::Bilinear, Interpolation::Bicubic, Interpolation::Lanczos]
        {
            for (length, output) in [(300, 37), (50, 11), (7, 40), (1000, 299), (3, 2), (1, 1)] {
                compare::<1>(length, output, interpolation);
                compare::<2>(length, output, interpolation);
                compare::<3>(length, output, interpolation);
                compare::<4>(length, output, interpolation);
            }
        }
    }

    #[test]
    fn only_what_is_needed_is_read() {
        let row = noise(100 * 3);
        let whole = Taps::new(Input::whole(100), 20, 0..20, Interpolation::Bicubic);
        let part = Taps::new(Input::whole(100), 20, 15..18, Interpolation::Bicubic);
        let (mut all, mut some) = (vec![0; 60], vec![0; 9]);
        let source = Part { data: &row, stride: 300, top: 4, left: 0 };
        sum_rows::<3>(source, &whole, 4, &mut all);
        sum_rows::<3>(source, &part, 4, &mut some);
        assert_eq!(some, all[45..54]);
    }
}
