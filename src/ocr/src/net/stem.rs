//! The first layers, from a picture to a quarter of its size.

use seer_checkpoint::CheckpointError;
use seer_kernels::activation::relu;
use seer_kernels::depthwise::Window;
use seer_kernels::team::share;

use super::Map;
use super::convolution::{Convolution, Part};
use super::dense::Dense;
use crate::weights::Weights;

/// Half of the size in one convolution; there two small convolutions beside the maximum of
/// neighbours; half of the size again.
pub(super) struct Stem {
    first: Convolution,
    narrow: Convolution,
    widen: Convolution,
    join: Convolution,
    last: Dense,
}

/// Output rows that are computed together, about; a few rows above and below are computed twice.
const STRIP: usize = 8;

impl Stem {
    /// `width` channels within, twice as many at the end.
    pub fn take(weights: &mut Weights, width: usize) -> Result<Self, CheckpointError> {
        let half = width / 2;
        Ok(Self {
            first: Convolution::take(weights, "stem.first", [3, 2], [width, 3])?,
            narrow: Convolution::take(weights, "stem.narrow", [2, 1], [half, width])?,
            widen: Convolution::take(weights, "stem.widen", [2, 1], [width, half])?,
            join: Convolution::take(weights, "stem.join", [3, 2], [width, 2 * width])?,
            last: Dense::take(weights, "stem.last", 2 * width, width)?,
        })
    }

    /// `picture` has three channels.
    pub fn apply(&self, picture: &Map) -> Map {
        let first = self.first.window(picture.height, picture.width);
        let join = self.join.window(first.out_height(), first.out_width());
        let mut out = Map::new(join.out_height(), join.out_width(), self.last.outputs());
        let row = out.row();
        share(out.values.chunks_mut(STRIP * row).enumerate(), |(strip, out)| {
            let rows = strip * STRIP..strip * STRIP + out.len() / row;
            let mut joined = vec![0.0; rows.len() * join.out_width() * self.join.outputs()];
            let needed = join.rows_needed(rows.start, rows.end);
            let halves = self.halves(picture, first, needed.clone());
            let columns = &mut Vec::new();
            self.join.rows(
                Part { values: &halves, first_row: needed.start },
                join,
                rows,
                &mut joined,
                columns,
                relu,
            );
            self.last.fill(&joined, out, |_, out| relu(out));
        });
        out
    }

    /// Rows `needed` at half of the size: the maxima of neighbours, then the small convolutions'
    /// values.
    fn halves(&self, picture: &Map, window: Window, needed: std::ops::Range<usize>) -> Vec<f32> {
        let columns = &mut Vec::new();
        let (height, width) = (window.out_height(), window.out_width());
        let end = |rows: usize| (needed.end + rows).min(height);
        let channels = self.first.outputs();
        let mut first = vec![0.0; (end(2) - needed.start) * width * channels];
        let rows = needed.start..end(2);
        self.first.rows(
            Part { values: &picture.values, first_row: 0 },
            window,
            rows,
            &mut first,
            columns,
            relu,
        );

        let small = self.narrow.window(height, width);
        let mut narrow = vec![0.0; (end(1) - needed.start) * width * self.narrow.outputs()];
        let rows = needed.start..end(1);
        self.narrow.rows(
            Part { values: &first, first_row: needed.start },
            small,
            rows,
            &mut narrow,
            columns,
            relu,
        );
        let mut wide = vec![0.0; needed.len() * width * channels];
        self.widen.rows(
            Part { values: &narrow, first_row: needed.start },
            small,
            needed.clone(),
            &mut wide,
            columns,
            relu,
        );

        let mut out = vec![0.0; needed.len() * width * 2 * channels];
        let line = width * channels;
        for (row, out) in out.chunks_exact_mut(2 * line).enumerate() {
            let upper = &first[row * line..][..line];
            // No value is below zero, so what lies outside may count as the row itself.
            let lower = if needed.start + row + 1 < height {
                &first[(row + 1) * line..][..line]
            } else {
                upper
            };
            highest(upper, lower, channels, out);
            let wide = wide[row * line..][..line].chunks_exact(channels);
            for (out, wide) in out.chunks_exact_mut(2 * channels).zip(wide) {
                out[channels..].copy_from_slice(wide);
            }
        }
        out
    }
}

/// The maximum of each pixel, its right neighbour and the two below, into the first half of the
/// channels of `out`.
fn highest(upper: &[f32], lower: &[f32], channels: usize, out: &mut [f32]) {
    let pixels = upper.len() / channels;
    for (x, out) in out.chunks_exact_mut(2 * channels).enumerate() {
        let here = x * channels;
        let right = (x + 1).min(pixels - 1) * channels;
        let four = [&upper[here..], &upper[right..], &lower[here..], &lower[right..]];
        let [a, b, c, d] = four.map(|values| &values[..channels]);
        for (place, out) in out[..channels].iter_mut().enumerate() {
            *out = a[place].max(b[place]).max(c[place].max(d[place]));
        }
    }
}
