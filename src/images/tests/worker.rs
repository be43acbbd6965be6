//! AVIF pictures, which are decoded in a process of their own: here it is this program again.

mod common;

use std::time::{Duration, Instant};

use common::{distance, golden_formats, shown};
use seer_images::{DecodeOptions, ImageError, Limits, Stop, decode, decode_thumbnail, has_worker};
use seer_types::FailureKind;

const WORKER: &str = "--decode-for-others";

fn main() {
    if std::env::args().any(|argument| argument == WORKER) {
        if let Err(error) = seer_images::serve_worker() {
            eprintln!("{error}");
            std::process::exit(1);
        }
        return;
    }
    // Lists of tests are asked for by tools.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let files = shown(&golden_formats());
    let avif: Vec<_> = files.into_iter().filter(|(name, _, _)| name.contains("avif")).collect();
    assert!(avif.len() > 12, "only {}", avif.len());
    without_a_worker_it_is_named(&avif[0].1);
    let program = std::env::current_exe().expect("this program");
    seer_images::set_worker(program, vec![WORKER.into()]);
    assert!(has_worker());
    every_kind_is_shown(&avif);
    damage_is_refused(&avif[0].1);
    a_stop_ends_the_worker(&avif[0].1);
    println!("AVIF pictures of {} kinds: ok", avif.len());
}

fn without_a_worker_it_is_named(file: &[u8]) {
    assert!(!has_worker());
    let error = decode(file, &Limits::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), FailureKind::Unsupported);
    assert!(error.to_string().starts_with("AVIF pictures cannot be read"), "{error}");
}

fn every_kind_is_shown(files: &[(String, Vec<u8>, Vec<u8>)]) {
    for (name, file, expected) in files {
        let (mean, squares) = distance(file, expected).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(mean < 5.0 && squares < 20.0, "{name}: {mean} {squares}");
        let photo = decode(file, &Limits::default()).unwrap();
        assert_eq!(photo.facts().format, "avif");
    }
}

/// Changed bytes give a picture or a reason, and this process lives on.
fn damage_is_refused(file: &[u8]) {
    let mut state = 5u32;
    let mut refused = 0;
    for round in 0..60 {
        let mut bytes = file.to_vec();
        if round % 3 == 0 {
            bytes.truncate(bytes.len() * (round + 1) / 61);
        }
        for _ in 0..4 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let length = bytes.len().max(1);
            if let Some(byte) = bytes.get_mut((state >> 8) as usize % length) {
                *byte ^= 1 << (state & 7);
            }
        }
        let tight = Limits { max_decoded_bytes: 32 << 20, ..Limits::default() };
        refused += u32::from(decode(&bytes, &tight).is_err());
    }
    assert!(refused > 10, "only {refused}");
}

fn a_stop_ends_the_worker(file: &[u8]) {
    let stop = Stop::new();
    stop.stop();
    let options = DecodeOptions { stop, ..DecodeOptions::default() };
    let begin = Instant::now();
    assert_eq!(decode_thumbnail(file, &options, 20), Err(ImageError::Stopped));
    assert!(begin.elapsed() < Duration::from_secs(5));
}
