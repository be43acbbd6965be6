//! GIF: pictures with their timing and the number of repetitions stay; comments, texts and
//! application data go, and so does whatever follows the last block.

use std::io::{Read, Seek};

use super::StripError;
use super::source::{Pieces, Source};

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
const TIMING: u8 = 0xf9;
const APPLICATION: u8 = 0xff;

pub(super) fn strip<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
) -> Result<(), StripError> {
    // Signature and screen; its fifth byte says how many colours follow.
    let head = source.read::<13>()?;
    source.skip(colours(head[10]))?;
    pieces.keep(0, source.position())?;
    loop {
        match source.read::<1>()?[0] {
            EXTENSION => extension(source, pieces)?,
            PICTURE => picture(source, pieces)?,
            TRAILER => return pieces.add(&[TRAILER]),
            _ => return Err(StripError::Unsafe("it holds a block of an unknown kind")),
        }
    }
}

/// Bytes of a table of colours, from the byte that announces it.
fn colours(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn picture<R: Read + Seek>(source: &mut Source<R>, pieces: &mut Pieces) -> Result<(), StripError> {
    let start = source.position() - 1;
    let place = source.read::<9>()?;
    // The last byte is the first code's length.
    source.skip(colours(place[8]) + 1)?;
    skip_blocks(source)?;
    pieces.keep(start, source.position() - start)
}

fn extension<R: Read + Seek>(
    source: &mut Source<R>,
    pieces: &mut Pieces,
) -> Result<(), StripError> {
    let start = source.position() - 1;
    let [kind] = source.read()?;
    let [length] = source.read()?;
    let first = source.read_vec(length.into())?;
    match (kind, first.as_slice()) {
        (TIMING, [_, _, _, _]) => {
            pieces.add(&[EXTENSION, TIMING, 4])?;
            pieces.add(&first)?;
            pieces.add(&[0])?;
        }
        (APPLICATION, b"NETSCAPE2.0" | b"ANIMEXTS1.0") => {
            if let [3, 1, low, high] = source.read()? {
                pieces.add(&[EXTENSION, APPLICATION, 11])?;
                pieces.add(&first)?;
                pieces.add(&[3, 1, low, high, 0])?;
            } else {
                return Err(StripError::Unsafe("its number of repetitions is not understood"));
            }
        }
        (APPLICATION, b"ICCRGBG1012") => {
            skip_blocks(source)?;
            return pieces.keep(start, source.position() - start);
        }
        _ if length == 0 => return Ok(()),
        _ => {}
    }
    skip_blocks(source)
}

/// Blocks of up to 255 bytes, each behind its length, up to one of length 0.
fn skip_blocks<R: Read + Seek>(source: &mut Source<R>) -> Result<(), StripError> {
    loop {
        let [length] = source.read()?;
        if length == 0 {
            return Ok(());
        }
        source.skip(length.into())?;
    }
}
