//! Pictures cut into patches, so that the patch embedding is one matrix product.

use crate::team::share;
use crate::vectorised;

/// `(value / 255 - mean) / std` per channel, as one factor and one offset.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Normalise {
    /// Times this.
    pub factor: [f32; 3],
    /// Plus this.
    pub offset: [f32; 3],
}

impl Normalise {
    /// For values from 0 to 255.
    pub fn new(mean: [f32; 3], std: [f32; 3]) -> Self {
        Self {
            factor: std::array::from_fn(|c| 1.0 / (255.0 * std[c])),
            offset: std::array::from_fn(|c| -mean[c] / std[c]),
        }
    }
}

/// Sizes of a picture and its patches, [down, across], in pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grid {
    /// The picture.
    pub image: [usize; 2],
    /// One patch; pixels that make no whole patch at the right and bottom are left out.
    pub patch: [usize; 2],
}

impl Grid {
    /// Patches down and across.
    pub fn patches(&self) -> [usize; 2] {
        [self.image[0] / self.patch[0], self.image[1] / self.patch[1]]
    }

    /// Patches of a picture.
    pub fn count(&self) -> usize {
        self.patches()[0] * self.patches()[1]
    }

    /// Values of a patch: `patch rows * patch columns * 3`, in this order.
    pub fn values(&self) -> usize {
        self.patch[0] * self.patch[1] * 3
    }
}

/// The normalised values of a picture of 3 bytes a pixel, on this thread alone.
pub fn normalised(picture: &[u8], normalise: Normalise, out: &mut [f32]) {
    /// Values at once, of whole pixels.
    const MANY: usize = 48;
    let mut factor = [0f32; MANY];
    let mut offset = [0f32; MANY];
    for place in 0..MANY {
        factor[place] = normalise.factor[place % 3];
        offset[place] = normalise.offset[place % 3];
    }
    vectorised(
        #[inline(always)]
        || {
            for (bytes, out) in picture.chunks(MANY).zip(out.chunks_mut(MANY)) {
                let each = bytes.iter().zip(&factor).zip(&offset);
                for (out, ((byte, factor), offset)) in out.iter_mut().zip(each) {
                    *out = f32::from(*byte) * factor + offset;
                }
            }
        },
    );
}

/// Normalised patches of pictures of `height * width * 3` bytes each:
/// `[pictures, patches, patch rows * patch columns * 3]`.
pub fn unfold(pictures: &[&[u8]], grid: Grid, normalise: Normalise) -> Vec<f32> {
    let ([rows, columns], [high, wide]) = (grid.patches(), grid.patch);
    let run = wide * 3; // bytes of one patch row, consecutive in the picture
    let factor: Vec<f32> = (0..run).map(|i| normalise.factor[i % 3]).collect();
    let offset: Vec<f32> = (0..run).map(|i| normalise.offset[i % 3]).collect();
    let mut out = vec![0f32; pictures.len() * grid.count() * grid.values()];
    let band = columns * grid.values(); // one row of patches
    share(out.chunks_mut(band).enumerate(), |(index, out)| {
        let (picture, row) = (pictures[index / rows], index % rows);
        vectorised(
            #[inline(always)]
            || {
                for (column, patch) in out.chunks_exact_mut(grid.values()).enumerate() {
                    for (y, out) in patch.chunks_exact_mut(run).enumerate() {
                        let start = ((row * high + y) * grid.image[1] + column * wide) * 3;
                        let bytes = &picture[start..start + run];
                        for (((out, byte), factor), offset) in
                            out.iter_mut().zip(bytes).zip(&factor).zip(&offset)
                        {
                            *out = f32::from(*byte) * factor + offset;
                        }
                    }
                }
            },
        );
    });
    out
}

/// The same for one picture given as normalised f32 planes `[3, height, width]` (parity tests).
pub fn unfold_planes(planes: &[f32], grid: Grid) -> Vec<f32> {
    let ([rows, columns], [high, wide]) = (grid.patches(), grid.patch);
    let plane = grid.image[0] * grid.image[1];
    let mut out = Vec::with_capacity(grid.count() * grid.values());
    for patch in 0..rows * columns {
        let (top, left) = (patch / columns * high, patch % columns * wide);
        for pixel in 0..high * wide {
            let place = (top + pixel / wide) * grid.image[1] + left + pixel % wide;
            out.extend((0..3).map(|channel| planes[channel * plane + place]));
        }
    }
    out
}

/// A convolution's weight `[out, 3, rows, columns]` in the order of [`unfold`]'s patches.
pub fn reorder_weight(weight: &[f32], grid: Grid) -> Vec<f32> {
    let pixels = grid.patch[0] * grid.patch[1];
    let per_output = weight.chunks_exact(3 * pixels);
    per_output
        .flat_map(|planes| (0..pixels * 3).map(move |i| planes[(i % 3) * pixels + i / 3]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid { image: [2, 5], patch: [2, 2] };

    #[test]
    fn patches_are_cut_row_by_row_and_the_rest_is_left_out() {
        let picture: Vec<u8> = (0..30).collect();
        let plain = Normalise { factor: [1.0; 3], offset: [0.0, 100.0, 0.0] };
        let out = unfold(&[&picture], GRID, plain);
        assert_eq!(out.len(), 24);
        assert_eq!(out[..6], [0.0, 101.0, 2.0, 3.0, 104.0, 5.0]);
        assert_eq!(out[6..9], [15.0, 116.0, 17.0]);
        assert_eq!(out[12..15], [6.0, 107.0, 8.0]);
    }

    #[test]
    fn planes_and_bytes_agree() {
        let picture: Vec<u8> = (0..30).map(|i| i * 7).collect();
        let normalise = Normalise::new([0.5, 0.25, 0.0], [0.5, 1.0, 0.25]);
        let planes: Vec<f32> = (0..30)
            .map(|i| {
                let (channel, place) = (i / 10, i % 10);
                let value = f32::from(picture[place * 3 + channel]) / 255.0;
                (value - [0.5, 0.25, 0.0][channel]) / [0.5, 1.0, 0.25][channel]
            })
            .collect();
        let bytes = unfold(&[&picture], GRID, normalise);
        let floats = unfold_planes(&planes, GRID);
        assert!(bytes.iter().zip(&floats).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn a_picture_is_normalised_as_its_patches_are() {
        let picture: Vec<u8> = (0..150u32).map(|i| (i * 3 / 2) as u8).collect();
        let normalise = Normalise::new([0.5, 0.25, 0.0], [0.5, 1.0, 0.25]);
        let mut out = [0.0; 150];
        normalised(&picture, normalise, &mut out);
        let grid = Grid { image: [5, 10], patch: [1, 10] };
        assert_eq!(out[..], unfold(&[&picture], grid, normalise));
    }

    #[test]
    fn a_weight_follows_the_patches() {
        let grid = Grid { image: [1, 2], patch: [1, 2] };
        let weight = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]; // channel planes of 2 pixels
        assert_eq!(reorder_weight(&weight, grid), [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
    }
}
