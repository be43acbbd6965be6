//! PNG, row by row: samples of 16 bits become 8 as they come, and nothing but the pixels is held.

mod chunks;

use std::io::ErrorKind;

use png::{BitDepth, ColorType, DecodingError, InterlaceInfo, Reader, Transformations};

use crate::format::Readable;
use crate::metadata::Packets;
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::watched::Watched;
use crate::{ImageError, Stop, guard};
use chunks::Header;

/// Most bytes of a chunk that the decoder collects: nothing it is asked for is as long.
const LARGEST_CHUNK: usize = 17 << 20;

/// A PNG file, alone or inside of an icon.
struct Png<'a> {
    bytes: &'a [u8],
    header: Header,
    packets: Packets<'a>,
    format: Readable,
}

/// Reads the headers; errors speak of `format`.
///
/// # Errors
/// `Damaged` without a header.
pub(crate) fn open(bytes: &[u8], format: Readable) -> Result<AnySource<'_>, ImageError> {
    let (header, packets) = chunks::read(bytes)
        .ok_or_else(|| ImageError::damaged(format.name(), "it has no picture header"))?;
    Ok(Box::new(Png { bytes, header, packets, format }))
}

impl Png<'_> {
    fn channels(&self) -> Channels {
        match (self.header.colours, self.header.has_transparency) {
            (0, false) => Channels::Grey,
            (0, true) | (4, _) => Channels::GreyAlpha,
            (2 | 3, false) => Channels::Rgb,
            _ => Channels::Rgba,
        }
    }

    /// Palettes, single bits and colour keys are expanded by the decoder.
    fn storage(&self) -> Storage {
        match (self.header.colours, self.header.depth) {
            (3, _) | (_, 1) => Storage::Indexed,
            (4 | 6, _) => Storage::Direct,
            _ => Storage::ColourKey,
        }
    }

    /// Bytes of a chunk that the decoder may collect, and of some rows, filtered and not.
    fn held(&self) -> usize {
        let row = (self.header.width as usize).saturating_mul(8);
        row.saturating_mul(6).saturating_add(self.bytes.len().min(LARGEST_CHUNK))
    }
}

impl<'a> Source<'a> for Png<'a> {
    fn claim(&self) -> Claim {
        let size = (self.header.width, self.header.height);
        // The decoder inflates into a buffer of its own.
        let fixed = self.held() as u64 + (1 << 20);
        Claim::new(size, self.channels().count() as u64, 0, fixed)
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        let data = guard::foreign(self.format.name(), || decode(&self, stop))?;
        let Header { width, height, .. } = self.header;
        Ok(Outcome::Pixels(Raster::new(width, height, self.channels(), self.storage(), data)))
    }
}

fn decode(file: &Png, stop: &Stop) -> Result<Vec<u8>, ImageError> {
    let refuse = |error| refuse(file.format, &error);
    let limits = png::Limits { bytes: file.held() };
    let mut decoder = png::Decoder::new_with_limits(Watched::new(file.bytes, stop), limits);
    // Both are read by `chunks`, which knows limits.
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(refuse)?;
    let channels = channels_of(reader.output_color_type());
    let is_same = channels == Some(file.channels())
        && reader.info().size() == (file.header.width, file.header.height);
    if !is_same {
        return Err(ImageError::damaged(file.format.name(), "its header does not fit its content"));
    }
    let row = file.header.width as usize * file.channels().count();
    let mut data = vec![0u8; row * file.header.height as usize];
    if file.header.is_interlaced {
        interlaced(&mut reader, row, &mut data, stop).map_err(refuse)?;
        return Ok(data);
    }
    for row in data.chunks_exact_mut(row.max(1)) {
        stop.check()?;
        if reader.read_row(row).map_err(refuse)?.is_none() {
            return Err(ImageError::damaged(file.format.name(), "it ends too early"));
        }
    }
    Ok(data)
}

/// Puts the rows of all seven passes where they belong.
fn interlaced(
    reader: &mut Reader<Watched>,
    stride: usize,
    data: &mut [u8],
    stop: &Stop,
) -> Result<(), DecodingError> {
    let bits = reader.output_color_type().0.samples() as u8 * 8;
    while let Some(row) = reader.next_interlaced_row()? {
        if stop.is_stopped() {
            return Ok(());
        }
        if let InterlaceInfo::Adam7(place) = row.interlace() {
            png::expand_interlaced_row(data, stride, row.data(), place, bits);
        }
    }
    Ok(())
}

fn channels_of((colours, depth): (ColorType, BitDepth)) -> Option<Channels> {
    match (colours, depth) {
        (ColorType::Grayscale, BitDepth::Eight) => Some(Channels::Grey),
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => Some(Channels::GreyAlpha),
        (ColorType::Rgb, BitDepth::Eight) => Some(Channels::Rgb),
        (ColorType::Rgba, BitDepth::Eight) => Some(Channels::Rgba),
        _ => None,
    }
}

fn refuse(format: Readable, error: &DecodingError) -> ImageError {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::damaged(format.name(), "it ends too early")
        }
        DecodingError::LimitsExceeded => ImageError::TooLarge {
            found: format!("a part of this {} file that is no pixels is too long", format.name()),
            limit: "16 MiB".to_owned(),
        },
        error => ImageError::damaged(format.name(), &error.to_string()),
    }
}
