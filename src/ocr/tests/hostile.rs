//! Pictures that nobody takes.

use std::cell::Cell;

use seer_ocr::{Ocr, OcrError, Picture};

/// Grey values that look like nothing.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 7u32;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}

#[test]
fn every_size_is_read_or_empty() {
    let ocr = Ocr::built_in().unwrap();
    let sizes =
        [(0, 0), (1, 1), (1, 4000), (4000, 1), (7, 7), (8, 8), (9, 300), (2500, 8), (33, 31)];
    for (width, height) in sizes {
        let pixels = noise(width * height * 3);
        let lines = ocr.read_all(Picture { pixels: &pixels, width, height }, &|| false).unwrap();
        for corner in lines.iter().flat_map(|line| line.corners).flatten() {
            assert!((0.0..=1.0).contains(&corner), "{width}x{height}: {corner}");
        }
    }
}

#[test]
fn noise_and_plain_colours_hold_no_text() {
    let ocr = Ocr::built_in().unwrap();
    for pixels in [noise(200 * 150 * 3), vec![0; 200 * 150 * 3], vec![255; 200 * 150 * 3]] {
        let picture = Picture { pixels: &pixels, width: 200, height: 150 };
        assert_eq!(ocr.read(picture, &|| false).unwrap(), []);
    }
}

#[test]
fn sizes_that_lie_are_refused_and_stopping_stops() {
    let ocr = Ocr::built_in().unwrap();
    for (width, height) in [(10, 10), (usize::MAX, 3), (1 << 40, 1 << 40)] {
        let picture = Picture { pixels: &[0; 299], width, height };
        let error = ocr.read(picture, &|| false).unwrap_err();
        assert!(matches!(error, OcrError::Pixels { bytes: 299, .. }), "{error}");
    }
    let drawing = image::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/drawing03.png"));
    let drawing = drawing.unwrap().to_rgb8();
    let (width, height) = (drawing.width() as usize, drawing.height() as usize);
    let picture = Picture { pixels: drawing.as_raw(), width, height };
    for patience in [0, 1, 9, 17, 18, 25] {
        let asked = Cell::new(0);
        let stop = || asked.replace(asked.get() + 1) >= patience;
        assert!(matches!(ocr.read(picture, &stop), Err(OcrError::Stopped)), "after {patience}");
        assert_eq!(asked.get(), patience + 1);
    }
}

#[test]
fn other_files_are_named() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let error = Ocr::from_files(&folder, Default::default()).err().unwrap().to_string();
    assert!(error.contains("lacks detector.safetensors"), "{error}");
}
