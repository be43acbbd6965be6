//! Every format that the `image` crate decodes for us: all but JPEG, PNG and TIFF.
//!
//! What decoding takes is told from the header before a decoder is made.

mod gif;
mod icon;
mod webp;
mod webp_codes;

use std::error::Error;
use std::io::ErrorKind;

use image::{ColorType, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader};

use crate::colour::srgb_from_linear;
use crate::format::Readable;
use crate::metadata::Packets;
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::watched::Watched;
use crate::{ImageError, Limits, Stop, guard, png};

/// The value of what is missing.
const MISSING: u8 = 128;

/// A file whose header was read.
struct Generic<'a> {
    bytes: &'a [u8],
    format: Readable,
    claim: Claim,
    packets: Packets<'a>,
}

/// Reads the headers.
///
/// # Errors
/// As [`crate::decode`].
pub(crate) fn open(bytes: &[u8], format: Readable) -> Result<AnySource<'_>, ImageError> {
    if let (Readable::Ico, Some(picture)) = (format, icon::png_inside(bytes)) {
        return png::open(picture, format);
    }
    let broken = || ImageError::damaged(format.name(), "its header is broken or cut off");
    let (claim, packets) = match format {
        Readable::Gif => gif::read(bytes).ok_or_else(broken)?,
        Readable::WebP => webp::read(bytes).ok_or_else(broken)?,
        _ => (simple(bytes, format)?, Packets::default()),
    };
    Ok(Box::new(Generic { bytes, format, claim, packets }))
}

impl<'a> Source<'a> for Generic<'a> {
    fn claim(&self) -> Claim {
        self.claim
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let Generic { bytes, format, claim, .. } = *self;
        let (data, colour, stored) = guard::foreign(format.name(), || {
            decode_foreign(Watched::new(bytes, stop), format, &claim)
        })?;
        let mut data = data;
        let channels = to_eight_bit(colour, &mut data)
            .ok_or_else(|| ImageError::variant(format.name(), &format!("{stored:?} pixels")))?;
        let storage = storage_of(bytes, format);
        let raster = Raster::new(claim.width, claim.height, channels, storage, data);
        Ok(Outcome::Pixels(raster))
    }
}

type Decoded = (Vec<u8>, ColorType, ExtendedColorType);

fn decode_foreign(reader: Watched, format: Readable, claim: &Claim) -> Result<Decoded, ImageError> {
    let refuse = |error| refuse(format, &error);
    let mut reader = self::reader(reader, format)?;
    reader.limits(limits_of(claim));
    let decoder = reader.into_decoder().map_err(refuse)?;
    if decoder.dimensions() != (claim.width, claim.height) || decoder.total_bytes() > claim.peak {
        return Err(ImageError::damaged(format.name(), "its header does not fit its content"));
    }
    let (colour, stored) = (decoder.color_type(), decoder.original_color_type());
    let mut data = vec![MISSING; decoder.total_bytes() as usize];
    let row_bytes = data.len() / claim.height.max(1) as usize;
    match decoder.read_image(&mut data) {
        // Targa pictures are turned upright when they are whole.
        Err(error) if format == Readable::Tga || !is_mostly_there(&data, row_bytes) => {
            Err(refuse(error))
        }
        _ => Ok((data, colour, stored)),
    }
}

/// Whether a picture that ends early has more rows than it lacks, above or below.
fn is_mostly_there(data: &[u8], row_bytes: usize) -> bool {
    let is_missing = |row: &&[u8]| row.iter().all(|value| *value == MISSING);
    let rows = data.chunks_exact(row_bytes.max(1));
    let above = rows.clone().take_while(is_missing).count();
    let below = rows.clone().rev().take_while(is_missing).count();
    (above + below) * 2 < rows.len()
}

/// What a header claims in formats whose decoders hold little but the pixels.
fn simple(bytes: &[u8], format: Readable) -> Result<Claim, ImageError> {
    if format == Readable::Bmp {
        check_bmp_claim(bytes)?;
    }
    guard::foreign(format.name(), || {
        let decoder = reader(Watched::header(bytes), format)?.into_decoder();
        let decoder = decoder.map_err(|error| refuse(format, &error))?;
        let (width, height) = decoder.dimensions();
        let size = u64::from(decoder.color_type().bytes_per_pixel());
        // Indices beside the colours they stand for.
        let extra = if format == Readable::Tga { size } else { 0 };
        let rows = u64::from(width) * 64;
        let decoded = Claim::new((width, height), size, extra, rows + (1 << 20));
        let channels = u64::from(decoder.color_type().channel_count());
        Ok(Claim { pixels: Claim::new((width, height), channels, 0, 0).pixels, ..decoded })
    })
}

/// The BMP decoder calls sides above 65,535 damage; ask the limit on sides first.
fn check_bmp_claim(bytes: &[u8]) -> Result<(), ImageError> {
    let side = |at: usize| bytes.get(at..)?.first_chunk().map(|b| i32::from_le_bytes(*b));
    match (bytes.get(14), side(18), side(22)) {
        (Some(40..), Some(width), Some(height)) if width > 0 => {
            let (width, height) = (width.unsigned_abs(), height.unsigned_abs());
            Limits::default().check_pixels(width, height, 0)
        }
        _ => Ok(()),
    }
}

/// `None` for formats that are decoded elsewhere.
fn decoder_of(format: Readable) -> Option<ImageFormat> {
    Some(match format {
        Readable::WebP => ImageFormat::WebP,
        Readable::Gif => ImageFormat::Gif,
        Readable::Bmp => ImageFormat::Bmp,
        Readable::Ico => ImageFormat::Ico,
        Readable::Pnm => ImageFormat::Pnm,
        Readable::Qoi => ImageFormat::Qoi,
        Readable::Hdr => ImageFormat::Hdr,
        Readable::Farbfeld => ImageFormat::Farbfeld,
        Readable::Tga => ImageFormat::Tga,
        _ => return None,
    })
}

/// A decoder for these bytes.
fn reader(bytes: Watched, format: Readable) -> Result<ImageReader<Watched>, ImageError> {
    let foreign = || ImageError::variant(format.name(), "read by another decoder");
    Ok(ImageReader::with_format(bytes, decoder_of(format).ok_or_else(foreign)?))
}

/// Sides are left to our own check, whose message is better.
fn limits_of(claim: &Claim) -> image::Limits {
    let mut all = image::Limits::no_limits();
    all.max_alloc = Some(claim.peak);
    all
}

/// Shrinks decoded values to one byte each, in place. `None` for a type without a meaning here.
fn to_eight_bit(colour: ColorType, data: &mut Vec<u8>) -> Option<Channels> {
    let channels = match colour {
        ColorType::L8 | ColorType::L16 => Channels::Grey,
        ColorType::La8 | ColorType::La16 => Channels::GreyAlpha,
        ColorType::Rgb8 | ColorType::Rgb16 | ColorType::Rgb32F => Channels::Rgb,
        ColorType::Rgba8 | ColorType::Rgba16 | ColorType::Rgba32F => Channels::Rgba,
        _ => return None,
    };
    match colour.bytes_per_pixel() as usize / channels.count() {
        2 => shrink::<2>(data, |_, value| (u16::from_ne_bytes(value) >> 8) as u8),
        4 => shrink::<4>(data, |i, value| {
            let light = f32::from_ne_bytes(value);
            let is_alpha = channels.has_alpha() && i % 4 == 3;
            if is_alpha {
                (light.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
            } else {
                srgb_from_linear(light)
            }
        }),
        _ => {}
    }
    Some(channels)
}

fn shrink<const N: usize>(data: &mut Vec<u8>, byte: impl Fn(usize, [u8; N]) -> u8) {
    let len = data.len() / N;
    for i in 0..len {
        let value = std::array::from_fn(|k| data[i * N + k]);
        data[i] = byte(i, value);
    }
    data.truncate(len);
    data.shrink_to_fit();
}

/// Tells palettes and single bits from ordinary pixels, which the decoders expand.
fn storage_of(bytes: &[u8], format: Readable) -> Storage {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let indexed = match format {
        Readable::Gif => true,
        Readable::Bmp => (1..=8).contains(&byte(if byte(14) == 12 { 24 } else { 28 })),
        Readable::Tga => byte(1) == 1 && matches!(byte(2), 1 | 9),
        Readable::Pnm => matches!(byte(1), b'1' | b'4'),
        _ => false,
    };
    if indexed { Storage::Indexed } else { Storage::Direct }
}

fn refuse(format: Readable, error: &image::ImageError) -> ImageError {
    match error {
        image::ImageError::Unsupported(_) => ImageError::variant(format.name(), &error.to_string()),
        image::ImageError::Limits(_) => ImageError::TooLarge {
            found: format!("decoding this {} file takes more memory than allowed", format.name()),
            limit: "what its header claims".to_owned(),
        },
        image::ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::damaged(format.name(), "it ends too early")
        }
        // Without the words that only repeat the format.
        error => {
            let cause = error.source().map(ToString::to_string);
            ImageError::damaged(format.name(), &cause.unwrap_or_else(|| error.to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_keep_their_high_byte() {
        let values: [u16; 4] = [0, 255, 256, 65_535];
        let mut data: Vec<u8> = values.iter().flat_map(|v| v.to_ne_bytes()).collect();
        assert_eq!(to_eight_bit(ColorType::La16, &mut data), Some(Channels::GreyAlpha));
        assert_eq!(data, [0, 0, 1, 255]);
    }

    #[test]
    fn light_goes_through_the_srgb_curve_and_alpha_does_not() {
        let values = [0.0f32, 1.0, f32::NAN, 0.5];
        let mut data: Vec<u8> = values.iter().flat_map(|v| v.to_ne_bytes()).collect();
        assert_eq!(to_eight_bit(ColorType::Rgba32F, &mut data), Some(Channels::Rgba));
        assert_eq!(data, [0, 255, 0, 128]);
    }
}
