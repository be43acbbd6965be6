//! A strip or tile that is a JPEG file of its own (TIFF Technical Note 2): its tables may stand in the
//! directory, and what its colours are is told there too.

use super::layout::Layout;
use crate::source::{Claim, Outcome};
use crate::{ImageError, Stop, Wanted, jpeg};

/// Adobe's segment: the last byte says that colours are stored as they are (0) or as luma and
/// differences (1).
const ADOBE: &[u8; 16] = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0";

/// The samples of a part, and how many there are across. `most` bytes may be held.
///
/// # Errors
/// `Damaged`, and `Unsupported` for what takes more than `most`.
pub(super) fn decode(
    layout: &Layout,
    part: &[u8],
    most: u64,
    stop: &Stop,
) -> Result<(Vec<u8>, usize), ImageError> {
    let spliced = spliced(layout, part);
    let mut source = jpeg::open(&spliced, &Wanted::Photo)?;
    let mut data = loop {
        let Claim { width, height, peak, .. } = source.claim();
        let fits = width as usize <= layout.part.0.next_multiple_of(64)
            && height as usize <= layout.part.1.next_multiple_of(64);
        if !fits || peak > most {
            return Err(ImageError::damaged("tiff", "a part of it is larger than it should be"));
        }
        match source.decode(stop)? {
            Outcome::Instead(other) => source = other,
            Outcome::Pixels(raster) => break raster,
        }
    };
    if data.channels.count() != layout.samples_of_part() {
        return Err(ImageError::damaged("tiff", "a part of it has other colours"));
    }
    // Inks come out as they are shown; here they are samples.
    if data.channels == crate::raster::Channels::Cmyk {
        data.data.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok((data.data, data.width as usize))
}

/// The part with its tables, and with what TIFF says of its colours in place of what it says itself.
fn spliced(layout: &Layout, part: &[u8]) -> Vec<u8> {
    let mut file = b"\xff\xd8".to_vec();
    file.extend(ADOBE);
    file[2 + ADOBE.len() - 1] = u8::from(layout.is_luma);
    for piece in [layout.jpeg_tables.unwrap_or(&[]), part] {
        append_segments(piece, &mut file);
    }
    file
}

/// Everything from behind the first marker on, without application segments, up to the end marker of
/// tables.
fn append_segments(piece: &[u8], out: &mut Vec<u8>) {
    let mut rest = piece.strip_prefix(b"\xff\xd8").unwrap_or(piece);
    while let [0xff, marker, more @ ..] = rest {
        let length = match (marker, more.first_chunk()) {
            (0xd9, _) => return,
            (0xda, _) | (_, None) => break,
            (_, Some(length)) => usize::from(u16::from_be_bytes(*length)),
        };
        let (segment, behind) = rest.split_at((2 + length).min(rest.len()));
        if !matches!(marker, 0xe0..=0xef | 0xfe) {
            out.extend(segment);
        }
        rest = behind;
    }
    out.extend(rest);
}
