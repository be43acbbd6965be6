//! Depthwise convolution: every channel with its own small kernel, channels side by side in
//! memory so that they fill the vector instructions.

mod pixel;
mod side_by_side;
mod window;

use std::ops::Range;

use pulp::{Simd, WithSimd};

pub use window::{Seen, Window};

use side_by_side::Shape;

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
    convolve(Seeing { input, first_row, window, taps, relu6: false }, rows, out);
}

/// A convolution as [`depthwise`] makes it, its outputs held within [0, 6] (ReLU6).
pub fn depthwise_relu6(
    input: &[f32],
    first_row: usize,
    window: Window,
    taps: Taps,
    rows: Range<usize>,
    out: &mut [f32],
) {
    convolve(Seeing { input, first_row, window, taps, relu6: true }, rows, out);
}

fn convolve(picture: Seeing, rows: Range<usize>, out: &mut [f32]) {
    pulp::Arch::new().dispatch(Rows { picture, rows, out });
}

/// Rows of a picture, the weights of all channels, and whether sums are held within [0, 6].
#[derive(Clone, Copy)]
struct Seeing<'a> {
    input: &'a [f32],
    first_row: usize,
    window: Window,
    taps: Taps<'a>,
    relu6: bool,
}

impl<'a> Seeing<'a> {
    /// The input row under one tap of the kernel, where `seen` is what the output row sees.
    #[inline(always)]
    fn row(&self, seen: &Seen, tap: usize) -> &'a [f32] {
        let length = self.window.width * self.taps.inputs;
        let row = seen.first + tap - seen.skipped - self.first_row;
        &self.input[row * length..][..length]
    }

    /// A sum as it is to be written.
    #[inline(always)]
    fn finished<S: Simd>(&self, simd: S, sum: S::f32s) -> S::f32s {
        if !self.relu6 {
            return sum;
        }
        // In this order what is not a number stays visible on x86.
        simd.min_f32s(simd.splat_f32s(6.0), simd.max_f32s(simd.splat_f32s(0.0), sum))
    }
}

/// Some output rows, on one thread.
struct Rows<'a> {
    picture: Seeing<'a>,
    rows: Range<usize>,
    out: &'a mut [f32],
}

impl WithSimd for Rows<'_> {
    type Output = ();

    /// A few channels of all rows, then the next few: what they see then stays in the first-level
    /// cache until the last row that sees it.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { picture, rows, out } = self;
        let (channels, shape) = (picture.taps.bias.len(), Shape::of(picture.window));
        let many = Shape::channels::<S>();
        let mut first = 0;
        while first < channels {
            // Up to where the next outputs begin with the first input again.
            let end = first + picture.taps.inputs;
            match shape {
                Some(shape) if end - first >= many => {
                    for channel in (first..end).step_by(many) {
                        // The last ones overlap those before.
                        shape.run(simd, picture, &rows, channel.min(end - many), out);
                    }
                }
                _ => {
                    for channel in (first..end).step_by(S::F32_LANES) {
                        let some = channel..(channel + S::F32_LANES).min(end);
                        pixel::run(simd, picture, &rows, some, out);
                    }
                }
            }
            first = end;
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
