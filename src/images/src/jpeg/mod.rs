//! JPEG: grey, colour, CMYK and YCCK, complete or cut off.
//!
//! Ordinary files go through a decoder of our own, whose pixels are libjpeg-turbo's; damaged files
//! and rare kinds are zune-jpeg's. Metadata is read here.

mod decoder;
mod general;
mod ink;
mod packets;
mod segments;

use decoder::Picture;
use general::General;
use segments::{FrameHeader, Segments};

use crate::metadata::Packets;
use crate::source::{AnySource, Claim, Outcome, Source};
use crate::{ImageError, Stop, Wanted, reduction};

/// The value of rows that are missing.
const MISSING: u8 = 128;

/// Reads the headers. Unless the whole picture is wanted, the pixels may be reduced.
///
/// # Errors
/// `Unsupported` for legal kinds that are not decoded, by their names; `Damaged` without a
/// frame.
pub(crate) fn open<'a>(bytes: &'a [u8], wanted: &Wanted) -> Result<AnySource<'a>, ImageError> {
    let mut segments = Segments::new(bytes);
    let Some(frame) = segments.frame else {
        return Err(ImageError::damaged("jpeg", "it has no picture header"));
    };
    frame.check_kind()?;
    let packets = std::mem::take(&mut segments.packets);
    let size = (frame.width, frame.height);
    match Picture::open(bytes, size) {
        Some(picture) => {
            let eighths = if picture.has_inks() { 8 } else { reduction::eighths(size, wanted) };
            Ok(Box::new(Ordinary { bytes, frame, packets, picture, eighths }))
        }
        None => Ok(Box::new(General::open(bytes, frame, packets)?)),
    }
}

/// Pixels across and down of a file of a kind that is decoded, from its header.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let frame = Segments::new(bytes).frame?;
    frame.check_kind().ok()?;
    (frame.width > 0).then_some((frame.width, frame.height))
}

/// A file of a common kind that shows no damage so far.
struct Ordinary<'a> {
    bytes: &'a [u8],
    frame: FrameHeader,
    packets: Packets<'a>,
    picture: Picture<'a>,
    /// How large it is decoded, in eighths of its sides.
    eighths: u32,
}

impl<'a> Source<'a> for Ordinary<'a> {
    fn claim(&self) -> Claim {
        self.picture.claim(self.eighths)
    }

    fn take_packets(&mut self) -> Packets<'a> {
        std::mem::take(&mut self.packets)
    }

    fn decode(self: Box<Self>, stop: &Stop) -> Result<Outcome<'a>, ImageError> {
        if let Some(raster) = self.picture.decode(self.eighths, stop) {
            return Ok(Outcome::Pixels(raster));
        }
        stop.check()?;
        let general = General::open(self.bytes, self.frame, Packets::default())?;
        Ok(Outcome::Instead(Box::new(general)))
    }
}

/// Refuses a picture of which less than half has been decoded.
fn check_extent(bytes: &[u8], data: &[u8], row_bytes: usize) -> Result<(), ImageError> {
    let rows = data.len() / row_bytes;
    let is_missing = |row: &&[u8]| row.iter().all(|value| *value == MISSING);
    let missing = data.rchunks_exact(row_bytes).take_while(is_missing).count();
    if missing == 0 || ends_properly(bytes) && missing < rows {
        return Ok(());
    }
    if missing * 2 > rows {
        let detail = format!("cut off, {} of {rows} rows are there", rows - missing);
        return Err(ImageError::damaged("jpeg", &detail));
    }
    let name = crate::subject::name("a jpeg");
    log::warn!("{name} is cut off: {missing} of {rows} rows are missing and stay grey");
    Ok(())
}

/// Whether an end-of-image marker is among the last bytes (some cameras append padding).
fn ends_properly(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(4096)..];
    tail.windows(2).any(|pair| pair == [0xff, 0xd9])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The golden pictures, which are whole.
    fn goldens() -> Vec<u8> {
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
        std::fs::read(std::path::Path::new(fixtures).join("jpeg/golden.safetensors")).unwrap()
    }

    #[test]
    fn every_loop_of_our_decoder_looks_at_the_flag() {
        let bytes = goldens();
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap().tensors();
        let files: Vec<_> = tensors.iter().filter(|(name, _)| !name.ends_with("pixels")).collect();
        let (going, stopped) = (Stop::new(), Stop::new());
        stopped.stop();
        for (name, file) in &files {
            for wanted in [Wanted::Photo, Wanted::Thumbnail(1)] {
                let open = || open(file.data(), &wanted).unwrap();
                assert!(matches!(open().decode(&going), Ok(Outcome::Pixels(_))), "{name}");
                // A decoder that does not look would give the pixels all the same.
                assert!(matches!(open().decode(&stopped), Err(ImageError::Stopped)), "{name}");
            }
        }
        assert_eq!(files.len(), 90);
    }

    #[test]
    fn less_than_half_of_the_rows_is_damage() {
        let rows = |there: usize| [vec![7u8; there * 3], vec![MISSING; (10 - there) * 3]].concat();
        assert!(check_extent(b"no end", &rows(4), 3).is_err());
        assert!(check_extent(b"no end", &rows(5), 3).is_ok());
        assert!(check_extent(b"end \xff\xd9", &rows(4), 3).is_ok());
        assert!(check_extent(b"end \xff\xd9", &rows(0), 3).is_err());
    }
}
