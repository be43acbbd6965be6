//! Files of many formats and kinds look as other programs show them (`tests/fixtures/make`).
//! AVIF is tested in `tests/worker.rs`.

mod common;

use common::{distance, golden_formats, shown};
use seer_images::{Limits, decode, decode_raw_orientation, looks_like_picture};

/// Whether this build reads a golden file by itself.
fn is_read_here(name: &str) -> bool {
    let is_heic = name.contains("heic");
    !name.contains("avif") && (cfg!(feature = "heic") || !is_heic)
}

#[test]
fn every_kind_looks_as_other_programs_show_it() {
    let goldens = golden_formats();
    let mut wrong = Vec::new();
    let files = shown(&goldens);
    assert!(files.len() > 100, "only {}", files.len());
    for (name, file, expected) in files.iter().filter(|(name, _, _)| is_read_here(name)) {
        assert!(looks_like_picture(file), "{name}");
        match distance(file, expected) {
            // Of what is cut off, a few rows are grey; pages are black and white at every pixel.
            Ok((mean, _)) if name.starts_with("cut") && mean < 12.0 => {}
            // Colours at edges are coarse, and coarser where a wide gamut is narrowed.
            Ok((mean, squares)) if name.starts_with("profile") && mean < 5.0 && squares < 20.0 => {}
            Ok((mean, squares)) if mean < 5.0 && squares < 12.0 => {}
            Ok((_, squares)) if name.contains("fax") && squares < 12.0 => {}
            other => wrong.push(format!("{name}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lossless_pixels_are_exact() {
    let goldens = golden_formats();
    let spec = |photo: &seer_images::Photo| seer_types::PreprocessSpec {
        width: photo.width(),
        height: photo.height(),
        resize: seer_types::ResizeMode::Squash,
        interpolation: seer_types::Interpolation::Bicubic,
        crop: seer_types::CropRounding::Floor,
        order: seer_types::ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    let lossy = ["jpeg", "webp", "alpha", "ycbcr", "cmyk", "light"];
    let mut compared = 0;
    for (name, file, expected) in shown(&goldens) {
        let is_exact = name.starts_with("tiff") || name == "jxl lossless" || name == "ico png";
        if !is_exact || lossy.iter().any(|word| name.contains(word)) {
            continue;
        }
        let open = |bytes: &[u8]| decode(bytes, &Limits::default()).unwrap();
        let (seen, expected) = (open(&file), open(&expected));
        let pixels = |photo: &seer_images::Photo| photo.prepare(&spec(photo)).rgb().to_vec();
        assert!(pixels(&seen) == pixels(&expected), "{name}");
        compared += 1;
    }
    assert!(compared > 45, "only {compared}");
}

#[test]
fn containers_say_how_a_picture_is_turned_and_who_made_it() {
    let goldens = golden_formats();
    let mut turned = 0;
    for (name, file, _) in shown(&goldens).iter().filter(|(name, _, _)| is_read_here(name)) {
        let facts = || decode(file, &Limits::default()).unwrap().facts().clone();
        if name.contains("turned") || name.starts_with("raw") && !name.contains("hidden") {
            let expected = if name == "raw cr3" { "Max" } else { "Maker" };
            assert_eq!(facts().camera_make.as_deref(), Some(expected), "{name}");
        }
        if name.contains("turned") {
            // The container is no metadata: it counts for models, too.
            let raw = decode_raw_orientation(file, &Limits::default()).unwrap();
            let upright = decode(file, &Limits::default()).unwrap();
            assert_eq!((raw.width(), raw.height()), (upright.width(), upright.height()), "{name}");
            turned += 1;
        }
    }
    assert!(turned >= 8);
}

#[test]
fn sizes_beyond_the_limits_are_refused_before_anything_is_decoded() {
    let goldens = golden_formats();
    let files = shown(&goldens);
    let file = |wanted: &str| files.iter().find(|(name, _, _)| name == wanted).unwrap().1.clone();
    // What says how large a tile is, and where the sides stand behind it.
    for (name, mark, at) in [("heic", &b"ispe"[..], 8), ("avif", &b"ispe"[..], 8)] {
        if !cfg!(feature = "heic") && name == "heic" {
            continue;
        }
        let mut bytes = file(name);
        let places: Vec<usize> =
            (0..bytes.len() - 16).filter(|i| bytes[*i..].starts_with(mark)).collect();
        assert!(!places.is_empty());
        for place in places {
            bytes[place + at..place + at + 8].copy_from_slice(&[0, 3, 0, 0, 0, 3, 0, 0]);
        }
        let error = decode(&bytes, &Limits::default()).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), seer_types::FailureKind::TooLarge, "{name}: {error}");
    }
    let mut page = file("tiff fax group4");
    // The height, and the rows of a strip, become as many as fit into their numbers.
    let entries: Vec<usize> = (0..page.len() - 12)
        .filter(|i| matches!(page[*i..*i + 4], [1 | 22, 1, 3 | 4, 0]))
        .collect();
    for entry in entries {
        page[entry + 2..entry + 12].copy_from_slice(&[4, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f]);
    }
    let error = decode(&page, &Limits::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), seer_types::FailureKind::TooLarge, "{error}");
}

#[test]
fn models_see_the_numbers_of_the_file() {
    let goldens = golden_formats();
    let files = shown(&goldens);
    let file = |wanted: &str| &files.iter().find(|(name, _, _)| name == wanted).unwrap().1;
    let open = |name: &str| decode(file(name), &Limits::default()).unwrap();
    let spec = seer_types::PreprocessSpec {
        width: 1,
        height: 1,
        resize: seer_types::ResizeMode::Squash,
        interpolation: seer_types::Interpolation::Bilinear,
        crop: seer_types::CropRounding::Floor,
        order: seer_types::ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    // The same pixels with and without a word about their light.
    let (plain, told) = (open("jxl lossless"), open("png gamma"));
    assert!(told.prepare(&spec).rgb()[1] + 20 < plain.prepare(&spec).rgb()[1]);
    let small = decode(&told.thumbnail(1), &Limits::default()).unwrap();
    assert!(small.prepare(&spec).rgb()[1] > told.prepare(&spec).rgb()[1] + 20);
}
