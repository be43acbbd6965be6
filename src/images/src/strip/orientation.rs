//! The one fact of an EXIF block that is needed to show a picture upright.

use crate::metadata::{Packets, read_facts};

/// The orientation in an EXIF block (a TIFF structure), 2 to 8; `None` when the picture is upright
/// as it is, or nothing is known.
pub(super) fn of(exif: &[u8]) -> Option<u16> {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let found = read_facts(&Packets { exif: Some(exif.into()), ..Packets::default() }).orientation;
    (2..=8).contains(&found).then_some(found)
}

/// An EXIF block that says this and nothing else: one directory with one entry (tag 0x0112, one
/// 16-bit number), little endian.
pub(super) fn block(orientation: u16) -> Vec<u8> {
    let mut block = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend_from_slice(&orientation.to_le_bytes());
    block.extend_from_slice(&[0; 6]);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_orientation_survives() {
        for orientation in 2..=8 {
            assert_eq!(of(&block(orientation)), Some(orientation));
            assert_eq!(of(&[b"Exif\0\0", &block(orientation)[..]].concat()), Some(orientation));
        }
        assert_eq!(of(&block(1)), None);
        assert_eq!(of(b"nonsense"), None);
        assert_eq!(block(6).len(), 26);
    }
}
