//! Picture files.

use std::ffi::OsStr;
use std::path::Path;

use seer_images::{
    DecodeOptions, Limits, decode, decode_prepared, decode_raw_orientation, looks_like_picture,
};
use seer_types::{ColorOrder, CropRounding, Interpolation, PreprocessSpec, ResizeMode};

/// Small, so that the time goes into many pictures and not into large ones.
const LIMITS: Limits =
    Limits { max_file_bytes: 1 << 20, max_pixels: 1 << 20, max_decoded_bytes: 64 << 20 };

/// Our own decoder: whatever does not begin as a JPEG is made to.
pub fn jpeg(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xd8, ..] => any(bytes),
        _ => any(&[&[0xff, 0xd8], bytes].concat()),
    }
}

/// Every way to decode a picture.
pub fn any(bytes: &[u8]) -> bool {
    let Ok(photo) = decode(bytes, &LIMITS) else { return false };
    let pixels = u64::from(photo.width()) * u64::from(photo.height());
    assert!((1..=LIMITS.max_pixels).contains(&pixels), "{photo:?}");
    assert!(photo.thumbnail(100).starts_with(&[0xff, 0xd8]));
    for resize in [ResizeMode::ShortestEdge(32), ResizeMode::LongestEdge { fill: 0 }] {
        let whole = photo.prepare(&spec(resize));
        assert_eq!((whole.width(), whole.height()), (32, 32));
    }
    let (facts, small) =
        decode_prepared(bytes, &DecodeOptions::from(&LIMITS), &spec(ResizeMode::Squash))
            .expect("what can be decoded whole can be decoded small");
    assert_eq!((facts.width, facts.height), (photo.width(), photo.height()));
    assert_eq!((small.width(), small.height()), (32, 32));
    let stored = decode_raw_orientation(bytes, &LIMITS).expect("as without orientation");
    assert_eq!(u64::from(stored.width()) * u64::from(stored.height()), pixels);
    true
}

fn spec(resize: ResizeMode) -> PreprocessSpec {
    PreprocessSpec {
        width: 32,
        height: 32,
        resize,
        interpolation: Interpolation::Bicubic,
        crop: CropRounding::Floor,
        order: ColorOrder::ResizeFirst,
        mean: [0.5; 3],
        std: [0.5; 3],
    }
}

/// What a file is taken for by its first bytes and by its name.
pub fn kind(bytes: &[u8]) -> bool {
    let (start, name) = bytes.split_at(bytes.len().min(64));
    seer_images::file_kind(Path::new(&*String::from_utf8_lossy(name)));
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        seer_images::file_kind(Path::new(OsStr::from_bytes(bytes)));
    }
    looks_like_picture(start)
}
