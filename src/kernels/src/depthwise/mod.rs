//! Depthwise convolution: every channel with its own small kernel, channels side by side in
//! memory so that they fill the vector instructions.

use std::ops::Range;

use pulp::{Simd, WithSimd};

/// Output pixels that are summed up side by side.
const PIXELS: usize = 4;

/// A convolution's window over an image of `height` x `width` pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Pixels down.
    pub height: usize,
    /// Pixels across.
    pub width: usize,
    /// Edge of the kernel.
    pub kernel: usize,
    /// Step.
    pub stride: usize,
    /// Zeros above and left of the image.
    pub before: [usize; 2],
}

/// The part of the kernel that lies on the image, along one direction.
pub struct Seen {
    /// The first pixel.
    pub first: usize,
    /// The taps on the image.
    pub taps: Range<usize>,
    /// How many taps lie before the image.
    pub skipped: usize,
}

impl Window {
    /// Output rows: the input's, divided by the stride, rounded up.
    pub fn out_height(&self) -> usize {
        self.height.div_ceil(self.stride)
    }

    /// Output columns.
    pub fn out_width(&self) -> usize {
        self.width.div_ceil(self.stride)
    }

    /// What output row `y` sees of the image.
    pub fn rows_seen(&self, y: usize) -> Seen {
        seen(y * self.stride, self.before[0], self.kernel, self.height)
    }

    /// What output column `x` sees of the image.
    pub fn columns_seen(&self, x: usize) -> Seen {
        seen(x * self.stride, self.before[1], self.kernel, self.width)
    }

    /// The output columns that see all columns of the kernel.
    pub(crate) fn columns_inside(&self) -> Range<usize> {
        let first = self.before[1].div_ceil(self.stride);
        let room = (self.width + self.before[1]).checked_sub(self.kernel);
        first..room.map_or(0, |room| (room / self.stride + 1).min(self.out_width()))
    }

    /// The input rows that output rows `from..to` need.
    pub fn rows_needed(&self, from: usize, to: usize) -> Range<usize> {
        let last = self.rows_seen(to - 1);
        self.rows_seen(from).first..last.first + last.taps.len()
    }
}

#[inline(always)]
fn seen(place: usize, before: usize, kernel: usize, length: usize) -> Seen {
    let skipped = before.saturating_sub(place).min(kernel);
    let first = (place + skipped).saturating_sub(before);
    let end = kernel.min((length + before).saturating_sub(place)).max(skipped);
    Seen { first, taps: skipped..end, skipped }
}

/// Weights of a depthwise convolution. Output channel `c` sees input channel `c % inputs`, so that
/// a convolution with several outputs for each input has the first ones of all inputs, then the
/// second ones, and so on.
#[derive(Clone, Copy)]
pub struct Taps<'a> {
    /// `[kernel * kernel, channels]`.
    pub weight: &'a [f32],
    /// `[channels]`, as many as come out: a multiple of `inputs`.
    pub bias: &'a [f32],
    /// Channels of the image.
    pub inputs: usize,
}

impl<'a> Taps<'a> {
    /// As many channels out as in.
    pub fn new(weight: &'a [f32], bias: &'a [f32]) -> Self {
        Self { weight, bias, inputs: bias.len() }
    }
}

/// Output rows `from..to` into `out` `[to - from, out_width, channels]`. `input` holds the image's
/// rows from `first_row` on, `[rows, width, inputs]`, as far as [`Window::rows_needed`] says.
pub fn depthwise(
    input: &[f32],
    first_row: usize,
    window: Window,
    taps: Taps,
    rows: Range<usize>,
    out: &mut [f32],
) {
    convolve::<false>(input, first_row, window, taps, rows, out);
}

/// The same, held within [0, 6] (ReLU6).
pub fn depthwise_relu6(
    input: &[f32],
    first_row: usize,
    window: Window,
    taps: Taps,
    rows: Range<usize>,
    out: &mut [f32],
) {
    convolve::<true>(input, first_row, window, taps, rows, out);
}

fn convolve<const RELU6: bool>(
    input: &[f32],
    first_row: usize,
    window: Window,
    taps: Taps,
    rows: Range<usize>,
    out: &mut [f32],
) {
    let picture = Seeing { input, first_row, window, taps };
    pulp::Arch::new().dispatch(Rows::<RELU6> { picture, rows, out });
}

/// Rows of a picture and the weights of all channels.
#[derive(Clone, Copy)]
struct Seeing<'a> {
    input: &'a [f32],
    first_row: usize,
    window: Window,
    taps: Taps<'a>,
}

/// Some output rows, on one thread.
struct Rows<'a, const RELU6: bool> {
    picture: Seeing<'a>,
    rows: Range<usize>,
    out: &'a mut [f32],
}

impl<const RELU6: bool> WithSimd for Rows<'_, RELU6> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { picture, rows, out } = self;
        let (channels, lanes) = (picture.taps.bias.len(), S::F32_LANES);
        for (y, out) in rows.zip(out.chunks_exact_mut(picture.window.out_width() * channels)) {
            let mut channel = 0;
            while channel < channels {
                // Up to where the next outputs begin with the first input again.
                let end = channel + picture.taps.inputs;
                while channel + 2 * lanes <= end {
                    row::<S, 2, true, RELU6>(simd, picture, y, channel, 2 * lanes, out);
                    channel += 2 * lanes;
                }
                if channel + lanes <= end {
                    row::<S, 1, true, RELU6>(simd, picture, y, channel, lanes, out);
                    channel += lanes;
                }
                if channel < end {
                    row::<S, 1, false, RELU6>(simd, picture, y, channel, end - channel, out);
                    channel = end;
                }
            }
        }
    }
}

/// One output row, `count` channels from `channel` on: `V` vectors, whole ones where `WHOLE`.
#[inline(always)]
fn row<S: Simd, const V: usize, const WHOLE: bool, const RELU6: bool>(
    simd: S,
    picture: Seeing,
    y: usize,
    channel: usize,
    count: usize,
    out: &mut [f32],
) {
    let (width, inside) = (picture.window.out_width(), picture.window.columns_inside());
    let mut x = 0;
    while x < width {
        let place = Place { at: [y, x], channel, count };
        if inside.contains(&x) && inside.len() >= PIXELS {
            // The last ones overlap those before.
            let first = x.min(inside.end - PIXELS);
            let place = Place { at: [y, first], ..place };
            pixels::<S, V, PIXELS, WHOLE, RELU6>(simd, picture, place, out);
            x = first + PIXELS;
        } else {
            pixels::<S, V, 1, WHOLE, RELU6>(simd, picture, place, out);
            x += 1;
        }
    }
}

/// Where outputs are: row and column of the first pixel, and `count` channels from `channel` on.
#[derive(Clone, Copy)]
struct Place {
    at: [usize; 2],
    channel: usize,
    count: usize,
}

/// `P` output pixels side by side, which all see the same columns of the kernel: a weight is read once
/// for all of them.
#[inline(always)]
fn pixels<S: Simd, const V: usize, const P: usize, const WHOLE: bool, const RELU6: bool>(
    simd: S,
    Seeing { input, first_row, window, taps }: Seeing,
    Place { at: [y, x], channel, count }: Place,
    out: &mut [f32],
) {
    let (channels, inputs) = (taps.bias.len(), taps.inputs);
    let (rows, columns) = (window.rows_seen(y), window.columns_seen(x));
    let step = window.stride * inputs;
    let count = if WHOLE { V * S::F32_LANES } else { count }; // known when it is compiled
    let wide = columns.taps.len();
    let mut sums = [load::<S, V, WHOLE>(simd, &taps.bias[channel..][..count]); P];
    for tap_y in rows.taps {
        if wide == 0 {
            break;
        }
        let pixel = (rows.first + tap_y - rows.skipped - first_row) * window.width + columns.first;
        let values = &input[pixel * inputs + channel % inputs..];
        let values = &values[..(P - 1) * step + (wide - 1) * inputs + count];
        let tap = tap_y * window.kernel + columns.taps.start;
        let weights = &taps.weight[tap * channels + channel..][..(wide - 1) * channels + count];
        for tap in 0..wide {
            // SAFETY: `tap < wide`: the end is at most `(wide - 1) * channels + count`.
            let weights = unsafe { weights.get_unchecked(tap * channels..tap * channels + count) };
            let weights = load::<S, V, WHOLE>(simd, weights);
            for (place, sums) in sums.iter_mut().enumerate() {
                let from = place * step + tap * inputs;
                // SAFETY: `place < P` and `tap < wide`: `from` is at most `count` below the end.
                let values = unsafe { values.get_unchecked(from..from + count) };
                let values = load::<S, V, WHOLE>(simd, values);
                for vector in 0..V {
                    let sum = sums[vector];
                    let product = simd.mul_f32s(values[vector], weights[vector]);
                    // Rounded in between, so that every instruction set gives the same.
                    sums[vector] = simd.add_f32s(product, sum);
                }
            }
        }
    }
    for place in 0..P {
        let out = &mut out[(x + place) * channels + channel..][..count];
        let (whole, rest) = S::as_mut_simd_f32s(out);
        for vector in 0..V {
            let mut sum = sums[place][vector];
            if RELU6 {
                // In this order what is not a number stays visible on x86.
                sum = simd.max_f32s(simd.splat_f32s(0.0), sum);
                sum = simd.min_f32s(simd.splat_f32s(6.0), sum);
            }
            if WHOLE {
                whole[vector] = sum;
            } else {
                simd.partial_store_f32s(rest, sum);
            }
        }
    }
}

/// `V` vectors of values; the only one filled up with zeros where they are not `WHOLE`.
#[inline(always)]
fn load<S: Simd, const V: usize, const WHOLE: bool>(simd: S, values: &[f32]) -> [S::f32s; V] {
    if !WHOLE {
        return [simd.partial_load_f32s(values); V];
    }
    let (whole, _) = S::as_simd_f32s(values);
    let mut out = [simd.splat_f32s(0.0); V];
    out.copy_from_slice(&whole[..V]);
    out
}

/// A weight `[channels, 1, kernel, kernel]` as `[kernel * kernel, channels]`.
pub fn reorder_weight(weight: &[f32], channels: usize) -> Vec<f32> {
    crate::transpose::transposed(weight, weight.len() / channels.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_end_at_the_edges() {
        let window = Window { height: 5, width: 4, kernel: 3, stride: 2, before: [1, 0] };
        assert_eq!((window.out_height(), window.out_width()), (3, 2));
        let top = window.rows_seen(0);
        assert_eq!((top.first, top.taps, top.skipped), (0, 1..3, 1));
        let bottom = window.rows_seen(2);
        assert_eq!((bottom.first, bottom.taps), (3, 0..2));
        let right = window.columns_seen(1);
        assert_eq!((right.first, right.taps), (2, 0..2));
        assert_eq!(window.rows_needed(0, 1), 0..2);
        assert_eq!(window.rows_needed(1, 3), 1..5);
    }

    /// The same sum written as plainly as possible, without ReLU6.
    fn plain(input: &[f32], window: Window, taps: Taps) -> Vec<f32> {
        let (channels, inputs) = (taps.bias.len(), taps.inputs);
        let mut out = Vec::new();
        for y in 0..window.out_height() {
            for x in 0..window.out_width() {
                for channel in 0..channels {
                    let mut sum = taps.bias[channel];
                    for tap in 0..window.kernel * window.kernel {
                        let row = y * window.stride + tap / window.kernel;
                        let column = x * window.stride + tap % window.kernel;
                        let (Some(row), Some(column)) = (
                            row.checked_sub(window.before[0]).filter(|r| *r < window.height),
                            column.checked_sub(window.before[1]).filter(|c| *c < window.width),
                        ) else {
                            continue;
                        };
                        let pixel = row * window.width + column;
                        let value = input[pixel * inputs + channel % inputs];
                        sum += value * taps.weight[tap * channels + channel];
                    }
                    out.push(sum);
                }
            }
        }
        out
    }

    #[test]
    fn every_kernel_stride_and_channel_count_equals_the_plain_sum() {
        for (kernel, stride, before, inputs, channels) in [
            (3, 1, 1, 99, 99),
            (3, 2, 0, 24, 24),
            (5, 1, 2, 64, 64),
            (5, 2, 1, 3, 3),
            (3, 2, 1, 16, 16),
            (7, 1, 3, 25, 25),
            (7, 2, 3, 29, 58),
        ] {
            let window = Window { height: 7, width: 6, kernel, stride, before: [before; 2] };
            let value = |i: usize| ((i * 29) % 23) as f32 / 11.0 - 1.0;
            let input: Vec<f32> = (0..42 * inputs).map(value).collect();
            let weight: Vec<f32> = (5..5 + kernel * kernel * channels).map(value).collect();
            let bias: Vec<f32> = (3..3 + channels).map(value).collect();
            let taps = Taps { weight: &weight, bias: &bias, inputs };
            let expected = plain(&input, window, taps);
            let (high, row) = (window.out_height(), window.out_width() * channels);
            let (mut out, mut held) = (vec![9.0; expected.len()], vec![9.0; expected.len()]);
            for (from, to) in [(0, 2), (2, high)] {
                let needed = window.rows_needed(from, to);
                let rows = &input[needed.start * 6 * inputs..needed.end * 6 * inputs];
                let part = from * row..to * row;
                depthwise(rows, needed.start, window, taps, from..to, &mut out[part.clone()]);
                depthwise_relu6(rows, needed.start, window, taps, from..to, &mut held[part]);
            }
            assert!(out.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-5));
            assert!(held.iter().zip(&out).all(|(a, b)| *a == b.clamp(0.0, 6.0)));
        }
    }
}
