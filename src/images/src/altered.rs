//! Mild copies of a picture, as people and programs make them: to measure whether copies are told.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, crop_imm, resize};
use image::{Rgb, RgbImage};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};

use crate::Photo;

/// What is done to a copy.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Alteration {
    /// What is cut off, as shares of the sides: left, right, top, bottom.
    pub cut: [f32; 4],
    /// Its sides are so many times shorter; 1 leaves them.
    pub shrink: u32,
    /// What light is multiplied by; 1 leaves it.
    pub brightness: f32,
    /// What red is multiplied by, and blue divided by; 1 leaves them.
    pub warmth: f32,
    /// Of the JPEG, 1 to 100.
    pub quality: u8,
}

impl Default for Alteration {
    /// A copy in good quality with nothing else done to it.
    fn default() -> Self {
        Self { cut: [0.0; 4], shrink: 1, brightness: 1.0, warmth: 1.0, quality: 90 }
    }
}

/// A copy of a picture as a JPEG; empty for a picture that a JPEG cannot hold.
pub fn altered(photo: &Photo, how: &Alteration) -> Vec<u8> {
    let Some(picture) = rgb(photo) else { return Vec::new() };
    let [left, right, top, bottom] = how.cut;
    let (width, height) = picture.dimensions();
    let edge = |share: f32, length: u32| (share * length as f32).round() as u32;
    let (x, y) = (edge(left, width), edge(top, height));
    let inside =
        |length: u32, before: u32, after: u32| length.saturating_sub(before + after).max(1);
    let (across, down) =
        (inside(width, x, edge(right, width)), inside(height, y, edge(bottom, height)));
    let mut copy = crop_imm(&picture, x, y, across, down).to_image();
    if how.shrink > 1 {
        let shorter = |length: u32| (length / how.shrink).max(1);
        copy = resize(&copy, shorter(across), shorter(down), FilterType::CatmullRom);
    }
    let factors = [how.brightness * how.warmth, how.brightness, how.brightness / how.warmth];
    for Rgb(pixel) in copy.pixels_mut() {
        for (value, factor) in pixel.iter_mut().zip(factors) {
            *value = (f32::from(*value) * factor).round() as u8;
        }
    }
    let mut jpeg = Vec::new();
    match JpegEncoder::new_with_quality(&mut jpeg, how.quality).encode_image(&copy) {
        Ok(()) => jpeg,
        Err(_) => Vec::new(),
    }
}

/// All pixels; what is transparent lies on white.
fn rgb(photo: &Photo) -> Option<RgbImage> {
    let (width, height) = (photo.width(), photo.height());
    let spec = PreprocessSpec {
        width,
        height,
        resize: ResizeMode::Squash,
        interpolation: Interpolation::Bilinear,
        crop: CropRounding::Floor,
        order: ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    RgbImage::from_raw(width, height, photo.prepare(&spec).rgb().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::{Channels, Raster, Storage};
    use crate::{Limits, decode};

    fn photo() -> Photo {
        let data = (0..60 * 40).flat_map(|i| [i % 60 * 4, i / 60 * 6, 100].map(|v| v as u8));
        let raster = Raster::new(60, 40, Channels::Rgb, Storage::Direct, data.collect());
        Photo::new(raster, seer_types::PhotoFacts::default(), None)
    }

    /// A copy's size, and its colours in the middle.
    fn copy(how: Alteration) -> ((u32, u32), [u8; 3]) {
        let copy = decode(&altered(&photo(), &how), &Limits::default()).unwrap();
        let picture = rgb(&copy).unwrap();
        let middle = picture.get_pixel(copy.width() / 2, copy.height() / 2).0;
        ((copy.width(), copy.height()), middle)
    }

    #[test]
    fn a_copy_is_cut_shrunk_and_coloured_as_asked() {
        let (size, [red, green, blue]) = copy(Alteration::default());
        assert_eq!(size, (60, 40));
        let cut = [0.1, 0.0, 0.0, 0.25];
        assert_eq!(copy(Alteration { cut, ..Alteration::default() }).0, (54, 30));
        assert_eq!(copy(Alteration { shrink: 3, ..Alteration::default() }).0, (20, 13));
        let brighter = copy(Alteration { brightness: 1.2, ..Alteration::default() }).1;
        let warmer = copy(Alteration { warmth: 1.2, ..Alteration::default() }).1;
        let is_near = |found: u8, was: u8, factor: f32| {
            (f32::from(found) - f32::from(was) * factor).abs() < 8.0
        };
        assert!(is_near(brighter[0], red, 1.2) && is_near(brighter[1], green, 1.2));
        assert!(is_near(warmer[0], red, 1.2) && is_near(warmer[2], blue, 1.0 / 1.2));
    }
}
