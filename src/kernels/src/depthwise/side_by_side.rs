//! Several output pixels of a row side by side: the weights of a row of the kernel stay in registers,
//! and a value is read once for all outputs that see it.

use std::ops::Range;

use pulp::Simd;

use super::{Seeing, Window};

/// Outputs that are summed up at once: the images of most networks are some times as wide.
const WIDE: usize = 7;

/// A kernel and its step.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    kernel: usize,
    stride: usize,
}

impl Shape {
    /// How to go along the rows of this window; `None` for kernels that are rare, and where rows are
    /// short.
    pub fn of(window: Window) -> Option<Self> {
        let Window { kernel, stride, .. } = window;
        let usual = matches!(kernel, 3 | 5 | 7) && matches!(stride, 1 | 2);
        (usual && window.out_width() >= WIDE).then_some(Self { kernel, stride })
    }

    /// Channels that are worked on at once: two registers where there are 32 of them, as many as are
    /// needed for them all to stay there; more than there are where registers hold one value.
    #[inline(always)]
    pub fn channels<S: Simd>() -> usize {
        match S::F32_LANES {
            1 => usize::MAX,
            lanes if lanes >= 16 => 2 * lanes,
            lanes => lanes,
        }
    }

    /// [`Self::channels`] from `channel` on, of some output rows; `out` has all channels of these rows.
    #[inline(always)]
    pub fn run<S: Simd>(
        self,
        simd: S,
        picture: Seeing,
        rows: &Range<usize>,
        channel: usize,
        out: &mut [f32],
    ) {
        let registers = Registers { simd, picture, channel };
        macro_rules! shapes {
            ($vectors:literal: $($kernel:literal $stride:literal),*) => {
                match (self.kernel, self.stride) {
                    $(($kernel, $stride) => {
                        registers.rows::<$vectors, $kernel, $stride>(rows, out);
                    })*
                    (kernel, stride) => unreachable!("a kernel of {kernel} by {stride}"),
                }
            };
        }
        if S::F32_LANES >= 16 {
            shapes!(2: 3 1, 3 2, 5 1, 5 2, 7 1, 7 2);
        } else if S::F32_LANES > 1 {
            shapes!(1: 3 1, 3 2, 5 1, 5 2, 7 1, 7 2);
        }
    }
}

/// `VECTORS` registers of channels from `channel` on.
#[derive(Clone, Copy)]
struct Registers<'a, S> {
    simd: S,
    picture: Seeing<'a>,
    channel: usize,
}

impl<S: Simd> Registers<'_, S> {
    #[inline(always)]
    fn rows<const VECTORS: usize, const KERNEL: usize, const STRIDE: usize>(
        self,
        rows: &Range<usize>,
        out: &mut [f32],
    ) {
        let channels = self.picture.taps.bias.len();
        let width = self.picture.window.out_width();
        for (y, out) in rows.clone().zip(out.chunks_exact_mut(width * channels)) {
            for x in (0..width).step_by(WIDE) {
                // The last ones overlap those before.
                let x = x.min(width - WIDE);
                let out = &mut out[x * channels..];
                self.pixels::<VECTORS, KERNEL, STRIDE>([y, x], out);
            }
        }
    }

    /// `WIDE` outputs from row `y` and column `x` on.
    #[inline(always)]
    fn pixels<const VECTORS: usize, const KERNEL: usize, const STRIDE: usize>(
        self,
        [y, x]: [usize; 2],
        out: &mut [f32],
    ) {
        let Self { simd, picture, channel } = self;
        let Seeing { window, taps, .. } = picture;
        let (channels, inputs, count) = (taps.bias.len(), taps.inputs, VECTORS * S::F32_LANES);
        let seen = window.rows_seen(y);
        let mut sums = [self.load::<VECTORS>(&taps.bias[channel..][..count]); WIDE];
        // Before the row where the first column is.
        let start = (x * STRIDE).wrapping_sub(window.before[1]).wrapping_mul(inputs);
        let start = start.wrapping_add(channel % inputs);
        for tap_y in seen.taps.clone() {
            let row = picture.row(&seen, tap_y);
            let mut weights = [[simd.splat_f32s(0.0); VECTORS]; KERNEL];
            let kernel_row = &taps.weight[tap_y * KERNEL * channels..][..KERNEL * channels];
            for tap in 0..KERNEL {
                weights[tap] = self.load(&kernel_row[tap * channels + channel..][..count]);
            }
            macro_rules! columns {
                ($($column:literal)*) => {
                    $(if $column < (WIDE - 1) * STRIDE + KERNEL {
                        let from = start.wrapping_add($column * inputs);
                        // Nothing is there where the column is not on the image: before it `from` is
                        // far beyond the end.
                        if let Some(values) = row.get(from..from.wrapping_add(count)) {
                            let values = self.load::<VECTORS>(values);
                            for tap in 0..KERNEL {
                                if $column >= tap
                                    && ($column - tap) % STRIDE == 0
                                    && ($column - tap) / STRIDE < WIDE
                                {
                                    let place = ($column - tap) / STRIDE;
                                    for vector in 0..VECTORS {
                                        sums[place][vector] = simd.mul_add_e_f32s(
                                            values[vector],
                                            weights[tap][vector],
                                            sums[place][vector],
                                        );
                                    }
                                }
                            }
                        }
                    })*
                };
            }
            columns!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18);
        }
        for place in 0..WIDE {
            let (whole, _) = S::as_mut_simd_f32s(&mut out[place * channels + channel..][..count]);
            for vector in 0..VECTORS {
                whole[vector] = picture.finished(simd, sums[place][vector]);
            }
        }
    }

    #[inline(always)]
    fn load<const VECTORS: usize>(self, values: &[f32]) -> [S::f32s; VECTORS] {
        let (whole, _) = S::as_simd_f32s(values);
        let mut out = [self.simd.splat_f32s(0.0); VECTORS];
        out.copy_from_slice(&whole[..VECTORS]);
        out
    }
}
