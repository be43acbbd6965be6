//! From bytes to a photo: recognise, check limits, decode, turn upright, read the facts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use seer_types::{PhotoFacts, PreparedImage, PreprocessSpec};

use crate::format::{Format, Readable, could_be_tga, sniff};
use crate::metadata::{Packets, read_facts};
use crate::orient::turn_upright;
use crate::raster::Raster;
use crate::{ImageError, Limits, Photo, generic, jpeg, metadata};

/// What a decoder hands over: pixels as stored, and the raw metadata beside them.
pub(crate) struct Decoded {
    pub(crate) raster: Raster,
    pub(crate) packets: Packets,
    pub(crate) colour_profile: Option<Vec<u8>>,
}

/// Decodes a picture file's bytes; the format is told by the content.
///
/// JPEG (grey, colour, CMYK, YCCK), PNG, WebP, GIF (first frame), BMP, TIFF, ICO (largest
/// picture), Targa, PNM, QOI, Radiance HDR and farbfeld. The EXIF orientation is applied, once.
/// Pixels become 8 bit: of 16-bit values the high byte is kept (so 16-bit grey looks as it does
/// in a viewer, while the reference pipelines clip it at 255), light values from HDR files go
/// through the sRGB curve.
///
/// Ordinary JPEGs - 8 bits, Huffman codes, sequential or progressive, whole - have the very pixels
/// that libjpeg-turbo, and with it Pillow, gives them; rare kinds differ by a few levels. A JPEG
/// that ends early is decoded as far as it goes, as viewers do, with the rest grey; when
/// less than half of the rows are there it is `Damaged`. Other formats must be complete.
///
/// # Errors
/// `TooLarge` before any pixel is decoded; `Unsupported` for formats that are not read (HEIC,
/// AVIF, camera raw, …) and for bytes that are no picture; `Damaged` for the rest, also when a
/// decoder panics. Broken metadata is never an error: what cannot be read is unknown.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Photo, ImageError> {
    decode_with(bytes, limits, true, None)
}

/// [`decode`] and [`Photo::prepare`] in one, for callers who want nothing else of the pixels.
///
/// Much larger pictures than `spec` asks for need not be decoded in full: ordinary JPEGs (8 bits,
/// Huffman codes, no inks, whole) are decoded at 1/2, 1/4 or 1/8 of their sides, as long as both
/// stay at least three times as long as what they are resized to. The result is no longer that of the
/// reference pipelines to the bit; what that does to embeddings is measured in
/// `docs/PERFORMANCE.md`. Every other file gives exactly what the two steps give.
///
/// # Errors
/// As [`decode`].
pub fn decode_prepared(
    bytes: &[u8],
    limits: &Limits,
    spec: &PreprocessSpec,
) -> Result<(PhotoFacts, PreparedImage), ImageError> {
    let photo = decode_with(bytes, limits, true, Some(spec))?;
    let prepared = photo.prepare(spec);
    Ok((photo.into_facts(), prepared))
}

/// Like [`decode`], with the pixels as stored: the EXIF orientation is not applied.
///
/// The reference pipelines of the models do this; parity tests need it.
///
/// # Errors
/// As [`decode`].
pub fn decode_raw_orientation(bytes: &[u8], limits: &Limits) -> Result<Photo, ImageError> {
    decode_with(bytes, limits, false, None)
}

fn decode_with(
    bytes: &[u8],
    limits: &Limits,
    upright: bool,
    wanted: Option<&PreprocessSpec>,
) -> Result<Photo, ImageError> {
    limits.check_file(bytes.len() as u64)?;
    let format = recognise(bytes)?;
    let mut decoded = guarded(format.name(), || decode_pixels(bytes, format, limits, wanted))?;
    let found = guarded(format.name(), || Ok(read_facts(std::mem::take(&mut decoded.packets))))
        .unwrap_or_default();
    if upright {
        turn_upright(&mut decoded.raster, found.orientation);
    }
    let mut facts = found.facts;
    facts.format = format.name().to_owned();
    (facts.width, facts.height) = decoded.raster.full;
    Ok(Photo::new(decoded.raster, facts, decoded.colour_profile))
}

/// Runs foreign code; a panic inside it becomes `Damaged`.
fn guarded<T>(format: &str, work: impl FnOnce() -> Result<T, ImageError>) -> Result<T, ImageError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(ImageError::damaged(format, "the decoder met something it was not written for"))
    })
}

fn decode_pixels(
    bytes: &[u8],
    format: Readable,
    limits: &Limits,
    wanted: Option<&PreprocessSpec>,
) -> Result<Decoded, ImageError> {
    let decoded = match format {
        Readable::Jpeg => jpeg::decode(bytes, limits, wanted),
        _ => generic::decode(bytes, format, limits),
    }?;
    let Raster { width, height, channels, data, .. } = &decoded.raster;
    let expected = *width as usize * *height as usize * channels.count();
    if expected == 0 || data.len() != expected {
        return Err(ImageError::damaged(format.name(), "it has no pixels"));
    }
    Ok(decoded)
}

/// The format, or why it is not one we read.
fn recognise(bytes: &[u8]) -> Result<Readable, ImageError> {
    match sniff(bytes) {
        Some(Format::Read(Readable::Tiff)) if metadata::is_camera_raw(bytes) => {
            Err(foreign("camera raw files"))
        }
        Some(Format::Read(format)) => Ok(format),
        Some(Format::Foreign(what)) => Err(foreign(what)),
        None if bytes.starts_with(b"\xff\xd8") => Ok(Readable::Jpeg),
        None if bytes.starts_with(b"BM") => Ok(Readable::Bmp),
        None if could_be_tga(bytes) => Ok(Readable::Tga),
        None => Err(unknown(bytes)),
    }
}

fn foreign(what: &str) -> ImageError {
    let advice = match what {
        "HEIC pictures" => {
            "export them as JPEG (on the phone, the camera setting \"most compatible\" saves JPEG)"
        }
        "camera raw files" => "save a JPEG beside them (cameras can write both)",
        "Photoshop files" | "GIMP files" => "export a flattened JPEG or PNG beside them",
        _ => "convert them to JPEG, PNG or WebP",
    };
    ImageError::Unsupported { what: what.to_owned(), advice: advice.to_owned() }
}

fn unknown(bytes: &[u8]) -> ImageError {
    if bytes.is_empty() {
        return ImageError::damaged("picture", "the file is empty");
    }
    ImageError::Unsupported {
        what: "this file".to_owned(),
        advice: "its content is no picture format seer knows; convert it to JPEG, PNG or WebP"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_types::FailureKind;

    fn refusal(bytes: &[u8]) -> ImageError {
        decode(bytes, &Limits::default()).map(|_| ()).unwrap_err()
    }

    #[test]
    fn a_panic_inside_a_decoder_is_damage() {
        let result: Result<(), _> = guarded("png", || panic!("as some decoders do"));
        assert_eq!(result.unwrap_err().kind(), FailureKind::Damaged);
    }

    #[test]
    fn formats_that_are_not_read_are_named_with_advice() {
        let heic = refusal(b"\0\0\0\x18ftypheic\0\0\0\0");
        assert_eq!(heic.kind(), FailureKind::Unsupported);
        assert!(heic.to_string().starts_with("HEIC pictures cannot be read; export"), "{heic}");
        assert_eq!(refusal(b"hello, world").kind(), FailureKind::Unsupported);
        assert_eq!(refusal(b"").kind(), FailureKind::Damaged);
    }

    #[test]
    fn a_header_that_claims_too_much_is_refused_before_decoding() {
        let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        bmp.extend_from_slice(&3_000_000i32.to_le_bytes());
        bmp.extend_from_slice(&2_000_000i32.to_le_bytes());
        bmp.extend_from_slice(&[1, 0, 24, 0]);
        bmp.extend_from_slice(&[0; 24]);
        assert_eq!(refusal(&bmp).kind(), FailureKind::TooLarge);
        let small = Limits { max_file_bytes: 10, ..Limits::default() };
        assert!(matches!(decode(&bmp, &small), Err(ImageError::TooLarge { .. })));
    }
}
