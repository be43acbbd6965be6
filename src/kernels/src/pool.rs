//! Averages of neighbouring pixels.

use crate::activation::add;
use crate::depthwise::Window;
use crate::team::share;

/// `images` `[batch, height, width, channels]` to `[batch, height / edge, width / edge, channels]`:
/// the mean of every `edge` x `edge` pixels. Pixels that make no whole square are left out.
pub fn average_pool(
    images: &[f32],
    [height, width, channels]: [usize; 3],
    edge: usize,
) -> Vec<f32> {
    let image = height * width * channels;
    let (rows, columns) = (height / edge, width / edge);
    let mut out = vec![0f32; images.len() / image * rows * columns * channels];
    let factor = 1.0 / (edge * edge) as f32;
    share(out.chunks_mut(columns * channels).enumerate(), |(row, out)| {
        let image = &images[row / rows * image..][..image];
        for (column, out) in out.chunks_exact_mut(channels).enumerate() {
            for tap in 0..edge * edge {
                let (y, x) = (row % rows * edge + tap / edge, column * edge + tap % edge);
                add(out, &image[(y * width + x) * channels..][..channels]);
            }
            out.iter_mut().for_each(|value| *value *= factor);
        }
    });
    out
}

/// `images` `[batch, window.height, window.width, channels]` to `[batch, out_height, out_width,
/// channels]`: the mean of those pixels under the window that lie on the image.
pub fn average_under(images: &[f32], window: Window, channels: usize) -> Vec<f32> {
    let image = window.height * window.width * channels;
    let (rows, columns) = (window.out_height(), window.out_width());
    let mut out = vec![0f32; images.len() / image * rows * columns * channels];
    share(out.chunks_mut(columns * channels).enumerate(), |(row, out)| {
        let image = &images[row / rows * image..][..image];
        let down = window.rows_seen(row % rows);
        for (column, out) in out.chunks_exact_mut(channels).enumerate() {
            let across = window.columns_seen(column);
            for y in down.first..down.first + down.taps.len() {
                for x in across.first..across.first + across.taps.len() {
                    add(out, &image[(y * window.width + x) * channels..][..channels]);
                }
            }
            let count = down.taps.len() * across.taps.len();
            out.iter_mut().for_each(|value| *value /= count as f32);
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_over_the_edge_averages_what_is_there() {
        #[rustfmt::skip]
        let images = [
            1.0, 2.0, 3.0, 4.0,
            5.0, 6.0, 7.0, 8.0,
            9.0, 1.0, 2.0, 3.0,
        ];
        let window = Window { height: 3, width: 4, kernel: 3, stride: 2, before: [1, 1] };
        let out = average_under(&images, window, 1);
        assert_eq!(out, [3.5, 5.0, 5.25, 4.5]);
        let pairs: Vec<f32> = images.iter().flat_map(|v| [*v, -v]).collect();
        assert_eq!(average_under(&pairs, window, 2)[4..6], [5.25, -5.25]);
    }

    #[test]
    fn squares_are_averaged_per_channel_and_the_rest_is_left_out() {
        let pixel = |v: f32| [v, -v];
        #[rustfmt::skip]
        let images = [
            1.0, 2.0, 9.0,
            3.0, 6.0, 9.0,
            // the second image
            0.0, 0.0, 9.0,
            0.0, 4.0, 9.0,
        ];
        let images: Vec<f32> = images.into_iter().flat_map(pixel).collect();
        assert_eq!(average_pool(&images, [2, 3, 2], 2), [3.0, -3.0, 1.0, -1.0]);
    }
}
