//! A picture file without what it says about its photographer: position, serial numbers, names,
//! dates, comments, embedded previews.
//!
//! Only what is needed to show the picture stays: its pixels byte for byte, the colour profile,
//! and the orientation as the one entry of an EXIF block of its own. Everything is left out that is
//! not known to be needed. JPEG, PNG, WebP and GIF can be treated so; every other format, and a
//! file that does not keep to its format, is refused, and the caller shows a rendering instead.
//!
//! Nothing is decoded and little is read into memory: the result is a list of [`Piece`]s, most of
//! which are parts of the file.

mod gif;
mod jpeg;
mod orientation;
mod png;
mod source;
mod webp;

use std::io::{self, Read, Seek};

pub use source::Piece;
use source::{Pieces, Source};

use crate::format::{Format, Readable, SNIFF_BYTES, sniff};

/// Why a file cannot be served without its metadata.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StripError {
    /// The file cannot be read.
    #[error("cannot read the file: {0}")]
    Io(#[from] io::Error),
    /// It is of another format, or does not keep to it, so what it holds is not known.
    #[error("its metadata cannot be taken out: {0}")]
    Unsafe(&'static str),
}

/// The parts of a picture file that show the picture, in order.
///
/// # Errors
/// [`StripError::Unsafe`] for formats other than JPEG, PNG, WebP and GIF, and for files that end
/// early or hold something that is not known; [`StripError::Io`].
pub fn strip<R: Read + Seek>(file: R) -> Result<Vec<Piece>, StripError> {
    let mut source = Source::new(file)?;
    let start = source.peek(SNIFF_BYTES)?;
    let mut pieces = Pieces::default();
    match sniff(&start) {
        Some(Format::Read(Readable::Jpeg)) => jpeg::strip(&mut source, &mut pieces)?,
        Some(Format::Read(Readable::Png)) => png::strip(&mut source, &mut pieces)?,
        Some(Format::Read(Readable::WebP)) => webp::strip(&mut source, &mut pieces)?,
        Some(Format::Read(Readable::Gif)) => gif::strip(&mut source, &mut pieces)?,
        _ => return Err(StripError::Unsafe("it is no JPEG, PNG, WebP or GIF file")),
    }
    Ok(pieces.into_list())
}

/// As [`strip`], for a file in memory: the bytes of the stripped file.
///
/// # Errors
/// As [`strip`].
pub fn strip_bytes(bytes: &[u8]) -> Result<Vec<u8>, StripError> {
    let mut stripped = Vec::new();
    for piece in strip(io::Cursor::new(bytes))? {
        match piece {
            Piece::Made(part) => stripped.extend_from_slice(&part),
            Piece::Part { start, length } => {
                let part = bytes.get(start as usize..(start + length) as usize);
                stripped.extend_from_slice(part.unwrap_or_default());
            }
        }
    }
    Ok(stripped)
}

#[cfg(test)]
mod tests;
