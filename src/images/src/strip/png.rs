//! PNG: chunks that decoders need stay; texts, times, EXIF and private chunks go, and so does
//! whatever follows the last chunk.

use std::io::{Read, Seek};

use super::StripError;
use super::orientation;
use super::source::{Pieces, Source};

/// Pixels, palette, transparency, colours, density, background and animation.
const KEPT: [&[u8; 4]; 19] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"sTER",
];
/// A longer colour profile or EXIF block is left out.
const LONGEST_READ: u64 = 4 << 20;
/// Bytes of a chunk besides its content: length, kind, checksum.
const FRAME: u64 = 12;

pub(super) fn strip<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
) -> Result<(), StripError> {
    source.skip(8)?;
    pieces.keep(0, 8)?;
    let mut exif = false;
    loop {
        let start = source.position();
        let length = u64::from(u32::from_be_bytes(source.read()?));
        let kind = source.read::<4>()?;
        match &kind {
            b"iCCP" if length <= LONGEST_READ => profile(&source.read_vec(length)?, pieces)?,
            b"eXIf" if length <= LONGEST_READ && !exif => {
                exif = true;
                if let Some(orientation) = orientation::of(&source.read_vec(length)?) {
                    chunk(pieces, &kind, &orientation::block(orientation))?;
                }
            }
            kept if KEPT.contains(&kept) => {
                source.skip(length)?;
                pieces.keep(start, length + FRAME)?;
            }
            // A capital first letter: decoders may not leave it out.
            [b'A'..=b'Z', ..] => return Err(StripError::Unsafe("it holds an unknown chunk")),
            _ => source.skip(length)?,
        }
        source.skip(4)?;
        if kind == *b"IEND" {
            return Ok(());
        }
    }
}

/// The profile under a name that says nothing.
fn profile(content: &[u8], pieces: &mut Pieces) -> Result<(), StripError> {
    let Some(end) = content.iter().take(80).position(|byte| *byte == 0) else { return Ok(()) };
    chunk(pieces, b"iCCP", &[b"icc", &content[end..]].concat())
}

fn chunk(pieces: &mut Pieces, kind: &[u8; 4], content: &[u8]) -> Result<(), StripError> {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(kind);
    checksum.update(content);
    pieces.add(&(content.len() as u32).to_be_bytes())?;
    pieces.add(kind)?;
    pieces.add(content)?;
    pieces.add(&checksum.finalize().to_be_bytes())
}
