//! JPEGs decoded at a reduced size against the same files decoded in full, and damage on purpose.

mod common;

use std::fs;

use seer_images::{DecodeOptions, Limits, decode, decode_prepared, decode_prepared_with_thumbnail};
use seer_types::{
    ColorOrder, CropRounding, Interpolation, PreparedImage, PreprocessSpec, ResizeMode,
};

fn spec(side: u32) -> PreprocessSpec {
    PreprocessSpec {
        width: side,
        height: side,
        resize: ResizeMode::Squash,
        interpolation: Interpolation::Bicubic,
        crop: CropRounding::HalfToEven,
        order: ColorOrder::ResizeFirst,
        mean: [0.5; 3],
        std: [0.5; 3],
    }
}

/// A JPEG of waves and noise.
fn jpeg(width: u32, height: u32, colour: bool) -> Vec<u8> {
    let mut random = Random(0x1234_5678_9abc);
    let channels = if colour { 3 } else { 1 };
    let mut pixels = format!("P{} {width} {height} 255\n", if colour { 6 } else { 5 }).into_bytes();
    for y in 0..height {
        for x in 0..width {
            for channel in 0..channels {
                let wave = (x as f32 / (9.0 + 7.0 * channel as f32)).sin() * 60.0
                    + (y as f32 / 23.0).cos() * 50.0;
                pixels.push((128.0 + wave + random.below(16) as f32) as u8);
            }
        }
    }
    decode(&pixels, &Limits::default()).unwrap().thumbnail(width.max(height))
}

struct Random(u64);

impl Random {
    /// The next number below `limit` (an xorshift generator).
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}

fn in_full(bytes: &[u8], side: u32) -> PreparedImage {
    decode(bytes, &Limits::default()).unwrap().prepare(&spec(side))
}

fn reduced(bytes: &[u8], side: u32) -> PreparedImage {
    decode_prepared(bytes, &DecodeOptions::default(), &spec(side)).unwrap().1
}

fn mean_difference(a: &PreparedImage, b: &PreparedImage) -> f64 {
    let all = a.rgb().iter().zip(b.rgb()).map(|(a, b)| f64::from(a.abs_diff(*b)));
    all.sum::<f64>() / a.rgb().len() as f64
}

#[test]
fn every_scale_gives_nearly_the_same_and_the_full_one_exactly() {
    for colour in [true, false] {
        // Sizes that end in the middle of a block and of a reduced pixel.
        let bytes = jpeg(613, 477, colour);
        for (side, most) in [(64, 1.0), (32, 1.0), (16, 1.5)] {
            let difference = mean_difference(&in_full(&bytes, side), &reduced(&bytes, side));
            assert!(difference < most, "{side}: {difference}");
            assert!(difference > 0.0, "{side} was not reduced");
        }
        assert_eq!(in_full(&bytes, 200), reduced(&bytes, 200));
    }
}

#[test]
fn facts_are_those_of_the_whole_picture() {
    let bytes = jpeg(613, 477, true);
    let (mut facts, _) = decode_prepared(&bytes, &DecodeOptions::default(), &spec(16)).unwrap();
    // Only what is made ready for a model has a signature.
    assert!(facts.signature.take().is_some());
    assert_eq!(&facts, decode(&bytes, &Limits::default()).unwrap().facts());
    assert_eq!((facts.width, facts.height), (613, 477));
}

#[test]
fn a_thumbnail_beside_the_input_changes_nothing_else() {
    let bytes = jpeg(613, 477, true);
    let options = DecodeOptions::default();
    let both = |longest| decode_prepared_with_thumbnail(&bytes, &options, &spec(32), longest);
    let (facts, prepared) = decode_prepared(&bytes, &options, &spec(32)).unwrap();
    let (same_facts, same, thumbnail) = both(100).unwrap();
    assert!(facts == same_facts && prepared == same, "the model's pixels are enough for both");
    let thumbnail = decode(&thumbnail.unwrap(), &Limits::default()).unwrap();
    assert_eq!((thumbnail.width(), thumbnail.height()), (100, 78));
    let (_, larger, thumbnail) = both(300).unwrap();
    assert!(thumbnail.is_some() && larger != prepared, "more pixels for a larger one");
    assert_eq!(both(307).unwrap().2, None, "at most twice as long");
}

#[test]
fn a_reduced_picture_needs_less_memory_but_the_pixel_limit_holds() {
    let bytes = jpeg(1024, 1024, true);
    let tight = Limits { max_decoded_bytes: 1 << 20, ..Limits::default() };
    assert!(decode(&bytes, &tight).is_err());
    assert!(decode_prepared(&bytes, &DecodeOptions::from(&tight), &spec(32)).is_ok());
    let few = Limits { max_pixels: 1 << 19, ..Limits::default() };
    assert!(decode_prepared(&bytes, &DecodeOptions::from(&few), &spec(32)).is_err());
}

#[test]
fn cut_and_flipped_files_give_what_the_general_decoder_gives_or_a_picture() {
    let bytes = jpeg(203, 150, true);
    let mut random = Random(0x5eed);
    let mut damaged: Vec<Vec<u8>> =
        (0..bytes.len()).step_by(bytes.len() / 150).map(|n| bytes[..n].to_vec()).collect();
    for round in 0..400 {
        let reach = if round % 2 == 0 { bytes.len() } else { 700 };
        let mut copy = bytes.clone();
        for _ in 0..1 + random.below(6) {
            copy[random.below(reach)] ^= 1 << random.below(8);
        }
        damaged.push(copy);
    }
    let limits = Limits { max_pixels: 1 << 20, ..Limits::default() };
    let mut read = 0;
    for copy in &damaged {
        if let Ok((facts, prepared)) =
            decode_prepared(copy, &DecodeOptions::from(&limits), &spec(16))
        {
            assert_eq!(prepared.rgb().len(), 16 * 16 * 3);
            assert!(facts.width > 0);
            read += 1;
        }
    }
    assert!(read > 50 && read < damaged.len(), "{read} of {}", damaged.len());
}

#[test]
fn real_photos_of_every_sampling_and_orientation() {
    let Some(library) = common::library() else { return };
    let (mut compared, mut changed) = (0, 0);
    for folder in ["camera", "photo-exif-samples", "exif-orientation"] {
        for path in common::files_below(&library.join(folder)) {
            let bytes = fs::read(&path).unwrap();
            let Ok(photo) = decode(&bytes, &Limits::default()) else { continue };
            let whole = photo.prepare(&spec(48));
            let difference = mean_difference(&whole, &reduced(&bytes, 48));
            assert!(difference < 1.6, "{}: {difference}", path.display());
            compared += 1;
            changed += u32::from(difference > 0.0);
        }
    }
    assert!(compared > 100 && changed > 60, "{changed} of {compared}");
}
