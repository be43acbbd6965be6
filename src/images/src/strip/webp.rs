//! WebP: the chunks of pixels, colours and animation stay; EXIF, XMP and unknown chunks go, and so
//! does whatever follows the container.

use std::io::{Read, Seek};

use super::StripError;
use super::orientation;
use super::source::{Pieces, Source};

/// Flags in the extended header: the file holds EXIF, XMP.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
/// A longer EXIF block is left out.
const LONGEST_EXIF: u64 = 1 << 20;
/// Bytes before the frame's own chunks: place, size, duration, flags.
const FRAME_HEAD: u64 = 16;

/// A chunk's kind, and where it and its content (padded to an even length) lie.
struct Chunk {
    kind: [u8; 4],
    start: u64,
    length: u64,
    padded: u64,
}

pub(super) fn strip<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
) -> Result<(), StripError> {
    source.skip(4)?;
    let end = 8 + u64::from(u32::from_le_bytes(source.read()?));
    source.skip(4)?;
    let mut body = Pieces::default();
    let mut extended = None;
    let mut turned = None;
    while source.position() + 8 <= end {
        let chunk = next(source)?;
        match &chunk.kind {
            b"VP8X" if chunk.length == 10 && extended.is_none() => {
                extended = Some(source.read::<10>()?);
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ICCP" | b"ANIM" => {
                source.skip(chunk.padded)?;
                body.keep(chunk.start, 8 + chunk.padded)?;
            }
            b"ANMF" => frame(source, &chunk, &mut body)?,
            b"EXIF" if chunk.length <= LONGEST_EXIF && turned.is_none() => {
                turned = orientation::of(&source.read_vec(chunk.length)?);
                source.skip(chunk.padded - chunk.length)?;
            }
            _ => source.skip(chunk.padded)?,
        }
    }
    if body.len() == 0 {
        return Err(StripError::Unsafe("it holds no picture"));
    }
    write(pieces, extended, turned, body)
}

fn next<R: Read + Seek>(source: &mut Source<R>) -> Result<Chunk, StripError> {
    let start = source.position();
    let kind = source.read()?;
    let length = u64::from(u32::from_le_bytes(source.read()?));
    Ok(Chunk { kind, start, length, padded: length.next_multiple_of(2) })
}

/// A frame of an animation is a container of its own.
fn frame<R: Read + Seek>(
    source: &mut Source<R>,
    frame: &Chunk,
    body: &mut Pieces,
) -> Result<(), StripError> {
    let head = source.position();
    source.skip(FRAME_HEAD)?;
    let end = head + frame.length;
    let mut parts = Pieces::default();
    while source.position() + 8 <= end {
        let chunk = next(source)?;
        source.skip(chunk.padded)?;
        if matches!(&chunk.kind, b"VP8 " | b"VP8L" | b"ALPH") {
            parts.keep(chunk.start, 8 + chunk.padded)?;
        }
    }
    if source.position() > head + frame.padded {
        return Err(StripError::Unsafe("a frame is longer than it says"));
    }
    source.skip(head + frame.padded - source.position())?;
    body.add(b"ANMF")?;
    body.add(&length_of(FRAME_HEAD + parts.len())?)?;
    body.keep(head, FRAME_HEAD)?;
    body.append(parts)
}

/// Container, header that says what is still there, pixels, and the orientation at the end.
fn write(
    pieces: &mut Pieces,
    extended: Option<[u8; 10]>,
    turned: Option<u16>,
    body: Pieces,
) -> Result<(), StripError> {
    let mut head = Vec::new();
    let mut tail = Vec::new();
    if let Some(mut header) = extended {
        header[0] &= !(HAS_EXIF | HAS_XMP);
        if let Some(orientation) = turned {
            header[0] |= HAS_EXIF;
            let block = orientation::block(orientation);
            tail = [b"EXIF", &length_of(block.len() as u64)?[..], &block].concat();
        }
        head = [b"VP8X", &length_of(10)?[..], &header].concat();
    }
    let length = 4 + head.len() as u64 + body.len() + tail.len() as u64;
    pieces.add(b"RIFF")?;
    pieces.add(&length_of(length)?)?;
    pieces.add(b"WEBP")?;
    pieces.add(&head)?;
    pieces.append(body)?;
    pieces.add(&tail)
}

fn length_of(length: u64) -> Result<[u8; 4], StripError> {
    let length = u32::try_from(length);
    length.map(u32::to_le_bytes).map_err(|_| StripError::Unsafe("it is too long"))
}
