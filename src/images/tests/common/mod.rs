//! Where the test data lies.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's `tests/fixtures`.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

/// The library of real camera files, odd and broken ones; `None`, with a message, where absent.
///
/// Looked for under `SEER_TEST_DATA`, else beside the workspace in `../shared/data`.
pub fn library() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("SEER_TEST_DATA").map_or(beside, PathBuf::from);
    let library = data.join("library");
    if library.is_dir() {
        return Some(library);
    }
    eprintln!("skipped: no photos at {} (set SEER_TEST_DATA)", library.display());
    None
}

/// The tensors of `jpeg/golden.safetensors`: JPEG files of every kind, and their pixels.
pub fn golden_jpegs() -> Vec<u8> {
    fs::read(fixtures().join("jpeg/golden.safetensors")).unwrap()
}

/// The tensors of `formats/golden.safetensors`: files of many formats and kinds, and what they show.
pub fn golden_formats() -> Vec<u8> {
    fs::read(fixtures().join("formats/golden.safetensors")).unwrap()
}

/// Names, files and the PNG files of what they show.
pub fn shown(goldens: &[u8]) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let tensors = safetensors::SafeTensors::deserialize(goldens).unwrap();
    let mut names: Vec<String> = tensors.names().into_iter().map(String::from).collect();
    names.retain(|name| !name.ends_with(" pixels"));
    names.sort();
    let bytes = |name: &str| tensors.tensor(name).unwrap().data().to_vec();
    names
        .into_iter()
        .map(|name| (name.clone(), bytes(&name), bytes(&format!("{name} pixels"))))
        .collect()
}

/// How far a picture's thumbnail, as people see it, is from a PNG file: the mean over all levels, and
/// the largest mean over squares of 8 pixels.
pub fn distance(file: &[u8], png: &[u8]) -> Result<(f64, f64), seer_images::ImageError> {
    use seer_images::{DecodeOptions, Limits, decode, decode_thumbnail};
    let thumbnail = decode_thumbnail(file, &DecodeOptions::default(), 2000)?;
    let open = |bytes: &[u8]| decode(bytes, &Limits::default()).unwrap();
    let (seen, expected) = (open(&thumbnail), open(png));
    assert_eq!((seen.width(), seen.height()), (expected.width(), expected.height()));
    let spec = |edge: u32| seer_types::PreprocessSpec {
        width: expected.width().div_ceil(edge),
        height: expected.height().div_ceil(edge),
        resize: seer_types::ResizeMode::Squash,
        interpolation: seer_types::Interpolation::Bilinear,
        crop: seer_types::CropRounding::Floor,
        order: seer_types::ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    let levels = |edge| {
        let (a, b) = (seen.prepare(&spec(edge)), expected.prepare(&spec(edge)));
        let pairs = a.rgb().iter().zip(b.rgb());
        pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).collect::<Vec<_>>()
    };
    let all = levels(1);
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    Ok((mean, levels(8).into_iter().fold(0.0, f64::max)))
}

/// All files below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
