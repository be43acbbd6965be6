//! JPEG pixels against Pillow's (libjpeg-turbo), which must be the same to the bit: every
//! sampling, sequential and progressive, with restart markers, at odd sizes.

mod common;

use std::collections::BTreeMap;

use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use seer_images::{Limits, decode_raw_orientation};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};

/// The decoded pixels: preparing a picture at its own size changes none.
fn pixels(bytes: &[u8], name: &str) -> (usize, usize, Vec<u8>) {
    let photo = decode_raw_orientation(bytes, &Limits::default());
    let photo = photo.unwrap_or_else(|error| panic!("{name}: {error}"));
    let spec = PreprocessSpec {
        width: photo.width(),
        height: photo.height(),
        resize: ResizeMode::Squash,
        interpolation: Interpolation::Bicubic,
        crop: CropRounding::Floor,
        order: ColorOrder::ConvertFirst,
        mean: [0.5; 3],
        std: [0.5; 3],
    };
    let size = (photo.width() as usize, photo.height() as usize);
    (size.0, size.1, photo.prepare(&spec).rgb().to_vec())
}

/// As RGB; grey pictures are stored with one channel.
fn expected(view: &TensorView) -> (usize, usize, Vec<u8>) {
    let shape = view.shape();
    let repeat = if shape.len() == 2 { 3 } else { 1 };
    let data = view.data().iter().flat_map(|level| std::iter::repeat_n(*level, repeat));
    (shape[1], shape[0], data.collect())
}

#[test]
fn every_kind_of_file_gives_pillows_pixels() {
    let bytes = common::golden_jpegs();
    let tensors: BTreeMap<_, _> =
        SafeTensors::deserialize(&bytes).unwrap().tensors().into_iter().collect();
    let files = tensors.iter().filter(|(name, _)| !name.ends_with(" pixels"));
    let mut count = 0;
    for (name, file) in files {
        let expected = expected(&tensors[&format!("{name} pixels")]);
        let found = pixels(file.data(), name);
        assert_eq!((found.0, found.1), (expected.0, expected.1), "{name}");
        let differ = found.2.iter().zip(&expected.2).filter(|(a, b)| a != b).count();
        assert_eq!(differ, 0, "{name}: {differ} of {} values differ", expected.2.len());
        count += 1;
    }
    assert_eq!(count, 90);
}

/// `SEER_PILLOW_SUMS` names a file that `tests/fixtures/make/jpeg_sums.py` wrote.
#[test]
#[ignore = "needs Pillow's sums of a folder of photos"]
fn a_folder_of_photos_gives_pillows_pixels() {
    let sums = std::env::var("SEER_PILLOW_SUMS").expect("SEER_PILLOW_SUMS names a file");
    let sums = std::fs::read_to_string(sums).unwrap();
    let (mut same, mut other) = (0, 0);
    for line in sums.lines() {
        let (sum, path) = line.split_once('\t').unwrap();
        let (width, height, pixels) = pixels(&std::fs::read(path).unwrap(), path);
        if format!("{width}x{height} {:08x}", adler32(&pixels)) == sum {
            same += 1;
        } else {
            println!("differs: {path}");
            other += 1;
        }
    }
    println!("{same} files to the bit, {other} not");
    assert!(same > 0 && other == 0);
}

/// RFC 1950, section 9.
fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}
