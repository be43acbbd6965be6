//! The first convolution of a trunk, as columns for a matrix product.

use crate::kernels::depthwise::Window;

/// Channels of a picture.
const CHANNELS: usize = 3;

/// For the output rows `from..to`: the `kernel * kernel * 3` values that each output pixel looks
/// at, row by row, zeros outside. `picture` is `[window.height, window.width, 3]`.
pub(crate) fn columns(picture: &[f32], window: Window, from: usize, to: usize, out: &mut Vec<f32>) {
    let run = window.kernel * CHANNELS;
    out.clear();
    out.resize((to - from) * window.out_width() * window.kernel * run, 0.0);
    let mut pixels = out.chunks_exact_mut(window.kernel * run);
    for y in from..to {
        for x in 0..window.out_width() {
            let Some(pixel) = pixels.next() else { return };
            let (rows, columns) = (window.rows_seen(y), window.columns_seen(x));
            for tap_y in rows.taps {
                let row = (rows.first + tap_y - rows.skipped) * window.width;
                let from = (row + columns.first) * CHANNELS;
                let length = columns.taps.len() * CHANNELS;
                let to = tap_y * run + columns.taps.start * CHANNELS;
                pixel[to..to + length].copy_from_slice(&picture[from..from + length]);
            }
        }
    }
}

/// A weight `[out, 3, kernel, kernel]` in the order of [`columns`], `[out, kernel * kernel * 3]`.
pub(crate) fn reorder_weight(weight: &[f32], kernel: usize) -> Vec<f32> {
    let taps = kernel * kernel;
    let per_output = weight.chunks_exact(CHANNELS * taps);
    per_output
        .flat_map(|planes| {
            (0..taps * CHANNELS).map(move |i| planes[i % CHANNELS * taps + i / CHANNELS])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hold_what_a_pixel_sees() {
        let window = Window { height: 2, width: 2, kernel: 3, stride: 2, before: [1, 1] };
        let picture: Vec<f32> = (1..13).map(|v| v as f32).collect();
        let mut out = Vec::new();
        columns(&picture, window, 0, 1, &mut out);
        #[rustfmt::skip]
        assert_eq!(out, [
            0.0, 0.0, 0.0,  0.0, 0.0, 0.0,  0.0, 0.0, 0.0,
            0.0, 0.0, 0.0,  1.0, 2.0, 3.0,  4.0, 5.0, 6.0,
            0.0, 0.0, 0.0,  7.0, 8.0, 9.0,  10.0, 11.0, 12.0,
        ]);
    }

    #[test]
    fn the_weight_follows_the_columns() {
        let weight: Vec<f32> = (0..2 * 3 * 4).map(|v| v as f32).collect();
        let out = reorder_weight(&weight, 2);
        assert_eq!(out[..4], [0.0, 4.0, 8.0, 1.0]);
        assert_eq!(out[12..16], [12.0, 16.0, 20.0, 13.0]);
    }
}
