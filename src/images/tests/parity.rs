//! Prepared pixels against what Hugging Face processors and OpenCLIP transforms gave for the
//! same files (`tests/fixtures/make`): they must agree to the bit, JPEG files too.

mod common;

use std::collections::HashMap;
use std::fs;

use safetensors::SafeTensors;
use seer_images::{Limits, Photo, decode, decode_raw_orientation};
use seer_types::{
    ColorOrder, CropRounding, Interpolation, PreparedImage, PreprocessSpec, ResizeMode,
};

const CLIP_MEAN: [f32; 3] = [0.48145466, 0.4578275, 0.40821073];
const CLIP_STD: [f32; 3] = [0.268_629_54, 0.261_302_6, 0.275_777_1];

/// The references clip 16-bit grey at 255; we scale it (see `Photo::prepare`).
const CLIPPED_BY_REFERENCES: &str = "9_gray16.png";

fn spec(side: u32, resize: ResizeMode, order: ColorOrder) -> PreprocessSpec {
    let crop = match order {
        ColorOrder::ConvertFirst => CropRounding::Floor,
        ColorOrder::ResizeFirst => CropRounding::HalfToEven,
    };
    PreprocessSpec {
        width: side,
        height: side,
        resize,
        interpolation: Interpolation::Bicubic,
        crop,
        order,
        mean: CLIP_MEAN,
        std: CLIP_STD,
    }
}

fn halves(mut spec: PreprocessSpec) -> PreprocessSpec {
    (spec.mean, spec.std) = ([0.5; 3], [0.5; 3]);
    spec
}

struct Expected {
    bytes: Vec<u8>,
    images: Vec<String>,
    exif_rows: Vec<String>,
}

impl Expected {
    fn read(set: &str) -> Self {
        let folder = common::fixtures().join(set);
        let notes = fs::read(folder.join("texts.json"))
            .or_else(|_| fs::read(folder.join("open_clip_config.json")))
            .unwrap();
        let notes: serde_json::Value = serde_json::from_slice(&notes).unwrap();
        let names = |key: &str| -> Vec<String> {
            let list = notes[key].as_array().cloned().unwrap_or_default();
            list.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
        };
        Self {
            bytes: fs::read(folder.join("expected.safetensors")).unwrap(),
            images: names("images"),
            exif_rows: names("exif_rows"),
        }
    }

    /// `pixel_values` `[n, 3, h, w]` back to 8-bit levels, interleaved, by image.
    fn levels(
        &self,
        tensor: &str,
        rows: &[String],
        spec: &PreprocessSpec,
    ) -> HashMap<String, Vec<u8>> {
        let tensors = SafeTensors::deserialize(&self.bytes).unwrap();
        let view = tensors.tensor(tensor).unwrap();
        assert_eq!(view.shape()[0], rows.len());
        let values: Vec<f32> =
            view.data().as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
        let area = (spec.width * spec.height) as usize;
        let level = |image: &[f32], i: usize| {
            let channel = i % 3;
            let value = image[channel * area + i / 3];
            ((value * spec.std[channel] + spec.mean[channel]) * 255.0).round() as u8
        };
        let images = values.chunks_exact(area * 3);
        let levels = images.map(|image| (0..area * 3).map(|i| level(image, i)).collect());
        rows.iter().cloned().zip(levels).collect()
    }

    fn bytes_of(&self, tensor: &str) -> HashMap<String, Vec<u8>> {
        let tensors = SafeTensors::deserialize(&self.bytes).unwrap();
        let view = tensors.tensor(tensor).unwrap();
        let rows = view.data().chunks_exact(view.data().len() / self.images.len());
        self.images.iter().cloned().zip(rows.map(<[u8]>::to_vec)).collect()
    }
}

fn photo(name: &str, upright: bool) -> Photo {
    let bytes = fs::read(common::fixtures().join("images").join(name)).unwrap();
    let decoded = if upright {
        decode(&bytes, &Limits::default())
    } else {
        decode_raw_orientation(&bytes, &Limits::default())
    };
    decoded.unwrap()
}

/// Largest difference and mean difference, in levels of 255.
fn difference(ours: &PreparedImage, theirs: &[u8]) -> (u8, f64) {
    assert_eq!(ours.rgb().len(), theirs.len());
    let differences: Vec<u8> = ours.rgb().iter().zip(theirs).map(|(a, b)| a.abs_diff(*b)).collect();
    let sum: f64 = differences.iter().map(|d| f64::from(*d)).sum();
    (differences.iter().copied().max().unwrap(), sum / differences.len() as f64)
}

fn assert_rows(expected: &HashMap<String, Vec<u8>>, spec: &PreprocessSpec, upright: bool) {
    for (name, theirs) in expected {
        if name == CLIPPED_BY_REFERENCES {
            continue;
        }
        let ours = photo(name, upright).prepare(spec);
        let (largest, mean) = difference(&ours, theirs);
        assert_eq!(largest, 0, "{name} with {spec:?}: mean {mean}");
    }
}

#[test]
fn hugging_face_shortest_edge_and_crop() {
    let expected = Expected::read("clip-tiny");
    let spec = spec(48, ResizeMode::ShortestEdge(48), ColorOrder::ConvertFirst);
    assert_eq!(expected.images.len(), 11);
    assert_rows(&expected.bytes_of("cropped_u8"), &spec, false);
    assert_rows(&expected.levels("pixel_values", &expected.images, &spec), &spec, false);
}

#[test]
fn hugging_face_after_the_exif_orientation() {
    let expected = Expected::read("clip-tiny");
    let spec = spec(48, ResizeMode::ShortestEdge(48), ColorOrder::ConvertFirst);
    assert_eq!(expected.exif_rows, ["4_exif6.jpg"]);
    let rows = expected.levels("pixel_values_exif", &expected.exif_rows, &spec);
    assert_rows(&rows, &spec, true);
    let sideways = photo("4_exif6.jpg", false).prepare(&spec);
    assert!(difference(&sideways, &rows["4_exif6.jpg"]).1 > 10.0);
}

#[test]
fn hugging_face_square_in_two_filters() {
    for (set, interpolation) in [
        ("siglip-tiny", Interpolation::Bicubic),
        ("siglip2-tiny", Interpolation::Bilinear),
        ("chinese-clip-tiny", Interpolation::Bicubic),
    ] {
        let expected = Expected::read(set);
        let mut spec = spec(48, ResizeMode::Squash, ColorOrder::ConvertFirst);
        spec.interpolation = interpolation;
        assert_rows(&expected.bytes_of("cropped_u8"), &spec, false);
    }
}

#[test]
fn openclip_shortest_edge_and_crop() {
    for (set, side) in [("oc-vit-gelu", 48), ("oc-rn50", 64), ("oc-convnext", 64)] {
        let expected = Expected::read(set);
        let spec = spec(side, ResizeMode::ShortestEdge(side), ColorOrder::ResizeFirst);
        assert_eq!(expected.images.len(), 11);
        assert_rows(&expected.levels("pixel_values", &expected.images, &spec), &spec, false);
    }
}

#[test]
fn openclip_square_in_two_filters() {
    for (set, interpolation) in
        [("oc-siglip", Interpolation::Bicubic), ("oc-pe-core", Interpolation::Bilinear)]
    {
        let expected = Expected::read(set);
        let mut spec = halves(spec(48, ResizeMode::Squash, ColorOrder::ResizeFirst));
        spec.interpolation = interpolation;
        assert_rows(&expected.levels("pixel_values", &expected.images, &spec), &spec, false);
    }
}

/// The references turn nearly all of a 16-bit grey picture white. Ours equals the same picture
/// stored with 8 bits (the fixture's values are 257 times an 8-bit value).
#[test]
fn sixteen_bit_grey_is_scaled_where_the_references_clip_it() {
    let expected = Expected::read("clip-tiny");
    let clipped = &expected.bytes_of("cropped_u8")[CLIPPED_BY_REFERENCES];
    let white = clipped.iter().filter(|value| **value == 255).count();
    assert!(white * 10 > clipped.len() * 9, "{white} of {}", clipped.len());

    let spec = spec(40, ResizeMode::Squash, ColorOrder::ConvertFirst);
    let stored = photo(CLIPPED_BY_REFERENCES, false);
    assert_eq!((stored.width(), stored.height()), (40, 40));
    let levels = stored.prepare(&spec);
    let eight_bit: Vec<u8> = levels.rgb().as_chunks::<3>().0.iter().map(|p| p[0]).collect();
    let pgm = [b"P5 40 40 255\n".to_vec(), eight_bit].concat();
    let eight_bit = decode(&pgm, &Limits::default()).unwrap();
    for order in [ColorOrder::ConvertFirst, ColorOrder::ResizeFirst] {
        let spec = self::spec(48, ResizeMode::ShortestEdge(48), order);
        assert_eq!(stored.prepare(&spec), eight_bit.prepare(&spec));
        let levels: std::collections::HashSet<u8> =
            stored.prepare(&spec).rgb().iter().copied().collect();
        assert!(levels.len() > 100, "only {} levels", levels.len());
    }
}
