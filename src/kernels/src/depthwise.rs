//! Depthwise convolution: every channel with its own small kernel, channels side by side in
//! memory so that they fill the vector instructions.

use std::ops::Range;

use crate::vectorised;

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
    let channels = taps.bias.len();
    vectorised(
        #[inline(always)]
        || {
            for (y, out) in rows.zip(out.chunks_exact_mut(window.out_width() * channels)) {
                let mut channel = 0;
                while channel < channels {
                    // Up to where the next outputs begin with the first input again.
                    let end = channel + taps.inputs;
                    while channel + 64 <= end {
                        lanes::<64, RELU6>(input, first_row, window, taps, y, channel, out);
                        channel += 64;
                    }
                    while channel + 16 <= end {
                        lanes::<16, RELU6>(input, first_row, window, taps, y, channel, out);
                        channel += 16;
                    }
                    while channel + 8 <= end {
                        lanes::<8, RELU6>(input, first_row, window, taps, y, channel, out);
                        channel += 8;
                    }
                    while channel < end {
                        lanes::<1, RELU6>(input, first_row, window, taps, y, channel, out);
                        channel += 1;
                    }
                }
            }
        },
    );
}

/// One output row, `N` channels from `channel` on.
#[inline(always)]
fn lanes<const N: usize, const RELU6: bool>(
    input: &[f32],
    first_row: usize,
    window: Window,
    taps: Taps,
    y: usize,
    channel: usize,
    out: &mut [f32],
) {
    let (channels, inputs) = (taps.bias.len(), taps.inputs);
    let from = channel % inputs;
    let rows = window.rows_seen(y);
    let bias = &taps.bias[channel..channel + N];
    for (x, out) in out.chunks_exact_mut(channels).enumerate() {
        let columns = window.columns_seen(x);
        let mut sums = [0f32; N];
        sums.copy_from_slice(bias);
        for tap_y in rows.taps.clone() {
            let row = (rows.first + tap_y - rows.skipped - first_row) * window.width;
            for tap_x in columns.taps.clone() {
                let pixel = row + columns.first + tap_x - columns.skipped;
                let values = &input[pixel * inputs + from..][..N];
                let tap = tap_y * window.kernel + tap_x;
                let weights = &taps.weight[tap * channels + channel..][..N];
                for ((sum, value), weight) in sums.iter_mut().zip(values).zip(weights) {
                    *sum += value * weight;
                }
            }
        }
        for (out, sum) in out[channel..channel + N].iter_mut().zip(sums) {
            *out = if RELU6 { sum.clamp(0.0, 6.0) } else { sum };
        }
    }
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
