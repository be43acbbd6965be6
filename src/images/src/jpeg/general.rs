//! Damaged JPEG files and rare kinds, by zune-jpeg.
//!
//! It is used directly: `image` copies the file first and turns CMYK into RGB, which the OpenCLIP
//! order of preprocessing does only after resizing.

use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;

use super::decoder::{MAX_SCANS, most_visits};
use super::segments::{FrameHeader, Segments, Work};
use super::{MISSING, check_extent, ink};
use crate::metadata::Packets;
use crate::raster::{Channels, Raster, Storage};
use crate::source::{Claim, Outcome, Source};
use crate::watched::Watched;
use crate::{ImageError, Stop, guard};

/// Most bytes of Huffman tables between the scans: thousands of tables.
const MOST_TABLE_BYTES: usize = 256 << 10;

/// A file for the general decoder.
pub(super) struct General<'a> {
    bytes: &'a [u8],
    frame: FrameHeader,
    packets: Packets<'a>,
    claim: Claim,
}

impl<'a> General<'a> {
    /// Looks at all of the file for its scans.
    ///
    /// # Errors
    /// `Unsupported` where they are more work than the picture's size allows.
    pub(super) fn open(
        bytes: &'a [u8],
        frame: FrameHeader,
        packets: Packets<'a>,
    ) -> Result<Self, ImageError> {
        let segments = Segments::new(bytes);
        let work = Segments::work(bytes);
        check_work(&frame, &work)?;
        let claim = claim(&frame, segments.application_bytes, work.scans);
        Ok(Self { bytes, frame, packets, claim })
    }
}

impl<'a> Source<'a> for General<'a> {
    fn claim(&self) -> Claim {
        self.claim
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let (bytes, frame) = (self.bytes, &self.frame);
        let decoded = guard::foreign("jpeg", || decode_foreign(bytes, frame, stop));
        stop.check()?;
        let (mut data, stored, channels) = decoded?;
        check_extent(bytes, &data, frame.width as usize * channels.count())?;
        match stored {
            ColorSpace::CMYK => ink::from_inverted(&mut data),
            ColorSpace::YCCK => ink::from_ycck(&mut data),
            _ => {}
        }
        let raster = Raster::new(frame.width, frame.height, channels, Storage::Direct, data);
        Ok(Outcome::Pixels(raster))
    }
}

/// Pixels, all coefficients (16 bit each, blocks up to whole MCUs), and copies of metadata.
fn claim(frame: &FrameHeader, application_bytes: u64, scans: usize) -> Claim {
    let components = u64::from(frame.components.clamp(1, 4));
    let channels = if components == 2 { 3 } else { components };
    let padded = |side: u32| u64::from(side).next_multiple_of(32);
    let samples = padded(frame.width) * padded(frame.height) * components;
    let is_one_pass = !frame.is_progressive() && scans <= 1;
    let coefficients = if is_one_pass { 0 } else { samples * 2 };
    // Rows of MCUs with what their upsampling takes.
    let rows = padded(frame.width) * 32 * components * 6;
    let fixed = coefficients + rows + application_bytes;
    Claim::new((frame.width, frame.height), channels, 0, fixed)
}

/// Refuses files whose scans are more work than their size allows.
fn check_work(frame: &FrameHeader, work: &Work) -> Result<(), ImageError> {
    let blocks = |side: u32| (side as usize).div_ceil(8);
    let blocks = blocks(frame.width) * blocks(frame.height) * usize::from(frame.components);
    let scans = work.scans;
    if scans > MAX_SCANS || blocks.saturating_mul(scans) > most_visits(blocks) {
        return Err(ImageError::variant("jpeg", &format!("it comes in {scans} scans")));
    }
    if work.table_bytes > MOST_TABLE_BYTES {
        let detail = format!("it has {} bytes of Huffman tables", work.table_bytes);
        return Err(ImageError::variant("jpeg", &detail));
    }
    Ok(())
}

fn decode_foreign(
    bytes: &[u8],
    frame: &FrameHeader,
    stop: &Stop,
) -> Result<(Vec<u8>, ColorSpace, Channels), ImageError> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_max_scans(MAX_SCANS);
    let mut decoder = JpegDecoder::new_with_options(Watched::new(bytes, stop), options);
    decoder.decode_headers().map_err(refuse)?;
    let (Some(info), Some(stored)) = (decoder.info(), decoder.input_colorspace()) else {
        return Err(ImageError::damaged("jpeg", "it has no picture header"));
    };
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    if (width, height, info.components) != (frame.width, frame.height, frame.components) {
        return Err(ImageError::damaged("jpeg", "it has two different picture headers"));
    }
    let (delivered, channels) = delivery(stored)?;
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(delivered));
    let mut data = vec![MISSING; width as usize * height as usize * channels.count()];
    decoder.decode_into(&mut data).map_err(refuse)?;
    Ok((data, stored, channels))
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

fn refuse(error: DecodeErrors) -> ImageError {
    match error {
        DecodeErrors::Unsupported(what) => ImageError::variant("jpeg", &format!("{what:?}")),
        DecodeErrors::Format(text) => ImageError::damaged("jpeg", &text),
        other => ImageError::damaged("jpeg", &format!("{other:?}")),
    }
}
