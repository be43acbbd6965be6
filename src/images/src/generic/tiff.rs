//! What a TIFF file takes, told from its first directory. The file itself is the EXIF block.

use super::Claim;
use crate::ImageError;
use crate::metadata::Packets;
use crate::metadata::directory::{Directories, Place, Tag};

const WIDTH: Tag = Tag(Place::Main, 256);
const HEIGHT: Tag = Tag(Place::Main, 257);
const BITS: Tag = Tag(Place::Main, 258);
const COMPRESSION: Tag = Tag(Place::Main, 259);
const STRIP_OFFSETS: Tag = Tag(Place::Main, 273);
const SAMPLES: Tag = Tag(Place::Main, 277);
const ROWS_PER_STRIP: Tag = Tag(Place::Main, 278);
const TILE_WIDTH: Tag = Tag(Place::Main, 322);
const TILE_HEIGHT: Tag = Tag(Place::Main, 323);
const TILE_OFFSETS: Tag = Tag(Place::Main, 324);
const PROFILE: Tag = Tag(Place::Main, 34_675);

/// Compressions whose parts are decoded as a whole: JPEG, old and new, WebP.
const WHOLE_PARTS: [u64; 3] = [6, 7, 50_001];

/// Parts may reach beyond the picture, but all together no further than this many times its size,
const MOST_OF_PARTS: u64 = 4;
/// and this many pixels, for small pictures.
const FREE_PARTS: u64 = 1 << 24;

/// Offsets of the directory's parts, of which each row may have one for every sample and tile.
const MOST_PARTS: u64 = 1 << 20;

/// # Errors
/// `Damaged` without a directory; `Unsupported` when its parts are far more than the picture.
pub(super) fn read(bytes: &[u8]) -> Result<(Claim, Packets<'_>), ImageError> {
    let broken = || ImageError::damaged("tiff", "its first directory is broken or cut off");
    let all = Directories::parse(bytes).ok_or_else(broken)?;
    let side = |tag| all.unsigned(tag).and_then(|side| u32::try_from(side).ok());
    let (width, height) = side(WIDTH).zip(side(HEIGHT)).ok_or_else(broken)?;
    let samples = all.unsigned(SAMPLES).unwrap_or(1).clamp(1, 256);
    let size = all.unsigned(BITS).unwrap_or(1).div_ceil(8).clamp(1, 8) * samples;
    let part = part(&all, width, height);
    check_parts(&all, part, u64::from(width) * u64::from(height))?;
    let compression = all.unsigned(COMPRESSION).unwrap_or(1);
    let held = match WHOLE_PARTS.contains(&compression) {
        true => part.0.saturating_mul(part.1).saturating_mul(size) + bytes.len() as u64,
        false => part.0.saturating_mul(size * 2),
    };
    // Once as the file has it, once as the decoder gives it, and the offsets of all parts.
    let fixed = held.saturating_add(parts(&all) * 64 + (1 << 20));
    let decoded = Claim::new((width, height), size, size, fixed);
    let channels = Claim::new((width, height), samples.min(4), 0, 0).pixels;
    let profile = all.find(PROFILE).map(|entry| entry.bytes.into());
    let packets = Packets { exif: Some(bytes.into()), profile, ..Packets::default() };
    Ok((Claim { pixels: channels, ..decoded }, packets))
}

/// Pixels across and down of a tile or strip.
fn part(all: &Directories, width: u32, height: u32) -> (u64, u64) {
    match all.unsigned(TILE_WIDTH).zip(all.unsigned(TILE_HEIGHT)) {
        Some(tile) => tile,
        None => {
            let rows = all.unsigned(ROWS_PER_STRIP).unwrap_or(height.into());
            (width.into(), rows.min(height.into()))
        }
    }
}

/// How many tiles or strips there are.
fn parts(all: &Directories) -> u64 {
    let offsets = all.find(TILE_OFFSETS).or_else(|| all.find(STRIP_OFFSETS));
    offsets.map_or(0, |entry| (entry.bytes.len() / entry.kind.size()) as u64)
}

/// All parts may point to the same few bytes: their work is bound by the size of the picture.
fn check_parts(all: &Directories, part: (u64, u64), pixels: u64) -> Result<(), ImageError> {
    let count = parts(all);
    let area = part.0.saturating_mul(part.1).saturating_mul(count);
    // Planes of their own have as many parts for each sample.
    let most = pixels.saturating_mul(MOST_OF_PARTS * 4).saturating_add(FREE_PARTS);
    if count > MOST_PARTS || area > most {
        let detail = format!("{count} parts of {} x {} pixels", part.0, part.1);
        return Err(ImageError::variant("tiff", &detail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Little-endian, with numbers of 32 bits.
    fn tiff(tags: &[(u16, u32)]) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend((tags.len() as u16).to_le_bytes());
        for (tag, value) in tags {
            bytes.extend(tag.to_le_bytes());
            bytes.extend([4, 0, 1, 0, 0, 0]);
            bytes.extend(value.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn the_pixels_are_counted_as_stored_and_as_given() {
        let bytes = tiff(&[(256, 100), (257, 50), (258, 16), (277, 3), (278, 50)]);
        let (claim, packets) = read(&bytes).unwrap();
        assert_eq!((claim.width, claim.height, claim.pixels), (100, 50, 15_000));
        assert!(claim.peak >= 2 * 100 * 50 * 6);
        assert_eq!(packets.exif.map(|exif| exif.len()), Some(bytes.len()));
        assert!(read(&bytes[..30]).is_err());
    }

    #[test]
    fn tiles_far_larger_than_the_picture_are_refused() {
        let bytes = tiff(&[(256, 16), (257, 16), (322, 1 << 20), (323, 1 << 20), (324, 8)]);
        let error = read(&bytes).unwrap_err().to_string();
        assert!(error.contains("1 parts of 1048576 x 1048576"), "{error}");
        assert!(read(&tiff(&[(256, 16), (257, 16), (322, 256), (323, 256), (324, 8)])).is_ok());
    }
}
