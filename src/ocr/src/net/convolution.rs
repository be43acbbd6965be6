//! Convolutions over all channels, a few rows at a time.

use std::ops::Range;

use seer_checkpoint::CheckpointError;
use seer_kernels::depthwise::Window;

use super::dense::Dense;
use crate::weights::Weights;

/// Output pixels whose inputs are laid out at once.
const PIXELS: usize = 128;

/// A square kernel over all channels, as a matrix product.
pub(super) struct Convolution {
    dense: Dense,
    kernel: usize,
    stride: usize,
    channels: usize,
}

/// Some rows of a picture.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    /// Their values.
    pub values: &'a [f32],
    /// Which row comes first.
    pub first_row: usize,
}

impl Convolution {
    /// `NAME.weight` `[outputs, kernel * kernel * channels]` and `NAME.bias`.
    pub fn take(
        weights: &mut Weights,
        name: &str,
        [kernel, stride]: [usize; 2],
        [outputs, channels]: [usize; 2],
    ) -> Result<Self, CheckpointError> {
        let dense = Dense::take(weights, name, outputs, kernel * kernel * channels)?;
        Ok(Self { dense, kernel, stride, channels })
    }

    /// Of a weight `[outputs, kernel * kernel * channels]`.
    pub fn of(
        weight: Vec<f32>,
        bias: Vec<f32>,
        [kernel, stride]: [usize; 2],
        channels: usize,
    ) -> Self {
        let shape = [bias.len(), kernel * kernel * channels];
        Self { dense: Dense::of(&weight, shape, bias), kernel, stride, channels }
    }

    /// Its window over a picture of this size. Half of the kernel lies before a pixel, of an even
    /// kernel all but its last place behind.
    pub fn window(&self, height: usize, width: usize) -> Window {
        let before = [(self.kernel - 1) / 2; 2];
        Window { height, width, kernel: self.kernel, stride: self.stride, before }
    }

    /// Values of an output pixel.
    pub fn outputs(&self) -> usize {
        self.dense.outputs()
    }

    /// Output rows `rows` into `out`, on this thread. `input` holds the picture's rows as
    /// far as `window.rows_needed` says. `columns` is memory. `finish` gets
    /// pieces of whole output pixels.
    pub fn rows(
        &self,
        input: Part,
        window: Window,
        rows: Range<usize>,
        out: &mut [f32],
        columns: &mut Vec<f32>,
        finish: impl Fn(&mut [f32]) + Sync,
    ) {
        let width = window.out_width();
        let outputs = self.outputs();
        let seen = self.kernel * self.kernel * self.channels;
        let pixels = out.chunks_mut(PIXELS * outputs).enumerate();
        for (piece, out) in pixels {
            let first = piece * PIXELS;
            let count = out.len() / outputs;
            columns.resize(count * seen, 0.0);
            for (pixel, columns) in columns.chunks_exact_mut(seen).enumerate() {
                let place = first + pixel;
                let at = [rows.start + place / width, place % width];
                self.lay_out(input, window, at, columns);
            }
            self.dense.fill(columns, out, |_, out| finish(out));
        }
    }

    /// What the output pixel at row and column `at` sees, zeros outside.
    #[inline(always)]
    fn lay_out(&self, input: Part, window: Window, at: [usize; 2], out: &mut [f32]) {
        let (rows, columns) = (window.rows_seen(at[0]), window.columns_seen(at[1]));
        let run = self.kernel * self.channels;
        let length = columns.taps.len() * self.channels;
        let inside = columns.taps.start * self.channels;
        if rows.taps.len() < self.kernel || columns.taps.len() < self.kernel {
            out.fill(0.0);
        }
        for (row, tap) in (rows.first..).zip(rows.taps) {
            let from = ((row - input.first_row) * window.width + columns.first) * self.channels;
            out[tap * run + inside..][..length].copy_from_slice(&input.values[from..from + length]);
        }
    }
}
