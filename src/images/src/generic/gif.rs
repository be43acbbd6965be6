//! What the first frame of a GIF file takes, told from the blocks before it (GIF89a).

use super::Claim;
use crate::metadata::{Packets, gif_texts};

/// The decoder keeps at most 50 MB of a file's extensions.
const MOST_KEPT: u64 = 50_000_000;

/// `None` where there is no frame.
pub(super) fn read(bytes: &[u8]) -> Option<(Claim, Packets<'_>)> {
    let screen = sizes(bytes.get(6..)?)?;
    let mut at = 13 + table_bytes(*bytes.get(10)?);
    let mut kept = 0;
    loop {
        match *bytes.get(at)? {
            // An extension: its label, then blocks with their lengths up to an empty one.
            0x21 => {
                at += 2;
                loop {
                    let length = usize::from(*bytes.get(at)?);
                    at += 1 + length;
                    kept += 1 + length as u64;
                    if length == 0 {
                        break;
                    }
                }
            }
            // An image descriptor: its place, then its size.
            0x2c => break,
            _ => return None,
        }
    }
    let frame = sizes(bytes.get(at + 5..)?)?;
    // A frame that does not fill the screen is decoded beside it. Both have four channels.
    let beside = Claim::new(frame, 4, 0, 0).pixels;
    // Extensions are handed out as copies.
    let fixed = beside + kept.min(MOST_KEPT) * 2 + (1 << 20);
    Some((Claim::new(screen, 4, 0, fixed), gif_texts::read(bytes)))
}

/// Pixels across and down.
fn sizes(bytes: &[u8]) -> Option<(u32, u32)> {
    let [w1, w2, h1, h2] = *bytes.first_chunk()?;
    Some((u16::from_le_bytes([w1, w2]).into(), u16::from_le_bytes([h1, h2]).into()))
}

/// Bytes of the table of colours that the flags announce.
fn table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_counts_beside_the_screen() {
        let mut file = b"GIF89a\x0a\0\x05\0\x80\0\0".to_vec();
        file.extend([0; 6]);
        file.extend(b"\x21\xfe\x03abc\0");
        file.extend(b"\x2c\0\0\0\0\xff\xff\xff\xff\0");
        let (claim, _) = read(&file).unwrap();
        assert_eq!((claim.width, claim.height, claim.pixels), (10, 5, 200));
        assert!(claim.peak > 65_535 * 65_535 * 4);
        for length in 0..file.len() - 1 {
            assert!(read(&file[..length]).is_none());
        }
    }
}
