//! Averages of neighbouring pixels.

use rayon::prelude::*;

use crate::kernels::activation::add;

/// `images` `[batch, height, width, channels]` to `[batch, height / edge, width / edge, channels]`:
/// the mean of every `edge` x `edge` pixels. Pixels that make no whole square are left out.
pub(crate) fn average_pool(
    images: &[f32],
    [height, width, channels]: [usize; 3],
    edge: usize,
) -> Vec<f32> {
    let image = height * width * channels;
    let (rows, columns) = (height / edge, width / edge);
    let mut out = vec![0f32; images.len() / image * rows * columns * channels];
    let factor = 1.0 / (edge * edge) as f32;
    out.par_chunks_mut(columns * channels).enumerate().for_each(|(row, out)| {
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

#[cfg(test)]
mod tests {
    use super::*;

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
