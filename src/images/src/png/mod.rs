//! PNG, row by row: samples of 16 bits become 8 as they come, and nothing but the pixels is held.

mod chunks;
mod colours;

use std::io::ErrorKind;

use png::{BitDepth, ColorType, DecodingError, InterlaceInfo, Reader, Transformations};

use crate::format::Readable;
use crate::metadata::Packets;
use crate::profile::Described;
use crate::raster::{Channels, Raster, Storage};
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::watched::Watched;
use crate::{ImageError, Stop, guard};
use chunks::Header;
use colours::Colours;

/// Most bytes of a chunk that the decoder collects: nothing it is asked for is as long.
const LARGEST_CHUNK: usize = 17 << 20;

/// A PNG file, alone or inside of an icon.
struct Png<'a> {
    bytes: &'a [u8],
    header: Header,
    packets: Packets<'a>,
    described: Option<Described>,
    format: Readable,
}

/// Reads the headers; errors speak of `format`.
///
/// # Errors
/// `Damaged` without a header.
pub(crate) fn open(bytes: &[u8], format: Readable) -> Result<AnySource<'_>, ImageError> {
    let (header, packets) = chunks::read(bytes)
        .ok_or_else(|| ImageError::damaged(format.name(), "it has no picture header"))?;
    let mut packets = packets;
    let described = match colours::read(bytes) {
        Colours::Unknown => None,
        Colours::Srgb => {
            packets.profile = None;
            None
        }
        Colours::Described(described) => Some(described),
    };
    Ok(Box::new(Png { bytes, header, packets, described, format }))
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

    fn described(&self) -> Option<Described> {
        self.described
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
    // What is there is shown, as browsers do.
    decoder.ignore_checksums(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(refuse)?;
    let channels = channels_of(reader.output_color_type());
    let is_same = channels == Some(file.channels())
        && reader.info().size() == (file.header.width, file.header.height);
    if !is_same {
        return Err(ImageError::damaged(file.format.name(), "its header does not fit its content"));
    }
    let row = file.header.width as usize * file.channels().count();
    // What is missing stays grey, or is seen through.
    let missing = if file.channels().has_alpha() { 0 } else { 128 };
    let mut data = vec![missing; row * file.header.height as usize];
    let rows = match file.header.is_interlaced {
        true => interlaced(&mut reader, row, &mut data, stop),
        false => one_by_one(&mut reader, row, &mut data, stop),
    };
    stop.check()?;
    check_extent(file, rows)?;
    Ok(data)
}

/// How many rows were read, and why there were no more.
struct Read {
    rows: usize,
    broken: Option<DecodingError>,
}

/// Refuses a picture of which less than half is there.
fn check_extent(file: &Png, read: Read) -> Result<(), ImageError> {
    let Read { rows, broken } = read;
    let all = file.header.height as usize;
    if rows >= all {
        return Ok(());
    }
    if rows * 2 < all {
        let early = || ImageError::damaged(file.format.name(), "it ends too early");
        return Err(broken.map_or_else(early, |error| refuse(file.format, &error)));
    }
    let name = crate::subject::name("a png");
    log::warn!("{name} is cut off: {} of {all} rows are missing", all - rows);
    Ok(())
}

fn one_by_one(reader: &mut Reader<Watched>, row: usize, data: &mut [u8], stop: &Stop) -> Read {
    let mut rows = 0;
    for row in data.chunks_exact_mut(row.max(1)) {
        match reader.read_row(row) {
            _ if stop.is_stopped() => break,
            Ok(Some(_)) => rows += 1,
            Ok(None) => break,
            Err(error) => return Read { rows, broken: Some(error) },
        }
    }
    Read { rows, broken: None }
}

/// Puts the rows of all seven passes where they belong. Rows of the last pass, every second one of the
/// picture, become like the ones above where they are missing.
fn interlaced(reader: &mut Reader<Watched>, stride: usize, data: &mut [u8], stop: &Stop) -> Read {
    let bits = reader.output_color_type().0.samples() as u8 * 8;
    let (width, all) = reader.info().size();
    let (before, all) = (rows_before_the_last_pass(width, all), all as usize);
    let (mut read, mut rows) = (0, 0);
    let broken = loop {
        match reader.next_interlaced_row() {
            _ if stop.is_stopped() => break None,
            Ok(None) => return Read { rows: all, broken: None },
            Err(error) => break Some(error),
            Ok(Some(row)) => {
                if let InterlaceInfo::Adam7(place) = row.interlace() {
                    png::expand_interlaced_row(data, stride, row.data(), place, bits);
                    read += 1;
                    rows = if read > before { (read - before) * 2 } else { 0 };
                }
            }
        }
    };
    if read < before {
        return Read { rows, broken };
    }
    for below in (rows + 1..all).step_by(2) {
        data.copy_within((below - 1) * stride..below * stride, below * stride);
    }
    Read { rows: all, broken }
}

/// Rows of the first six passes of a picture (PNG 3, section 8.1).
fn rows_before_the_last_pass(width: u32, height: u32) -> usize {
    // The first column and row of each pass, and every how many rows.
    let passes = [(0, 0, 8), (4, 0, 8), (0, 4, 8), (2, 0, 4), (0, 2, 4), (1, 0, 2)];
    let there = passes.into_iter().filter(|(column, _, _)| *column < width);
    there.map(|(_, row, step)| height.saturating_sub(row).div_ceil(step) as usize).sum()
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
