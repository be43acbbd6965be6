//! JPEG (ITU-T T.81): segments that decoders need stay, all others go, and so does whatever
//! follows the picture (previews, videos, depth maps with metadata of their own).

use std::io::{Read, Seek};

use super::StripError;
use super::orientation;
use super::source::{Pieces, Source};

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;
const APP15: u8 = 0xef;
const COMMENT: u8 = 0xfe;

/// What was met before, each of which stands once in a file.
#[derive(Default)]
struct Met {
    frame: bool,
    jfif: bool,
    exif: bool,
    adobe: bool,
}

pub(super) fn strip<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
) -> Result<(), StripError> {
    pieces.add(&source.read::<2>()?)?;
    let mut met = Met::default();
    loop {
        let Some(marker) = next_marker(source)? else {
            // Cut off: decoders show what there is, if there is anything.
            return if met.frame { Ok(()) } else { Err(StripError::Unsafe("it ends early")) };
        };
        match marker {
            EOI => return pieces.add(&[0xff, EOI]),
            SOS => {
                copy_segment(source, pieces, marker)?;
                copy_scan(source, pieces)?;
            }
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                if std::mem::replace(&mut met.frame, true) {
                    return Err(StripError::Unsafe("it holds more than one picture"));
                }
                copy_segment(source, pieces, marker)?;
            }
            // Tables: Huffman, arithmetic coding, quantisation, number of lines, restart interval.
            0xc4 | 0xcc | 0xdb | 0xdc | 0xdd => copy_segment(source, pieces, marker)?,
            APP0..=APP15 => application(source, pieces, marker, &mut met)?,
            COMMENT => {
                payload_length(source).and_then(|length| source.skip(length))?;
            }
            SOI => return Err(StripError::Unsafe("it holds more than one picture")),
            _ => return Err(StripError::Unsafe("it holds a segment of an unknown kind")),
        }
    }
}

/// Goes behind the next marker; what stands before it is skipped, as decoders do.
fn next_marker<R: Read + Seek>(source: &mut Source<R>) -> Result<Option<u8>, StripError> {
    while source.skip_to(0xff)? {
        while source.left() > 0 {
            match source.read::<1>()?[0] {
                0xff => {}
                0 => break,
                marker => return Ok(Some(marker)),
            }
        }
    }
    Ok(None)
}

fn payload_length<R: Read + Seek>(source: &mut Source<R>) -> Result<u64, StripError> {
    let length = u16::from_be_bytes(source.read()?);
    length.checked_sub(2).map(u64::from).ok_or(StripError::Unsafe("a segment has no length"))
}

fn copy_segment<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
    marker: u8,
) -> Result<(), StripError> {
    // The marker may be spread out by fill bytes, so it is written anew.
    pieces.add(&[0xff, marker])?;
    let start = source.position();
    let length = payload_length(source)?;
    source.skip(length)?;
    pieces.keep(start, length + 2)
}

/// Entropy-coded data up to the next marker that is not part of it, which is not read.
fn copy_scan<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
) -> Result<(), StripError> {
    let start = source.position();
    while source.skip_to(0xff)? {
        match source.after_next()? {
            Some(0 | 0xd0..=0xd7) => source.skip(2)?,
            // A fill byte, or the last byte of a file that was cut off.
            Some(0xff) | None => source.skip(1)?,
            Some(_) => break,
        }
    }
    let end = source.position();
    pieces.keep(start, end - start)
}

/// The colour profile, the density and the colour transform stay, each in its shortest form; of
/// EXIF the orientation does.
fn application<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
    marker: u8,
    met: &mut Met,
) -> Result<(), StripError> {
    let start = source.position();
    let length = payload_length(source)?;
    if !matches!(marker, APP0 | APP1 | APP2 | APP14) {
        return source.skip(length);
    }
    let payload = source.read_vec(length)?;
    match marker {
        APP0 if payload.starts_with(b"JFIF\0") && length >= 14 && !met.jfif => {
            met.jfif = true;
            // The last two of its 14 bytes are the size of a preview that would follow.
            pieces.add(&[0xff, APP0, 0, 16])?;
            pieces.add(&payload[..12])?;
            pieces.add(&[0, 0])
        }
        APP1 if payload.starts_with(b"Exif\0\0") && !met.exif => {
            met.exif = true;
            let Some(orientation) = orientation::of(&payload) else { return Ok(()) };
            let block = orientation::block(orientation);
            pieces.add(&[0xff, APP1, 0, block.len() as u8 + 8])?;
            pieces.add(b"Exif\0\0")?;
            pieces.add(&block)
        }
        APP2 if payload.starts_with(b"ICC_PROFILE\0") => {
            pieces.add(&[0xff, APP2])?;
            pieces.keep(start, length + 2)
        }
        APP14 if payload.starts_with(b"Adobe") && length >= 12 && !met.adobe => {
            met.adobe = true;
            pieces.add(&[0xff, APP14, 0, 14])?;
            pieces.add(&payload[..12])
        }
        _ => Ok(()),
    }
}
