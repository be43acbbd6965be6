//! What a convolution's kernel sees, as rows for a matrix product.

use std::ops::Range;

use crate::depthwise::Window;

/// Appends, for the output rows `rows`, the `kernel * kernel * channels` values that each output
/// pixel looks at, pixel by pixel, zeros outside. `image` is
/// `[window.height, window.width, channels]`.
pub fn append_columns(image: &[f32], window: Window, rows: Range<usize>, out: &mut Vec<f32>) {
    let channels = image.len() / (window.height * window.width);
    let values = window.kernel * window.kernel * channels;
    let held = out.len();
    out.resize(held + rows.len() * window.out_width() * values, 0.0);
    columns(image, window, rows, &mut out[held..]);
}

/// The same into `out`, all of which is written.
pub fn columns(image: &[f32], window: Window, rows: Range<usize>, out: &mut [f32]) {
    let channels = image.len() / (window.height * window.width);
    let run = window.kernel * channels;
    let mut pixels = out.chunks_exact_mut(window.kernel * run);
    for y in rows {
        for x in 0..window.out_width() {
            let Some(pixel) = pixels.next() else { return };
            let (rows, columns) = (window.rows_seen(y), window.columns_seen(x));
            if rows.taps.len() < window.kernel || columns.taps.len() < window.kernel {
                pixel.fill(0.0);
            }
            for tap_y in rows.taps {
                let row = (rows.first + tap_y - rows.skipped) * window.width;
                let from = (row + columns.first) * channels;
                let length = columns.taps.len() * channels;
                let to = tap_y * run + columns.taps.start * channels;
                copy(&image[from..from + length], &mut pixel[to..to + length]);
            }
        }
    }
}

/// Copies values, of which there are mostly as many as three pixels have.
#[inline(always)]
fn copy(from: &[f32], to: &mut [f32]) {
    const COLOURS: usize = 9;
    if let (Ok(from), Ok(to)) =
        (<&[f32; COLOURS]>::try_from(from), <&mut [f32; COLOURS]>::try_from(&mut *to))
    {
        // Of a length known when it is compiled, so that nothing is called for it.
        *to = *from;
    } else {
        to.copy_from_slice(from);
    }
}

/// A weight `[out, channels, kernel, kernel]` in the order of [`append_columns`],
/// `[out, kernel * kernel * channels]`.
pub fn reorder_weight(weight: &[f32], channels: usize, kernel: usize) -> Vec<f32> {
    let taps = kernel * kernel;
    let per_output = weight.chunks_exact(channels * taps);
    per_output
        .flat_map(|planes| {
            (0..taps * channels).map(move |i| planes[i % channels * taps + i / channels])
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
        append_columns(&picture, window, 0..1, &mut out);
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
        let out = reorder_weight(&weight, 3, 2);
        assert_eq!(out[..4], [0.0, 4.0, 8.0, 1.0]);
        assert_eq!(out[12..16], [12.0, 16.0, 20.0, 13.0]);
    }
}
