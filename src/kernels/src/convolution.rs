//! Convolution over all channels as a matrix product.

use crate::columns::append_columns;
use crate::depthwise::Window;
use crate::matmul::Threads;
use crate::panels::Panels;
use crate::product::product;
use crate::team::share_with;

/// Output pixels of a strip, about: as many as one pass over the weight serves.
const STRIP: usize = 120;

/// `images` `[batch, window.height, window.width, channels]` to `[batch, out_height, out_width,
/// outputs]`. `weight` is `[outputs, kernel * kernel * channels]` in the order of
/// [`append_columns`]. `finish` gets each piece of whole output pixels, while it is in the cache,
/// with the number of its first pixel.
pub fn convolution(
    images: &[f32],
    window: Window,
    weight: &Panels,
    bias: &[f32],
    finish: impl Fn(usize, &mut [f32]) + Sync,
) -> Vec<f32> {
    let (kernel, outputs) = (window.kernel, weight.outputs());
    let image = window.height * window.width * (weight.inputs() / (kernel * kernel));
    let (height, width) = (window.out_height(), window.out_width());
    let (rows, row) = (images.len() / image * height, width * outputs);
    let mut out = vec![0f32; rows * row];
    if kernel == 1 && window.stride == 1 {
        product(images, weight, Some(bias), 0..outputs, &mut out, Threads::All, finish);
        return out;
    }
    let fair = rows.div_ceil(rayon::current_num_threads());
    let strip = STRIP.div_ceil(width).min(fair).max(1);
    let strips = out.chunks_mut(strip * row).enumerate();
    share_with(Vec::new, strips, |columns, (number, out)| {
        let first = number * strip;
        columns.clear();
        for place in first..first + out.len() / row {
            let (number, y) = (place / height, place % height);
            append_columns(&images[number * image..][..image], window, y..y + 1, columns);
        }
        product(columns, weight, Some(bias), 0..outputs, out, Threads::One, |pixel, out| {
            finish(first * width + pixel, out);
        });
    });
    out
}
