//! Damage on purpose: pictures cut at many places and with bits flipped never panic, and a
//! photo that comes out is whole. Seeds are fixed; `SEER_MUTATIONS=20 cargo test -p seer-images
//! --test mutations` tries 20 times as many.
//!
//! Only foreign decoders run behind a guard: a panic of our own code fails these tests.

mod common;

use std::fs;
use std::path::PathBuf;

use safetensors::SafeTensors;
use seer_images::{DecodeOptions, Limits, decode, decode_prepared, decode_thumbnail};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};

/// Small enough that a flipped size cannot make the test slow.
const LIMITS: Limits =
    Limits { max_file_bytes: 1 << 20, max_pixels: 1 << 20, max_decoded_bytes: 1 << 24 };

fn pictures() -> Vec<(PathBuf, Vec<u8>)> {
    let files = common::files_below(&common::fixtures().join("images"));
    let pictures: Vec<_> = files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e != "json"))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    assert!(pictures.len() >= 11);
    pictures
}

/// Decodes and uses the result; returns whether there was one.
fn survives(bytes: &[u8]) -> bool {
    let spec = PreprocessSpec {
        width: 8,
        height: 8,
        resize: ResizeMode::ShortestEdge(8),
        interpolation: Interpolation::Bicubic,
        crop: CropRounding::HalfToEven,
        order: ColorOrder::ResizeFirst,
        mean: [0.5; 3],
        std: [0.5; 3],
    };
    let options = DecodeOptions::from(&LIMITS);
    let is_read = decode(bytes, &LIMITS).is_ok();
    // Reduced pictures have loops of their own.
    let prepared = decode_prepared(bytes, &options, &spec);
    assert!(prepared.is_ok() || !is_read, "{prepared:?}");
    assert!(decode_thumbnail(bytes, &options, 8).is_ok() || !is_read);
    match decode(bytes, &LIMITS) {
        Ok(photo) => {
            assert_eq!(photo.prepare(&spec).rgb().len(), 8 * 8 * 3);
            assert!(photo.thumbnail(8).starts_with(&[0xff, 0xd8]));
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

/// How many times as many rounds are asked for.
fn times() -> usize {
    std::env::var("SEER_MUTATIONS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
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

/// The goldens of further formats, of each kind one.
#[test]
fn files_of_further_formats_never_panic() {
    let files = common::shown(&common::golden_formats());
    let mut random = Random(77);
    for (name, file, _) in &files {
        for _ in 0..12 * times() {
            let mut bytes = file.clone();
            if random.below(3) == 0 {
                bytes.truncate(random.below(bytes.len()));
            }
            for _ in 0..1 + random.below(5) {
                if bytes.is_empty() {
                    break;
                }
                // Heads are where sizes stand.
                let end = if random.below(2) == 0 { bytes.len().min(400) } else { bytes.len() };
                let at = random.below(end);
                bytes[at] =
                    [0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1 << random.below(8)][random.below(6)];
            }
            // A guard inside of a guard: the message names the file.
            let outcome = std::panic::catch_unwind(|| survives(&bytes));
            assert!(outcome.is_ok(), "{name}: {:02x?}", &bytes[..bytes.len().min(300)]);
        }
    }
}

#[test]
fn untouched_pictures_are_read() {
    for (path, bytes) in pictures() {
        assert!(survives(&bytes), "{}", path.display());
    }
}

#[test]
fn cut_pictures_never_panic_and_early_cuts_are_refused() {
    for (path, bytes) in pictures() {
        let step = (bytes.len() / 200).max(1);
        for length in (0..bytes.len()).step_by(step) {
            let read = survives(&bytes[..length]);
            assert!(!read || length * 4 > bytes.len(), "{} cut at {length}", path.display());
        }
    }
}

#[test]
fn a_jpeg_cut_late_is_shown_and_one_cut_early_is_damaged() {
    for name in ["0_landscape.jpg", "4_exif6.jpg", "7_cmyk.jpg"] {
        let bytes = fs::read(common::fixtures().join("images").join(name)).unwrap();
        assert!(decode(&bytes[..bytes.len() * 9 / 10], &LIMITS).is_ok(), "{name}");
        let early = decode(&bytes[..bytes.len() * 2 / 10], &LIMITS).unwrap_err();
        assert!(early.to_string().contains("cut off"), "{name}: {early}");
    }
}

/// Flips up to eight bits: in every other round among the first bytes, because headers are short.
fn flipped(bytes: &[u8], round: usize, random: &mut Random) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    let reach = if round.is_multiple_of(2) { bytes.len() } else { bytes.len().min(700) };
    for _ in 0..1 + random.below(8) {
        damaged[random.below(reach)] ^= 1 << random.below(8);
    }
    damaged
}

#[test]
fn flipped_bits_never_panic() {
    let mut random = Random(0x5eed_5eed_5eed_5eed);
    for (_, bytes) in pictures() {
        for round in 0..150 * times() {
            survives(&flipped(&bytes, round, &mut random));
        }
    }
}

#[test]
fn jpegs_of_every_kind_survive_cuts_and_flips() {
    let golden = common::golden_jpegs();
    let mut tensors = SafeTensors::deserialize(&golden).unwrap().tensors();
    tensors.retain(|(name, _)| !name.ends_with(" pixels"));
    tensors.sort_by(|a, b| a.0.cmp(&b.0));
    let mut random = Random(0x00de_c0de);
    let (mut read, mut all) = (0, 0);
    for (name, file) in tensors {
        let bytes = file.data();
        assert!(survives(bytes), "{name}");
        let cuts =
            (0..bytes.len()).step_by(bytes.len() / 50).map(|length| bytes[..length].to_vec());
        let flips = (0..150 * times()).map(|round| flipped(bytes, round, &mut random));
        for damaged in cuts.chain(flips) {
            read += usize::from(survives(&damaged));
            all += 1;
        }
    }
    assert!(read * 10 > all && read * 10 < all * 9, "{read} of {all}");
}

#[test]
fn random_bytes_behind_every_signature_never_panic() {
    let mut random = Random(0xfeed_beef);
    let signatures: [&[u8]; 14] = [
        b"\xff\xd8\xff\xe1",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"RIFF\x20\0\0\0WEBPVP8 ",
        b"RIFF\x20\0\0\0WEBPVP8L",
        b"\0\0\x01\0\x01\0",
        b"P6 4 4 255\n",
        b"qoif\0\0\0\x04\0\0\0\x04\x03\0",
        b"#?RADIANCE\n",
        b"farbfeld\0\0\0\x04\0\0\0\x04",
        b"\0\0\x02",
    ];
    for signature in signatures {
        for _ in 0..60 * times() {
            let mut bytes = signature.to_vec();
            let length = 16 + random.below(400);
            bytes.extend(std::iter::repeat_with(|| random.below(256) as u8).take(length));
            survives(&bytes);
        }
    }
}
