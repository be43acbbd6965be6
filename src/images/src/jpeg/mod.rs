//! JPEG: grey, colour, CMYK and YCCK, complete or cut off.
//!
//! Ordinary files go through a decoder of our own, whose pixels are libjpeg-turbo's. Metadata,
//! damaged files and rare kinds are zune-jpeg's, the decoder inside `image`. It is used directly:
//! `image` copies the file first and turns CMYK into RGB, which the OpenCLIP order of
//! preprocessing does only after resizing.

mod decoder;
mod ink;

use decoder::Picture;
use seer_types::PreprocessSpec;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::{ImageInfo, JpegDecoder};

use crate::decode::Decoded;
use crate::metadata::Packets;
use crate::raster::{Channels, Raster, Storage};
use crate::{ImageError, Limits, reduction};

/// The value that the decoder fills in for rows that are missing.
const MISSING: u8 = 128;

/// With `wanted`, the pixels may be reduced to what this preprocessing needs.
///
/// # Errors
/// See [`crate::decode`].
pub(crate) fn decode(
    bytes: &[u8],
    limits: &Limits,
    wanted: Option<&PreprocessSpec>,
) -> Result<Decoded, ImageError> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(refuse)?;
    let (Some(info), Some(stored)) = (decoder.info(), decoder.input_colorspace()) else {
        return Err(ImageError::damaged("jpeg", "it has no picture header"));
    };
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let (delivered, channels) = delivery(stored)?;
    if let Some(raster) = ordinary(bytes, (width, height), limits, wanted)? {
        return Ok(decoded(raster, &mut decoder, info));
    }
    limits.check_pixels(width, height, memory_needed(&info, channels))?;
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(delivered));
    let mut data = vec![MISSING; width as usize * height as usize * channels.count()];
    decoder.decode_into(&mut data).map_err(refuse)?;
    check_extent(bytes, &data, width as usize * channels.count())?;
    match stored {
        ColorSpace::CMYK => ink::from_inverted(&mut data),
        ColorSpace::YCCK => ink::from_ycck(&mut data),
        _ => {}
    }
    let raster = Raster::new(width, height, channels, Storage::Direct, data);
    Ok(decoded(raster, &mut decoder, info))
}

fn decoded(raster: Raster, decoder: &mut JpegDecoder<ZCursor<&[u8]>>, info: ImageInfo) -> Decoded {
    let colour_profile = decoder.icc_profile();
    let packets = Packets { exif: info.exif_data, xmp: info.xmp_data, photoshop: info.iptc_data };
    Decoded { raster, packets, colour_profile }
}

/// The pixels of a file of a common kind without damage, at a reduced size where that is enough.
fn ordinary(
    bytes: &[u8],
    (width, height): (u32, u32),
    limits: &Limits,
    wanted: Option<&PreprocessSpec>,
) -> Result<Option<Raster>, ImageError> {
    let Some(picture) = Picture::open(bytes, (width, height)) else { return Ok(None) };
    let eighths = match wanted {
        Some(spec) if !picture.has_inks() => reduction::eighths(width, height, spec),
        _ => 8,
    };
    limits.check_pixels(width, height, picture.memory(eighths))?;
    Ok(picture.decode(eighths))
}

/// What to ask the decoder for, and what its channels then mean.
fn delivery(stored: ColorSpace) -> Result<(ColorSpace, Channels), ImageError> {
    match stored {
        ColorSpace::Luma => Ok((ColorSpace::Luma, Channels::Grey)),
        ColorSpace::YCbCr | ColorSpace::RGB => Ok((ColorSpace::RGB, Channels::Rgb)),
        ColorSpace::CMYK | ColorSpace::YCCK => Ok((stored, Channels::Cmyk)),
        other => Err(ImageError::variant("jpeg", &format!("{other:?} colours"))),
    }
}

/// Output, plus all coefficients (16 bit each) when they arrive in several passes.
fn memory_needed(info: &ImageInfo, channels: Channels) -> u64 {
    let samples = u64::from(info.width) * u64::from(info.height);
    // The type of this field has no public name; its default is baseline, one pass.
    let is_baseline = info.sof == ImageInfo::default().sof;
    let coefficients = if is_baseline { 0 } else { samples * u64::from(info.components) * 2 };
    samples * channels.count() as u64 + coefficients
}

/// Refuses a picture of which less than half has been decoded.
fn check_extent(bytes: &[u8], data: &[u8], row_bytes: usize) -> Result<(), ImageError> {
    let rows = data.len() / row_bytes;
    let is_missing = |row: &&[u8]| row.iter().all(|value| *value == MISSING);
    let missing = data.rchunks_exact(row_bytes).take_while(is_missing).count();
    if missing == 0 || ends_properly(bytes) && missing < rows {
        return Ok(());
    }
    if missing * 2 > rows {
        let detail = format!("cut off, {} of {rows} rows are there", rows - missing);
        return Err(ImageError::damaged("jpeg", &detail));
    }
    log::warn!("a jpeg is cut off: {missing} of {rows} rows are missing and stay grey");
    Ok(())
}

/// Whether an end-of-image marker is among the last bytes (some cameras append padding).
fn ends_properly(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(4096)..];
    tail.windows(2).any(|pair| pair == [0xff, 0xd9])
}

fn refuse(error: DecodeErrors) -> ImageError {
    match error {
        DecodeErrors::Unsupported(what) => ImageError::variant("jpeg", &format!("{what:?}")),
        DecodeErrors::Format(text) => ImageError::damaged("jpeg", &text),
        other => ImageError::damaged("jpeg", &format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_half_of_the_rows_is_damage() {
        let rows = |there: usize| [vec![7u8; there * 3], vec![MISSING; (10 - there) * 3]].concat();
        assert!(check_extent(b"no end", &rows(4), 3).is_err());
        assert!(check_extent(b"no end", &rows(5), 3).is_ok());
        assert!(check_extent(b"end \xff\xd9", &rows(4), 3).is_ok());
        assert!(check_extent(b"end \xff\xd9", &rows(0), 3).is_err());
    }
}
