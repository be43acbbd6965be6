//! Videos as far as this process reads them: their containers, and frames coded as JPEG. Other frames are
//! decoded in a process of their own, which there is none of here.

use std::io::Cursor;
use std::path::Path;

use seer_images::{DecodeOptions, ImageError, Limits, decode_video_thumbnail, is_video};

/// Small, so that the time goes into many containers and not into large frames.
const LIMITS: Limits =
    Limits { max_file_bytes: 1 << 20, max_pixels: 1 << 20, max_decoded_bytes: 64 << 20 };

/// Understood: a frame, or one that is only lacking its decoder.
pub fn run(bytes: &[u8]) -> bool {
    is_video(bytes);
    let options = DecodeOptions::from(&LIMITS);
    match decode_video_thumbnail(&mut Cursor::new(bytes), Path::new("x"), &options, 100) {
        Ok(jpeg) => jpeg.starts_with(&[0xff, 0xd8]),
        Err(ImageError::Unsupported { what, .. }) => what == "videos",
        Err(_) => false,
    }
}
