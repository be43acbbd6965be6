//! The block that both networks are made of.

use std::ops::Range;

use seer_checkpoint::CheckpointError;
use seer_kernels::activation::{Activation, activate, add};
use seer_kernels::depthwise::{Taps, Window, depthwise};
use seer_kernels::team::share;

use super::Map;
use super::dense::Dense;
use super::squeeze::{Squeeze, weigh};
use crate::weights::Weights;

/// A kernel for each channel alone, then two layers for each pixel alone.
pub(super) struct Block {
    mix: Mix,
    squeeze: Option<Squeeze>,
    up: Dense,
    down: Dense,
    /// Whether the input of the two layers is added to their output.
    residual: bool,
}

/// What a block looks like.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Channels in and out.
    pub channels: [usize; 2],
    /// Steps down and across.
    pub stride: [usize; 2],
    /// Whether channels are weighed.
    pub squeeze: bool,
    /// Whether the layers' input is added to their output.
    pub residual: bool,
}

/// Slope of the hard sigmoid.
const SLOPE: f32 = 0.166_666_7;

impl Block {
    pub fn take(weights: &mut Weights, name: &str, shape: Shape) -> Result<Self, CheckpointError> {
        let [inputs, outputs] = shape.channels;
        let squeeze = match shape.squeeze {
            true => Some(Squeeze::take(weights, &format!("{name}.squeeze"), inputs, SLOPE)?),
            false => None,
        };
        Ok(Self {
            mix: Mix::take(weights, &format!("{name}.mix"), inputs, 3, shape.stride)?,
            squeeze,
            up: Dense::take(weights, &format!("{name}.up"), 2 * inputs, inputs)?,
            down: Dense::take(weights, &format!("{name}.down"), outputs, 2 * inputs)?,
            residual: shape.residual,
        })
    }

    pub fn apply(&self, x: &Map) -> Map {
        let (height, width) = self.mix.size(x);
        let mut out = Map::new(height, width, self.down.outputs());
        let Some(squeeze) = &self.squeeze else {
            out.strips(|first, out| {
                let mut mixed = vec![0.0; out.len() / self.down.outputs() * x.channels];
                let rows = first..first + mixed.len() / (width * x.channels);
                self.mix.rows(x, rows, &mut mixed);
                self.layers(&mixed, out);
            });
            return out;
        };
        let mut mixed = self.mix.apply(x);
        let factors = squeeze.factors(&mixed.means());
        let strip = Map::strip(width) * width;
        let pieces = mixed.values.chunks_mut(strip * x.channels);
        share(pieces.zip(out.values.chunks_mut(strip * self.down.outputs())), |(mixed, out)| {
            weigh(mixed, &factors);
            self.layers(mixed, out);
        });
        out
    }

    /// The two layers, for some pixels.
    fn layers(&self, mixed: &[f32], out: &mut [f32]) {
        let mut hidden = vec![0.0; mixed.len() * 2];
        self.up.fill(mixed, &mut hidden, |_, values| activate(values, Activation::Gelu));
        let outputs = self.down.outputs();
        self.down.fill(&hidden, out, |first, out| {
            if self.residual {
                add(out, &mixed[first * outputs..][..out.len()]);
            }
        });
    }
}

/// A kernel for each channel.
pub(super) struct Mix {
    weight: Vec<f32>,
    bias: Vec<f32>,
    kernel: usize,
    stride: [usize; 2],
}

impl Mix {
    /// `NAME.spread` `[kernel * kernel, channels]` and `NAME.bias`.
    pub fn take(
        weights: &mut Weights,
        name: &str,
        channels: usize,
        kernel: usize,
        stride: [usize; 2],
    ) -> Result<Self, CheckpointError> {
        let weight = weights.take(&format!("{name}.spread"), &[kernel * kernel, channels])?;
        let bias = weights.take(&format!("{name}.bias"), &[channels])?;
        Ok(Self { weight, bias, kernel, stride })
    }

    /// One row of taps, `NAME.spread` `[kernel, channels]`, for maps of one row.
    pub fn take_row(
        weights: &mut Weights,
        name: &str,
        channels: usize,
        kernel: usize,
    ) -> Result<Self, CheckpointError> {
        let row = weights.take(&format!("{name}.spread"), &[kernel, channels])?;
        let bias = weights.take(&format!("{name}.bias"), &[channels])?;
        let mut weight = vec![0.0; kernel * row.len()];
        weight[kernel / 2 * row.len()..][..row.len()].copy_from_slice(&row);
        Ok(Self { weight, bias, kernel, stride: [1, 1] })
    }

    /// Height and width of what comes out.
    pub fn size(&self, x: &Map) -> (usize, usize) {
        (x.height.div_ceil(self.stride[0]), x.width.div_ceil(self.stride[1]))
    }

    /// All rows, on all threads.
    pub fn apply(&self, x: &Map) -> Map {
        let (height, width) = self.size(x);
        let mut out = Map::new(height, width, x.channels);
        let row = out.row();
        out.strips(|first, out| self.rows(x, first..first + out.len() / row, out));
        out
    }

    /// Output rows `rows` into `out`, on this thread.
    fn rows(&self, x: &Map, rows: Range<usize>, out: &mut [f32]) {
        let taps = Taps::new(&self.weight, &self.bias);
        let [down, across] = self.stride;
        let window = Window {
            height: x.height,
            width: x.width,
            kernel: self.kernel,
            stride: across,
            before: [self.kernel / 2; 2],
        };
        if down == across {
            return depthwise(&x.values, 0, window, taps, rows, out);
        }
        // Every row of a window with the same step down as across, of which only some are asked for.
        let row = window.out_width() * x.channels;
        for (y, out) in rows.zip(out.chunks_exact_mut(row)) {
            let y = y * down / across;
            depthwise(&x.values, 0, window, taps, y..y + 1, out);
        }
    }
}
