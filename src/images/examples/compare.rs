//! Decodes pictures and says how far their thumbnails are from expected ones:
//! `cargo run -p seer-images --example compare FILE [EXPECTED.png] ...`; without an expectation, how
//! long decoding takes and what the file is.

use std::time::Instant;

use seer_images::{DecodeOptions, Limits, decode, decode_thumbnail};

/// Mean over squares of 16 pixels, as levels of 256: the largest.
fn distance(a: &[u8], b: &[u8], expected: &[u8]) -> Option<f64> {
    let open = |bytes: &[u8]| decode(bytes, &Limits::default()).ok();
    let (a, b) = (open(a)?, open(b)?);
    let spec = |photo: &seer_images::Photo| seer_types::PreprocessSpec {
        width: photo.width().div_ceil(8),
        height: photo.height().div_ceil(8),
        resize: seer_types::ResizeMode::Squash,
        interpolation: seer_types::Interpolation::Bilinear,
        crop: seer_types::CropRounding::Floor,
        order: seer_types::ColorOrder::ConvertFirst,
        mean: [0.0; 3],
        std: [1.0; 3],
    };
    let expected = open(expected)?;
    let spec = spec(&expected);
    let (a, b) = (a.prepare(&spec), b.prepare(&spec));
    let sum: f64 = a.rgb().iter().zip(b.rgb()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    Some(sum / a.rgb().len() as f64)
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.first().is_some_and(|first| first == "worker") {
        seer_images::serve_worker().expect("requests");
        return;
    }
    let program = std::env::current_exe().expect("this program");
    seer_images::set_worker(program, vec!["worker".into()]);
    let mut at = 0;
    while let Some(file) = files.get(at) {
        at += 1;
        let bytes = std::fs::read(file).expect("a file");
        let begin = Instant::now();
        let result = decode(&bytes, &Limits::default());
        let took = begin.elapsed();
        match result {
            Ok(photo) => {
                print!("{file}: {photo:?} in {took:.1?}");
                drop(photo);
                let begin = Instant::now();
                let thumbnail = decode_thumbnail(&bytes, &DecodeOptions::default(), 1024);
                print!(", as thumbnail {:.1?}", begin.elapsed());
                if let (Some(expected), Ok(thumbnail)) =
                    (files.get(at).filter(|f| f.ends_with(".png")), thumbnail)
                {
                    let expected = std::fs::read(expected).expect("a file");
                    print!(", off by {:.1?}", distance(&thumbnail, &expected, &expected));
                    at += 1;
                }
                println!();
            }
            Err(error) => {
                println!("{file}: {error}");
                at += usize::from(files.get(at).is_some_and(|f| f.ends_with(".png")));
            }
        }
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        println!("{}", peak.unwrap_or_default());
    }
}
