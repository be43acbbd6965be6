//! Tiles coded as HEVC, by `heifer`.

use heifer::color::{ColorParams, frame_to_rgba_sized};
use heifer::heifer_hevc_dec::decoder::{DecodeOptions, decode_picture};
use heifer::image::Image;

use super::boxes::Fields;
use super::tile::{Coded, Tile};
use crate::{ImageError, guard};

/// Bytes that decoding takes for a pixel besides the result: samples of three planes in 16 bits, a copy
/// of them for the filters, and what is kept of every block.
pub(super) fn bytes_a_pixel(configuration: &[u8]) -> u64 {
    // Most pictures have one pair of colour differences for four pixels.
    if configuration.get(16).is_some_and(|format| format & 3 == 1) { 10 } else { 18 }
}

/// Decodes a tile of at most the expected size.
///
/// # Errors
/// `Damaged`.
pub(super) fn decode(coded: &Coded) -> Result<Tile, ImageError> {
    let broken = || ImageError::damaged("heic", "a tile's headers are cut off");
    let stream = stream(coded.header, &coded.data).ok_or_else(broken)?;
    let (width, height) = coded.size;
    // Blocks of 64 pixels may reach beyond the picture.
    let padded = |side: u32| u64::from(side).next_multiple_of(64);
    let options =
        DecodeOptions { max_pixels: padded(width) * padded(height), ..Default::default() };
    let image: Image<u8> = guard::foreign("heic", || {
        let frame = decode_picture(&stream, options)
            .map_err(|error| ImageError::damaged("heic", &error.to_string()))?;
        let said = coded.matrix.map(|(matrix, full_range)| ColorParams { matrix, full_range });
        let colours = said.unwrap_or_else(|| ColorParams::from_frame(&frame));
        Ok(frame_to_rgba_sized(&frame, colours, width, height))
    })?;
    Ok(Tile { width: image.width, height: image.height, rgba: image.data })
}

/// Decodes a key frame of a video, of at most the expected size. Runs in a worker process alone
/// (`crate::worker`).
///
/// # Errors
/// `Damaged`.
pub(crate) fn decode_frame(
    header: &[u8],
    data: &[u8],
    size: (u32, u32),
    matrix: Option<(u16, bool)>,
) -> Result<Tile, ImageError> {
    decode(&Coded { data: data.into(), header, size, matrix })
}

/// The parameter sets of the configuration and the units of the data, each behind a start code.
fn stream(configuration: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields(configuration);
    let head = fields.bytes(23)?;
    let (length_size, arrays) = (usize::from(head[21] & 3) + 1, head[22]);
    let mut out = Vec::with_capacity(configuration.len() + data.len() + 64);
    for _ in 0..arrays {
        fields.number(1)?;
        for _ in 0..fields.number(2)? {
            let length = fields.number(2)? as usize;
            append(fields.bytes(length)?, &mut out);
        }
    }
    let mut units = Fields(data);
    while !units.0.is_empty() {
        let length = usize::try_from(units.number(length_size)?).ok()?;
        append(units.bytes(length)?, &mut out);
    }
    Some(out)
}

fn append(unit: &[u8], out: &mut Vec<u8>) {
    out.extend([0, 0, 0, 1]);
    out.extend(unit);
}
