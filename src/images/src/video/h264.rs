//! Frames coded as H.264, by `rust_h264`. Runs in a worker process alone (`crate::worker`).

use rust_h264::decoder::{ChromaFormat, Frame, OrderedDecoder};
use rust_h264::nal::{
    NalUnit, NalUnitType, parse_annex_b, parse_avcc, parse_avcc_config, parse_sps_info,
};

use crate::heif::Tile;
use crate::heif::yuv::{self, Matrix, Plane, Planes};
use crate::{ImageError, guard};

/// Decodes a key frame, or all from one on, to the last frame that is shown, of at most the expected size. `header`: the configuration of MP4 and Matroska;
/// empty where the data holds all.
///
/// # Errors
/// `Damaged`; `Unsupported` for kinds of H.264 that are not decoded.
pub(crate) fn decode(
    header: &[u8],
    data: &[u8],
    size: (u32, u32),
    matrix: Option<(u16, bool)>,
) -> Result<Tile, ImageError> {
    guard::foreign("video", || {
        let units = units(header, data)?;
        let colours = check_size(&units, size)?;
        let frame = last_frame(&units)?;
        to_tile(&frame, size, matrix.unwrap_or(colours))
    })
}

fn units<'a>(header: &'a [u8], data: &'a [u8]) -> Result<Vec<NalUnit<'a>>, ImageError> {
    if header.is_empty() {
        return Ok(parse_annex_b(data));
    }
    let broken = |detail: &str| ImageError::damaged("video", detail);
    let configuration = parse_avcc_config(header).map_err(broken)?;
    let sets = configuration.sps_nals.into_iter().chain(configuration.pps_nals);
    Ok(sets.chain(parse_avcc(data, configuration.length_size)).collect())
}

/// Compares what the parameters claim with what the container says, before memory is taken; gives the
/// matrix of the colours and whether they use all of their range.
fn check_size(units: &[NalUnit], (width, height): (u32, u32)) -> Result<(u16, bool), ImageError> {
    let mut colours = (2, false);
    for unit in units.iter().filter(|unit| unit.nal_unit_type == NalUnitType::Sps) {
        let info = parse_sps_info(unit).map_err(|error| damaged(&error.to_string()))?;
        // Frames are whole blocks, and pairs of them where there are fields.
        let most = |side: u32| u64::from(side).next_multiple_of(32) + 64;
        let fits = |coded: u32, side: u32| u64::from(coded) <= most(side);
        if !fits(info.coded_width, width) || !fits(info.coded_height, height) {
            return Err(damaged("its frames are larger than its head says"));
        }
        colours = (info.matrix.into(), info.full_range);
    }
    // Not specified: what players take for this size.
    if colours.0 == 2 && height >= 720 {
        colours.0 = 1;
    }
    Ok(colours)
}

/// The frame that is shown last.
fn last_frame(units: &[NalUnit]) -> Result<Frame, ImageError> {
    let (mut decoder, mut last, mut wrong) = (OrderedDecoder::<()>::new(), None, None);
    for unit in units {
        match decoder.decode_nal(unit) {
            Ok(frames) => last = frames.into_iter().next_back().or(last),
            Err(error) => wrong = wrong.or(Some(error)),
        }
    }
    last = decoder.flush().into_iter().next_back().or(last);
    last.ok_or_else(|| match wrong {
        Some(rust_h264::error::DecodeError::Unsupported(what)) => {
            ImageError::variant("H.264 video", what)
        }
        Some(error) => damaged(&error.to_string()),
        None => damaged("a key frame holds no picture"),
    })
}

fn to_tile(
    frame: &Frame,
    (width, height): (u32, u32),
    (code, is_full): (u16, bool),
) -> Result<Tile, ImageError> {
    let bits = u32::from(frame.bit_depth);
    let bytes = frame.bytes_per_sample();
    let plane = |data, width: u32| Plane { data, stride: width as usize * bytes };
    let colours = [&frame.u, &frame.v].map(|data| plane(data, frame.chroma_width()));
    let shared = if frame.chroma_format == ChromaFormat::Yuv422 { (2, 1) } else { (2, 2) };
    let luma = plane(&frame.y, frame.width);
    let planes = Planes { luma, colours: Some(colours), shared, bits };
    let matrix = Matrix::new(code, is_full, bits)
        .ok_or_else(|| ImageError::variant("video", &format!("colours of matrix {code}")))?;
    let (width, height) = (frame.width.min(width), frame.height.min(height));
    let rgba = yuv::to_rgba(&planes, &matrix, width as usize, height as usize);
    Ok(Tile { width, height, rgba })
}

fn damaged(detail: &str) -> ImageError {
    ImageError::damaged("video", detail)
}
