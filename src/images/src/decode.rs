//! From bytes to a photo: recognise, check limits, decode, turn upright, read the facts.

use seer_types::{PhotoFacts, PreparedImage, PreprocessSpec};

use crate::format::{Format, Readable, could_be_tga, name_of_other, sniff};
use crate::metadata::read_facts;
use crate::orient::turn_upright;
use crate::profile::{Described, Meaning};
use crate::raster::Raster;
use crate::source::{AnySource, Claim, Outcome};
use crate::{
    DecodeOptions, ImageError, Limits, MemoryBudget, Photo, generic, heif, jpeg, jxl, metadata,
    png, prepare, psd, raw, thumbnail, tiff,
};

/// What is wanted of a picture, which decides how much of it has to be decoded.
pub(crate) enum Wanted<'a> {
    Photo,
    /// A model's input.
    Prepared(&'a PreprocessSpec),
    /// A small picture with this longest edge.
    Thumbnail(u32),
    /// Pixels with at most this longest edge, of which nothing that can be read is lost.
    Visible(u32),
    /// A model's input and a small picture.
    PreparedAndThumbnail(&'a PreprocessSpec, u32),
}

/// Decodes a picture file's bytes; the format is told by the content.
///
/// JPEG (grey, colour, CMYK, YCCK), PNG, WebP, GIF (first frame), BMP, TIFF as libtiff reads it (any
/// depth, palettes, Lab, faxes, planes), ICO (largest picture), Targa, PNM, QOI, Radiance HDR,
/// farbfeld, HEIC and HEIF (cargo feature `heic`), AVIF (where there is a worker: [`crate::set_worker`]),
/// JPEG XL, the merged picture of Photoshop files, and the largest JPEG inside of camera raw files. The
/// orientation is applied, once: that of the container where it has one, else that of EXIF.
/// Pixels become 8 bit: of 16-bit values the high byte is kept (so 16-bit grey looks as it does
/// in a viewer, while the reference pipelines clip it at 255), light values from HDR files go
/// through the sRGB curve.
///
/// Ordinary JPEGs - 8 bits, Huffman codes, sequential or progressive, whole - have the very pixels
/// that libjpeg-turbo, and with it Pillow, gives them; rare kinds differ by a few levels. A picture
/// that ends early is decoded as far as it goes, as viewers do, with the rest grey or clear; when
/// less than half of it is there it is `Damaged`. WebP and Targa must be complete.
///
/// Memory is taken from [`MemoryBudget::pixels`] before anything is decoded, for all that decoding
/// takes, and given back with the photo; the bytes of the file are the caller's to count.
///
/// # Errors
/// `TooLarge` before any pixel is decoded; `Unsupported` for formats and kinds that are not read
/// (JPEG 2000, JPEG with arithmetic coding, …) and for bytes that are no picture;
/// `Damaged` for the rest, also when a foreign decoder panics. Broken metadata is never an error:
/// what cannot be read is unknown.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Photo, ImageError> {
    read(bytes, &DecodeOptions::from(limits), true, &Wanted::Photo)
}

/// [`decode`], [`Photo::prepare`] and [`Photo::signature`] in one, for callers who want nothing else
/// of the pixels.
///
/// Much larger pictures than `spec` asks for need not be decoded in full: ordinary JPEGs (8 bits,
/// Huffman codes, no inks, whole) are decoded at 1/2, 1/4 or 1/8 of their sides, as long as both
/// stay at least three times as long as what they are resized to. The result is no longer that of the
/// reference pipelines to the bit; what that does to embeddings is measured in
/// `docs/history/performance.md`. Every other file gives exactly what the two steps give.
///
/// # Errors
/// As [`decode`]; `Stopped` soon after `options.stop` is set.
pub fn decode_prepared(
    bytes: &[u8],
    options: &DecodeOptions,
    spec: &PreprocessSpec,
) -> Result<(PhotoFacts, PreparedImage), ImageError> {
    let photo = read(bytes, options, true, &Wanted::Prepared(spec))?;
    options.stop.check()?;
    let prepared = photo.prepare(spec);
    let signature = photo.signature();
    Ok((PhotoFacts { signature, ..photo.into_facts() }, prepared))
}

/// [`decode_prepared`] and [`Photo::thumbnail`] in one, from the same pixels: a picture is decoded at
/// the scale that the model wants, unless a thumbnail of this longest edge wants more. No thumbnail of
/// a picture that is at most twice as long: one is made in no time when it is wanted.
///
/// # Errors
/// As [`decode_prepared`].
pub fn decode_prepared_with_thumbnail(
    bytes: &[u8],
    options: &DecodeOptions,
    spec: &PreprocessSpec,
    longest_edge: u32,
) -> Result<(PhotoFacts, PreparedImage, Option<Vec<u8>>), ImageError> {
    let photo = read(bytes, options, true, &Wanted::PreparedAndThumbnail(spec, longest_edge))?;
    options.stop.check()?;
    let prepared = photo.prepare(spec);
    let signature = photo.signature();
    let is_large = photo.width().max(photo.height()) > longest_edge.saturating_mul(2);
    let thumbnail = is_large.then(|| photo.thumbnail(longest_edge));
    Ok((PhotoFacts { signature, ..photo.into_facts() }, prepared, thumbnail))
}

/// [`decode`] and [`Photo::thumbnail`] in one: large ordinary JPEGs are decoded at a fraction of
/// their size, at least twice as large as the thumbnail.
///
/// # Errors
/// As [`decode_prepared`].
pub fn decode_thumbnail(
    bytes: &[u8],
    options: &DecodeOptions,
    longest_edge: u32,
) -> Result<Vec<u8>, ImageError> {
    let photo = read(bytes, options, true, &Wanted::Thumbnail(longest_edge))?;
    options.stop.check()?;
    Ok(photo.thumbnail(longest_edge))
}

/// The picture as people see it, upright and in sRGB, with white where it is clear: its pixels, at most
/// `longest_edge` of them along the longer edge, never enlarged. Large ordinary JPEGs are decoded at the
/// fraction of their size that is just enough.
///
/// # Errors
/// As [`decode_prepared`].
pub fn decode_visible(
    bytes: &[u8],
    options: &DecodeOptions,
    longest_edge: u32,
) -> Result<PreparedImage, ImageError> {
    let photo = read(bytes, options, true, &Wanted::Visible(longest_edge))?;
    options.stop.check()?;
    Ok(photo.visible(longest_edge))
}

/// Like [`decode`], with the pixels as stored: the EXIF orientation is not applied.
///
/// The reference pipelines of the models do this; parity tests need it.
///
/// # Errors
/// As [`decode`].
pub fn decode_raw_orientation(bytes: &[u8], limits: &Limits) -> Result<Photo, ImageError> {
    read(bytes, &DecodeOptions::from(limits), false, &Wanted::Photo)
}

/// All steps for a file's bytes.
pub(crate) fn read(
    bytes: &[u8],
    options: &DecodeOptions,
    upright: bool,
    wanted: &Wanted,
) -> Result<Photo, ImageError> {
    options.limits.check_file(bytes.len() as u64)?;
    options.stop.check()?;
    let format = recognise(bytes)?;
    finish(open(bytes, format, wanted)?, format.name(), options, upright, wanted)
}

/// The steps from a source whose headers were read to a photo.
pub(crate) fn finish(
    mut source: AnySource,
    format: &str,
    options: &DecodeOptions,
    upright: bool,
    wanted: &Wanted,
) -> Result<Photo, ImageError> {
    let packets = source.take_packets();
    let found = read_facts(&packets);
    let own = if upright { found.orientation } else { 1 };
    let orientation = source.orientation().unwrap_or(own);
    // Models see the numbers as they are.
    let is_shown = !matches!(wanted, Wanted::Prepared(_));
    let adobe_rgb = found.is_adobe_rgb.then(Described::adobe_rgb).map(Meaning::Described);
    let meaning = source.described().map(Meaning::Described);
    let meaning = meaning.or_else(|| packets.profile.map(Meaning::Profile)).or(adobe_rgb);
    let meaning = meaning.filter(|_| is_shown);
    let colours = meaning.as_ref().map_or(0, Meaning::memory);
    let after = After { orientation, wanted, colours };
    let mut raster = pixels(source, format, options, &after)?;
    turn_upright(&mut raster, orientation);
    let mut facts = found.facts;
    facts.format = format.to_owned();
    (facts.width, facts.height) = raster.full;
    Ok(Photo::new(raster, facts, meaning.map(Meaning::into_owned)))
}

/// Reads the headers of a file.
fn open<'a>(
    bytes: &'a [u8],
    format: Readable,
    wanted: &Wanted,
) -> Result<AnySource<'a>, ImageError> {
    match format {
        Readable::Jpeg => jpeg::open(bytes, wanted),
        Readable::Png => png::open(bytes, format),
        // Some raw files are told from pictures by what is in them alone.
        Readable::Tiff => {
            tiff::open(bytes).or_else(|error| raw::open(bytes, wanted).map_err(|_| error))
        }
        Readable::Heic | Readable::Avif => heif::open(bytes, format),
        Readable::Jxl => jxl::open(bytes),
        // A small picture that is no JPEG is better than none.
        Readable::Raw => {
            raw::open(bytes, wanted).or_else(|error| tiff::open(bytes).map_err(|_| error))
        }
        Readable::Psd => psd::open(bytes),
        _ => generic::open(bytes, format),
    }
}

/// What is done with the pixels once they are decoded.
struct After<'a> {
    orientation: u16,
    wanted: &'a Wanted<'a>,
    /// Bytes that are kept to know what the colours mean, and that converting them takes.
    colours: u64,
}

impl After<'_> {
    /// Most bytes that are held from here to the result.
    fn needed(&self, claim: &Claim) -> u64 {
        claim.peak.max(self.once_decoded(claim.pixels, claim))
    }

    /// The same once the decoder has finished: turning a picture on its side makes a copy, and
    /// resizing takes some memory.
    fn once_decoded(&self, pixels: u64, claim: &Claim) -> u64 {
        let copy = if matches!(self.orientation, 5..=8) { pixels } else { 0 };
        let resizing = match self.wanted {
            Wanted::Photo => 0,
            Wanted::Prepared(spec) => prepare::memory(claim, spec),
            Wanted::Thumbnail(longest) | Wanted::Visible(longest) => {
                thumbnail::memory(claim, *longest)
            }
            // One after the other.
            Wanted::PreparedAndThumbnail(spec, longest) => {
                prepare::memory(claim, spec).max(thumbnail::memory(claim, *longest))
            }
        };
        pixels.saturating_add(copy.max(resizing)).saturating_add(self.colours)
    }
}

/// Takes the memory and decodes.
fn pixels(
    mut source: AnySource,
    format: &str,
    options: &DecodeOptions,
    after: &After,
) -> Result<Raster, ImageError> {
    loop {
        let claim = source.claim();
        let needed = after.needed(&claim);
        options.limits.check_pixels(claim.width, claim.height, needed)?;
        let mut permit = MemoryBudget::pixels().take(needed, &options.stop)?;
        let decoded = source.decode(&options.stop);
        // Whatever a decoder says after it was stopped is not about the file.
        options.stop.check()?;
        match decoded? {
            Outcome::Instead(other) => source = other,
            Outcome::Pixels(mut raster) => {
                let Raster { width, height, channels, data, .. } = &raster;
                let expected = *width as usize * *height as usize * channels.count();
                if expected == 0 || data.len() != expected {
                    return Err(ImageError::damaged(format, "it has no pixels"));
                }
                permit.shrink_to(after.once_decoded(data.len() as u64, &claim));
                raster.permit = permit;
                return Ok(raster);
            }
        }
    }
}

/// The format, or why it is not one we read.
fn recognise(bytes: &[u8]) -> Result<Readable, ImageError> {
    match sniff(bytes) {
        Some(Format::Read(Readable::Tiff)) if metadata::is_camera_raw(bytes) => Ok(Readable::Raw),
        Some(Format::Read(format)) => Ok(format),
        Some(Format::Foreign(what)) => Err(ImageError::foreign(what)),
        None if bytes.starts_with(b"\xff\xd8") => Ok(Readable::Jpeg),
        None if bytes.starts_with(b"BM") => Ok(Readable::Bmp),
        None if could_be_tga(bytes) => Ok(Readable::Tga),
        None => Err(unknown(bytes)),
    }
}

fn unknown(bytes: &[u8]) -> ImageError {
    if bytes.is_empty() {
        return ImageError::damaged("picture", "the file is empty");
    }
    if let Some(what) = name_of_other(bytes) {
        return ImageError::Unsupported {
            what: what.to_owned(),
            advice: "save the picture as JPEG, PNG or WebP".to_owned(),
        };
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
    fn formats_that_are_not_read_are_named_with_advice() {
        let drawing = refusal(b"\x76\x2f\x31\x01");
        assert_eq!(drawing.kind(), FailureKind::Unsupported);
        assert!(drawing.to_string().starts_with("OpenEXR pictures cannot be read; convert"));
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
