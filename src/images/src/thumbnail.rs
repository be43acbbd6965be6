//! Small JPEGs for the results page.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use seer_types::{Interpolation, PreparedImage};

use crate::colour::{self, cmyk_to_rgb, unpremultiply};
use crate::profile::Meaning;
use crate::raster::{Channels, Raster};
use crate::resize::{self, Target, View, resize};
use crate::source::Claim;

/// JPEG quality, of 100.
const QUALITY: u8 = 82;

/// See [`crate::Photo::thumbnail`].
pub(crate) fn thumbnail(raster: &Raster, longest_edge: u32, meaning: Option<&Meaning>) -> Vec<u8> {
    let Small { width, height, pixels, colour } = small(raster, longest_edge, meaning);
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    // Writing to memory fails only for sizes that JPEG cannot hold, which `fit` rules out.
    if let Err(error) = encoder.write_image(&pixels, width, height, colour) {
        log::error!("a thumbnail of {width} x {height} pixels could not be written: {error}");
    }
    jpeg
}

/// See [`crate::decode_visible`].
pub(crate) fn visible(
    raster: &Raster,
    longest_edge: u32,
    meaning: Option<&Meaning>,
) -> PreparedImage {
    let Small { width, height, pixels, colour } = small(raster, longest_edge, meaning);
    let rgb = match colour {
        ExtendedColorType::L8 => pixels.iter().flat_map(|grey| [*grey; 3]).collect(),
        _ => pixels,
    };
    PreparedImage::new(width, height, rgb)
}

/// Pixels as they are seen, grey or RGB.
struct Small {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
    colour: ExtendedColorType,
}

fn small(raster: &Raster, longest_edge: u32, meaning: Option<&Meaning>) -> Small {
    let (width, height) = fit(raster.full.0, raster.full.1, longest_edge.max(1));
    let pixels = shrink(raster, &Target::whole(width, height));
    let (pixels, colour) = match meaning.and_then(|m| converted(m, &pixels, raster.channels)) {
        Some(rgb) => (rgb, ExtendedColorType::Rgb8),
        None => as_stored(pixels, raster.channels),
    };
    Small { width, height, pixels, colour }
}

/// Small pixels in sRGB, on white; `None` where that cannot be told from `meaning`.
fn converted(meaning: &Meaning, pixels: &[u8], channels: Channels) -> Option<Vec<u8>> {
    if !channels.has_alpha() {
        return meaning.to_srgb(pixels, channels);
    }
    // They were multiplied by alpha, which colours must not be while they are converted.
    let mut straight = pixels.to_vec();
    match channels {
        Channels::GreyAlpha => unpremultiply::<2>(&mut straight),
        _ => unpremultiply::<4>(&mut straight),
    }
    let mut rgb = meaning.to_srgb(&straight, channels)?;
    let alphas = straight.chunks_exact(channels.count()).filter_map(<[u8]>::last);
    for (pixel, alpha) in rgb.as_chunks_mut::<3>().0.iter_mut().zip(alphas) {
        *pixel = pixel.map(|value| colour::over_white(value, *alpha));
    }
    Some(rgb)
}

/// Small pixels without alpha and inks, on white, as the numbers in the file have them.
fn as_stored(pixels: Vec<u8>, channels: Channels) -> (Vec<u8>, ExtendedColorType) {
    match channels {
        Channels::Grey => (pixels, ExtendedColorType::L8),
        Channels::GreyAlpha => (over_white::<2, 1>(&pixels), ExtendedColorType::L8),
        Channels::Rgb => (pixels, ExtendedColorType::Rgb8),
        Channels::Rgba => (over_white::<4, 3>(&pixels), ExtendedColorType::Rgb8),
        Channels::Cmyk => {
            let rgb = pixels.as_chunks().0.iter().flat_map(|ink| cmyk_to_rgb(*ink)).collect();
            (rgb, ExtendedColorType::Rgb8)
        }
    }
}

/// The size with the longer edge at most `longest` (and what a JPEG can hold), never enlarged.
fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let longest = longest.min(65_535);
    let longer = width.max(height);
    if longer <= longest || longer == 0 {
        return (width, height);
    }
    let edge = |length: u32| {
        let scaled = u64::from(length) * u64::from(longest) + u64::from(longer) / 2;
        ((scaled / u64::from(longer)) as u32).max(1)
    };
    (edge(width), edge(height))
}

/// Resizes with colours multiplied by alpha.
fn shrink(raster: &Raster, target: &Target) -> Vec<u8> {
    let view = if raster.channels.has_alpha() { View::Premultiplied } else { View::Stored };
    resize(raster.seen_as(view), target, Interpolation::Bicubic)
}

/// Most bytes that [`thumbnail`] takes besides the picture, turned on its side or not.
pub(crate) fn memory(claim: &Claim, longest_edge: u32) -> u64 {
    let of = |width: u32, height: u32| {
        let (across, down) = fit(width, height, longest_edge.max(1));
        // Converting colours takes the small pixels twice more, making grey ones RGB less.
        let converting = u64::from(across) * u64::from(down) * 8;
        resize::memory((width, height), claim.channels(), &Target::whole(across, down)) + converting
    };
    of(claim.width, claim.height).max(of(claim.height, claim.width))
}

/// Adds the white that shows through premultiplied pixels of `N` channels and drops alpha.
fn over_white<const N: usize, const COLOURS: usize>(pixels: &[u8]) -> Vec<u8> {
    let blend = |pixel: &[u8; N]| {
        let white = 255 - pixel[N - 1];
        std::array::from_fn::<u8, COLOURS, _>(|i| pixel[i].saturating_add(white))
    };
    pixels.as_chunks::<N>().0.iter().flat_map(blend).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Described;
    use crate::raster::Storage;
    use crate::{Limits, decode};

    fn raster(width: u32, height: u32, channels: Channels, pixel: &[u8]) -> Raster {
        let data = pixel.repeat((width * height) as usize);
        Raster::new(width, height, channels, Storage::Direct, data)
    }

    #[test]
    fn is_fitted_and_never_enlarged() {
        assert_eq!(fit(4000, 3000, 320), (320, 240));
        assert_eq!(fit(100, 50, 320), (100, 50));
        assert_eq!(fit(10_000, 3, 320), (320, 1));
        assert_eq!(fit(3, 200_000, 1_000_000), (1, 65_535));
    }

    #[test]
    fn every_kind_of_pixel_becomes_a_readable_jpeg() {
        let cases = [
            (Channels::Grey, vec![90], 90),
            (Channels::GreyAlpha, vec![90, 0], 255),
            (Channels::Rgb, vec![90, 90, 90], 90),
            (Channels::Rgba, vec![0, 0, 0, 0], 255),
            (Channels::Rgba, vec![0, 0, 0, 128], 127),
            (Channels::Cmyk, vec![0, 0, 0, 165], 90),
        ];
        for (channels, pixel, level) in cases {
            let jpeg = thumbnail(&raster(64, 48, channels, &pixel), 32, None);
            let photo = decode(&jpeg, &Limits::default()).unwrap();
            assert_eq!((photo.width(), photo.height()), (32, 24));
            let spec = seer_types::PreprocessSpec {
                width: 1,
                height: 1,
                resize: seer_types::ResizeMode::Squash,
                interpolation: Interpolation::Bilinear,
                crop: seer_types::CropRounding::Floor,
                order: seer_types::ColorOrder::ConvertFirst,
                mean: [0.0; 3],
                std: [1.0; 3],
            };
            for value in photo.prepare(&spec).rgb() {
                assert!(value.abs_diff(level) <= 2, "{channels:?} {pixel:?}: {value}");
            }
        }
    }

    #[test]
    fn colours_are_converted_to_srgb_and_no_profile_is_kept() {
        let linear = Described::from_gamma(Some(1.0), None).map(Meaning::Described).unwrap();
        for (channels, pixel) in [
            (Channels::Grey, vec![55]),
            (Channels::Rgb, vec![55, 55, 55]),
            (Channels::Rgba, vec![55, 55, 55, 255]),
            (Channels::GreyAlpha, vec![55, 255]),
        ] {
            let jpeg = thumbnail(&raster(8, 8, channels, &pixel), 8, Some(&linear));
            assert!(!jpeg.windows(11).any(|w| w == b"ICC_PROFILE"));
            let photo = decode(&jpeg, &Limits::default()).unwrap();
            let again = photo.thumbnail(1);
            let shown = decode(&again, &Limits::default()).unwrap();
            assert_eq!((shown.width(), shown.height()), (1, 1));
            assert!(level(&photo).abs_diff(128) <= 2, "{channels:?}: {}", level(&photo));
        }
        // What is seen through stays white, whatever the profile.
        let clear = raster(8, 8, Channels::Rgba, &[55, 55, 55, 0]);
        let photo = decode(&thumbnail(&clear, 8, Some(&linear)), &Limits::default()).unwrap();
        assert_eq!(level(&photo), 255);
    }

    /// The green of all of it.
    fn level(photo: &crate::Photo) -> u8 {
        let spec = seer_types::PreprocessSpec {
            width: 1,
            height: 1,
            resize: seer_types::ResizeMode::Squash,
            interpolation: Interpolation::Bilinear,
            crop: seer_types::CropRounding::Floor,
            order: seer_types::ColorOrder::ConvertFirst,
            mean: [0.0; 3],
            std: [1.0; 3],
        };
        photo.prepare(&spec).rgb()[1]
    }
}
