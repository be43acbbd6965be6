//! Real camera files, odd ones and broken ones: each gives a photo or a reason, none a panic.
//! Skipped with a message where the data is absent (see `tests/common`).

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use seer_images::{FileKind, ImageError, Limits, Photo, decode, file_kind, looks_like_picture};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};

fn spec(order: ColorOrder) -> PreprocessSpec {
    PreprocessSpec {
        width: 32,
        height: 32,
        resize: ResizeMode::ShortestEdge(32),
        interpolation: Interpolation::Bicubic,
        crop: CropRounding::Floor,
        order,
        mean: [0.5; 3],
        std: [0.5; 3],
    }
}

fn open(path: &Path) -> Result<Photo, ImageError> {
    decode(&fs::read(path).unwrap(), &Limits::default())
}

#[test]
fn every_file_gives_a_photo_or_a_reason() {
    let Some(library) = common::library() else { return };
    let files = common::files_below(&library);
    assert!(files.len() > 1000, "only {} files", files.len());
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for path in &files {
        let outcome = match open(path) {
            Ok(photo) => {
                check(&photo, path);
                format!("read {}", photo.facts().format)
            }
            Err(error) => {
                let text = error.to_string();
                assert!(!text.contains('\n') && text.len() > 20, "{}: {text}", path.display());
                eprintln!("{}: {text}", path.strip_prefix(&library).unwrap().display());
                format!("{:?}", error.kind())
            }
        };
        *counts.entry(outcome).or_default() += 1;
    }
    eprintln!("{counts:#?}");
}

fn check(photo: &Photo, path: &Path) {
    let facts = photo.facts();
    assert_eq!((facts.width, facts.height), (photo.width(), photo.height()));
    for order in [ColorOrder::ConvertFirst, ColorOrder::ResizeFirst] {
        assert_eq!(photo.prepare(&spec(order)).rgb().len(), 32 * 32 * 3);
    }
    let thumbnail = decode(&photo.thumbnail(64), &Limits::default());
    let thumbnail = thumbnail.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(thumbnail.width().max(thumbnail.height()) <= 64);
    if let Some(place) = facts.position {
        assert!(place.latitude.abs() <= 90.0 && place.longitude.abs() <= 180.0);
    }
}

#[test]
fn ordinary_photos_are_all_read() {
    let Some(library) = common::library() else { return };
    let mut read = 0;
    for folder in ["camera", "photo-exif-samples", "exif-orientation"] {
        for path in common::files_below(&library.join(folder)) {
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
            if matches!(extension, "jpg" | "jpeg" | "tiff") {
                let result = open(&path);
                assert!(result.is_ok(), "{}: {}", path.display(), result.unwrap_err());
                read += 1;
            }
        }
    }
    assert!(read > 100, "only {read}");
}

#[test]
fn all_orientations_of_a_picture_look_alike() {
    let Some(library) = common::library() else { return };
    let spec = PreprocessSpec { width: 96, height: 96, ..spec(ColorOrder::ConvertFirst) };
    let spec = PreprocessSpec { resize: ResizeMode::Squash, ..spec };
    for shape in ["Landscape", "Portrait"] {
        let name = |n: u32| library.join(format!("exif-orientation/{shape}_{n}.jpg"));
        let upright = open(&name(1)).unwrap();
        for n in 2..=8 {
            let turned = open(&name(n)).unwrap();
            assert_eq!((turned.width(), turned.height()), (upright.width(), upright.height()));
            let (a, b) = (upright.prepare(&spec), turned.prepare(&spec));
            let differences = a.rgb().iter().zip(b.rgb()).map(|(a, b)| f64::from(a.abs_diff(*b)));
            let mean = differences.sum::<f64>() / a.rgb().len() as f64;
            assert!(mean < 4.0, "{shape}_{n}: mean difference {mean}");
        }
    }
}

#[test]
fn a_bitmap_of_six_billion_pixels_is_refused() {
    let Some(library) = common::library() else { return };
    let claims = common::files_below(&library.join("image-rs-tests/tests/bad/bmp"));
    let refused = claims.iter().filter(|path| {
        matches!(open(path), Err(ImageError::TooLarge { found, .. }) if found.contains("3000000 x 2000000"))
    });
    assert!(refused.count() >= 1);
}

#[test]
fn names_and_contents_agree() {
    let Some(library) = common::library() else { return };
    let (mut pictures, mut recognised) = (0, 0);
    for path in common::files_below(&library.join("photo-exif-samples")) {
        let bytes = fs::read(&path).unwrap();
        let head = &bytes[..bytes.len().min(seer_images::SNIFF_BYTES)];
        if file_kind(&path) == FileKind::Picture {
            pictures += 1;
            recognised += u32::from(looks_like_picture(head));
        }
    }
    assert!(pictures > 30 && recognised * 10 >= pictures * 9, "{recognised} of {pictures}");
}
