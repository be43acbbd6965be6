//! A photo as a model takes it: geometry, resampling, conversion to RGB.

use std::ops::Range;

use seer_types::{
    ColorOrder, CropRounding, Interpolation, PreparedImage, PreprocessSpec, ResizeMode,
};

use crate::colour::{cmyk_to_rgb, unpremultiply};
use crate::raster::{Channels, Raster, Storage};
use crate::resize::{self, Target, View, resize};
use crate::source::Claim;

/// See [`crate::Photo::prepare`].
pub(crate) fn prepare(raster: &Raster, spec: &PreprocessSpec) -> PreparedImage {
    if spec.width == 0 || spec.height == 0 {
        return PreparedImage::new(spec.width, spec.height, Vec::new());
    }
    let plan = Plan::new(raster.full.0, raster.full.1, spec);
    let pixels = match spec.order {
        ColorOrder::ConvertFirst => resize_converted(raster, &plan.target, spec.interpolation),
        ColorOrder::ResizeFirst => resize_as_stored(raster, &plan.target, spec.interpolation),
    };
    PreparedImage::new(plan.width, plan.height, plan.place(&pixels))
}

/// Most bytes that [`prepare`] takes besides the picture, turned on its side or not.
pub(crate) fn memory(claim: &Claim, spec: &PreprocessSpec) -> u64 {
    let of = |width: u32, height: u32| match width.min(height).min(spec.width).min(spec.height) {
        0 => 0,
        _ => {
            let target = Plan::new(width, height, spec).target;
            resize::memory((width, height), claim.channels(), &target)
        }
    };
    of(claim.width, claim.height).max(of(claim.height, claim.width))
}

/// By how much less the picture shrinks: the smaller of the ratios across and down of its own
/// size to the size it is resized to.
pub(crate) fn shrinking(width: u32, height: u32, spec: &PreprocessSpec) -> f64 {
    let Target { width: across, height: down, .. } = Plan::new(width, height, spec).target;
    (f64::from(width) / across as f64).min(f64::from(height) / down as f64)
}

/// Where the resized picture lies in the final frame.
#[derive(PartialEq, Eq, Debug)]
struct Plan {
    /// Pixels of the frame across.
    width: u32,
    /// Pixels of the frame down.
    height: u32,
    /// The resized size and the part of it inside the frame.
    target: Target,
    /// Frame columns to the left of that part.
    left: u32,
    /// Frame rows above it.
    top: u32,
    /// Grey level around it.
    fill: u8,
}

impl Plan {
    fn new(width: u32, height: u32, spec: &PreprocessSpec) -> Self {
        let (across, down, fill) = match spec.resize {
            ResizeMode::Squash => (u64::from(spec.width), u64::from(spec.height), 0),
            ResizeMode::SquashTo(edge) => (u64::from(edge), u64::from(edge), 0),
            ResizeMode::ShortestEdge(edge) => {
                let (across, down) = fit_shortest(width, height, edge);
                (across, down, 0)
            }
            ResizeMode::LongestEdge { fill } => {
                let (across, down) = fit_longest(width, height, spec.width, spec.height);
                (across, down, fill)
            }
            ResizeMode::PatchBudget { patch, patches } => {
                let (across, down) = fit_budget(width, height, patch, patches);
                return Self::whole(across, down);
            }
        };
        let (columns, left) = centre(across, spec.width, spec.crop);
        let (rows, top) = centre(down, spec.height, spec.crop);
        let target = Target { width: across, height: down, columns, rows };
        Self { width: spec.width, height: spec.height, target, left, top, fill }
    }

    /// The resized picture is the frame.
    fn whole(width: u32, height: u32) -> Self {
        Self { width, height, target: Target::whole(width, height), left: 0, top: 0, fill: 0 }
    }

    /// Puts the RGB pixels of the wanted part into the frame.
    fn place(&self, pixels: &[u8]) -> Vec<u8> {
        let (columns, rows) = (&self.target.columns, &self.target.rows);
        let row_bytes = (columns.end - columns.start) as usize * 3;
        let frame_row = self.width as usize * 3;
        if row_bytes == frame_row && rows.end - rows.start == u64::from(self.height) {
            return pixels.to_vec();
        }
        let mut frame = vec![self.fill; frame_row * self.height as usize];
        if row_bytes > 0 {
            let below = frame.chunks_exact_mut(frame_row).skip(self.top as usize);
            for (out, row) in below.zip(pixels.chunks_exact(row_bytes)) {
                out[self.left as usize * 3..][..row_bytes].copy_from_slice(row);
            }
        }
        frame
    }
}

/// The shorter edge becomes `edge`; the longer one is rounded down.
fn fit_shortest(width: u32, height: u32, edge: u32) -> (u64, u64) {
    let (width, height, edge) = (u64::from(width), u64::from(height), u64::from(edge.max(1)));
    if width <= height { (edge, edge * height / width) } else { (edge * width / height, edge) }
}

/// Fits into the frame; both edges are rounded to nearest, halves to even, and at least 1.
fn fit_longest(width: u32, height: u32, frame_width: u32, frame_height: u32) -> (u64, u64) {
    let (width, height) = (f64::from(width), f64::from(height));
    let ratio = (height / f64::from(frame_height)).max(width / f64::from(frame_width));
    let edge = |length: f64| ((length / ratio).round_ties_even() as u64).max(1);
    (edge(width), edge(height))
}

/// The largest whole patches in about the shape of the picture, at most `patches` of them: the
/// scale is found by halving between 0 and 100, and both edges are rounded up to patches
/// (transformers, `get_image_size_for_max_num_patches`, in the same steps).
fn fit_budget(width: u32, height: u32, patch: u32, patches: u32) -> (u32, u32) {
    const CLOSE: f64 = 1e-5;
    let edge = f64::from(patch.max(1));
    let count = |scale: f64, length: u32| (f64::from(length) * scale / edge).ceil().max(1.0);
    let (mut fits, mut too_large) = (CLOSE / 10.0, 100.0);
    while too_large - fits >= CLOSE {
        let scale = (fits + too_large) / 2.0;
        if count(scale, width) * count(scale, height) <= f64::from(patches) {
            fits = scale;
        } else {
            too_large = scale;
        }
    }
    let pixels = |length: u32| (count(fits, length) * edge) as u32;
    (pixels(width), pixels(height))
}

/// The middle `frame` of `length` pixels, and how many pixels of the frame lie before it.
fn centre(length: u64, frame: u32, rounding: CropRounding) -> (Range<u64>, u32) {
    let frame_length = u64::from(frame);
    if length <= frame_length {
        let spare = frame_length - length;
        let before = match rounding {
            CropRounding::Floor => spare.div_ceil(2),
            CropRounding::HalfToEven => spare / 2,
        };
        return (0..length, before as u32);
    }
    let spare = length - frame_length;
    let start = match rounding {
        CropRounding::Floor => spare / 2,
        CropRounding::HalfToEven => (spare as f64 / 2.0).round_ties_even() as u64,
    };
    (start..start + frame_length, 0)
}

/// Hugging Face order: RGB first, what is transparent over white. Grey channels are resized one
/// by one, so grey can wait.
fn resize_converted(raster: &Raster, target: &Target, interpolation: Interpolation) -> Vec<u8> {
    let (view, channels) = match raster.channels {
        Channels::Grey | Channels::Rgb => (View::Stored, raster.channels),
        Channels::GreyAlpha => (View::OverWhite, Channels::Grey),
        Channels::Rgba => (View::OverWhite, Channels::Rgb),
        Channels::Cmyk => (View::Light, Channels::Rgb),
    };
    to_rgb(channels, resize(raster.seen_as(view), target, interpolation))
}

/// OpenCLIP order: what Pillow does with a picture in its own mode.
fn resize_as_stored(raster: &Raster, target: &Target, interpolation: Interpolation) -> Vec<u8> {
    let interpolation = match raster.storage {
        Storage::Indexed => Interpolation::Nearest,
        _ => interpolation,
    };
    let same_size = (target.width, target.height) == (raster.width.into(), raster.height.into());
    let weighs_alpha = raster.channels.has_alpha()
        && raster.storage == Storage::Direct
        && interpolation != Interpolation::Nearest
        && !same_size;
    let view = if weighs_alpha { View::Premultiplied } else { View::Stored };
    let mut pixels = resize(raster.seen_as(view), target, interpolation);
    match raster.channels {
        Channels::GreyAlpha if weighs_alpha => unpremultiply::<2>(&mut pixels),
        Channels::Rgba if weighs_alpha => unpremultiply::<4>(&mut pixels),
        _ => {}
    }
    to_rgb(raster.channels, pixels)
}

/// Grey is repeated, alpha is dropped, inks become light.
fn to_rgb(channels: Channels, pixels: Vec<u8>) -> Vec<u8> {
    match channels {
        Channels::Rgb => pixels,
        Channels::Grey => pixels.iter().flat_map(|value| [*value; 3]).collect(),
        Channels::GreyAlpha => pixels.as_chunks().0.iter().flat_map(|[v, _]| [*v; 3]).collect(),
        Channels::Rgba => {
            pixels.as_chunks().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect()
        }
        Channels::Cmyk => pixels.as_chunks().0.iter().flat_map(|ink| cmyk_to_rgb(*ink)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_edge_decides_and_the_longer_is_rounded_down() {
        assert_eq!(fit_shortest(150, 91, 48), (79, 48));
        assert_eq!(fit_shortest(37, 110, 48), (48, 142));
        assert_eq!(fit_shortest(400, 9, 48), (2133, 48));
        assert_eq!(fit_shortest(1_000_000, 1, 224), (224_000_000, 224));
    }

    #[test]
    fn the_longer_edge_fits_and_halves_go_to_even() {
        assert_eq!(fit_longest(400, 100, 224, 224), (224, 56));
        assert_eq!(fit_longest(4, 3, 2, 2), (2, 2));
        assert_eq!(fit_longest(8, 5, 4, 4), (4, 2));
        assert_eq!(fit_longest(10_000, 1, 224, 224), (224, 1));
    }

    #[test]
    fn a_budget_keeps_the_shape_in_whole_patches() {
        // Those of transformers for 256 patches of 16 pixels.
        for (width, height, expected) in [
            (640, 480, (288, 224)),
            (480, 640, (224, 288)),
            (256, 256, (256, 256)),
            (4000, 3000, (288, 224)),
            (10_000, 100, (2048, 32)),
            (1, 1, (112, 112)),
            (3, 200, (32, 2048)),
        ] {
            assert_eq!(fit_budget(width, height, 16, 256), expected, "{width}x{height}");
        }
    }

    #[test]
    fn the_middle_is_found_in_both_roundings() {
        assert_eq!(centre(79, 48, CropRounding::Floor), (15..63, 0));
        assert_eq!(centre(79, 48, CropRounding::HalfToEven), (16..64, 0));
        assert_eq!(centre(53, 48, CropRounding::HalfToEven), (2..50, 0));
        assert_eq!(centre(5, 8, CropRounding::Floor), (0..5, 2));
        assert_eq!(centre(5, 8, CropRounding::HalfToEven), (0..5, 1));
        assert_eq!(centre(8, 8, CropRounding::Floor), (0..8, 0));
    }

    fn spec(resize: ResizeMode, order: ColorOrder) -> PreprocessSpec {
        PreprocessSpec {
            width: 4,
            height: 4,
            resize,
            interpolation: Interpolation::Bicubic,
            crop: CropRounding::Floor,
            order,
            mean: [0.5; 3],
            std: [0.5; 3],
        }
    }

    fn raster(width: u32, height: u32, channels: Channels, data: Vec<u8>) -> Raster {
        Raster::new(width, height, channels, Storage::Direct, data)
    }

    #[test]
    fn a_fit_is_surrounded_by_the_fill() {
        let wide = raster(4, 2, Channels::Grey, vec![200; 8]);
        let spec = spec(ResizeMode::LongestEdge { fill: 9 }, ColorOrder::ConvertFirst);
        let rgb = prepare(&wide, &spec).rgb().to_vec();
        assert_eq!(rgb[..12], [9; 12]);
        assert_eq!(rgb[12..36], [200; 24]);
        assert_eq!(rgb[36..], [9; 12]);
    }

    #[test]
    fn the_middle_of_a_squashed_picture_is_kept() {
        let ramp = raster(6, 6, Channels::Grey, (0..36).collect());
        let spec = spec(ResizeMode::SquashTo(6), ColorOrder::ConvertFirst);
        assert_eq!(
            prepare(&ramp, &spec).rgb()[..15],
            [7, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10, 13, 13, 13]
        );
        let wide = raster(12, 6, Channels::Grey, (0..36).flat_map(|v| [v, v]).collect());
        assert_eq!(prepare(&wide, &spec).rgb().len(), 48);
    }

    #[test]
    fn a_short_crop_is_surrounded_by_black() {
        let dot = raster(1, 1, Channels::Rgb, vec![10, 20, 30]);
        let rgb = prepare(&dot, &spec(ResizeMode::ShortestEdge(2), ColorOrder::ConvertFirst));
        assert_eq!(rgb.rgb()[..3], [0, 0, 0]);
        assert_eq!(rgb.rgb()[15..18], [10, 20, 30]);
    }

    #[test]
    fn transparency_is_white_in_one_order_and_weightless_in_the_other() {
        // Left half opaque black, right half transparent red.
        let pixels = [[0, 0, 0, 255], [0, 0, 0, 255], [255, 0, 0, 0], [255, 0, 0, 0]];
        let half = raster(4, 4, Channels::Rgba, [pixels; 4].concat().concat());
        let small = |order| {
            let mut spec = spec(ResizeMode::Squash, order);
            (spec.width, spec.height) = (1, 1);
            prepare(&half, &spec).rgb().to_vec()
        };
        assert_eq!(small(ColorOrder::ConvertFirst), [128; 3]);
        assert_eq!(small(ColorOrder::ResizeFirst), [0; 3]);
    }

    #[test]
    fn palettes_are_not_blended_in_the_openclip_order() {
        let mut stripes = raster(8, 8, Channels::Grey, [0, 255].repeat(32));
        stripes.storage = Storage::Indexed;
        let squash = |order| prepare(&stripes, &spec(ResizeMode::Squash, order)).rgb().to_vec();
        assert!(squash(ColorOrder::ResizeFirst).iter().all(|v| *v == 0 || *v == 255));
        assert!(squash(ColorOrder::ConvertFirst).iter().any(|v| *v > 60 && *v < 200));
    }
}
