//! The head file: 64 bytes beside the database that can be read without it.
//!
//! | bytes | meaning |
//! |---|---|
//! | 0..8 | `seercat` and a zero byte |
//! | 8..12 | format, u32 |
//! | 12..20 | watermark known to be on the disk, u64 |
//! | 20 | 1: closed in order; 0: written to since |
//! | 21..24 | zero |
//! | 24..56 | the program that wrote it last, UTF-8, padded with zeros |
//! | 56..64 | first 8 bytes of BLAKE3 of bytes 0..56 |
//!
//! Numbers are little-endian. Later formats keep bytes 0..12 and 24..64, so that every version
//! can refuse what it cannot read. sled's recovery drops whatever follows a damaged place in its
//! log without a word; the watermark here is how that is noticed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

const FILE: &str = "head";
const MAGIC: &[u8; 8] = b"seercat\0";
const LENGTH: usize = 64;
const NAME: std::ops::Range<usize> = 24..56;
const SUM: usize = 56;

/// What the head file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Head {
    pub(crate) format: u32,
    pub(crate) watermark: u64,
    pub(crate) clean: bool,
    pub(crate) written_by: String,
}

/// What was found where the head file should be.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Found {
    Nothing,
    Unreadable,
    Head(Head),
}

/// "seer 0.1.0", as it is written into heads.
pub(crate) fn this_program() -> String {
    concat!("seer ", env!("CARGO_PKG_VERSION")).to_owned()
}

impl Head {
    fn to_bytes(&self) -> [u8; LENGTH] {
        let mut bytes = [0u8; LENGTH];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&self.format.to_le_bytes());
        bytes[12..20].copy_from_slice(&self.watermark.to_le_bytes());
        bytes[20] = u8::from(self.clean);
        let name = self.written_by.as_bytes();
        let length = name.len().min(NAME.len());
        bytes[NAME][..length].copy_from_slice(&name[..length]);
        let sum = checksum(&bytes);
        bytes[SUM..].copy_from_slice(&sum);
        bytes
    }

    fn from_bytes(bytes: &[u8; LENGTH]) -> Option<Self> {
        if &bytes[..8] != MAGIC || bytes[SUM..] != checksum(bytes) {
            return None;
        }
        let name = String::from_utf8_lossy(&bytes[NAME]);
        Some(Self {
            format: u32::from_le_bytes(bytes[8..12].try_into().ok()?),
            watermark: u64::from_le_bytes(bytes[12..20].try_into().ok()?),
            clean: bytes[20] == 1,
            written_by: name.trim_end_matches('\0').to_owned(),
        })
    }
}

fn checksum(bytes: &[u8; LENGTH]) -> [u8; 8] {
    let mut sum = [0u8; 8];
    sum.copy_from_slice(&blake3::hash(&bytes[..SUM]).as_bytes()[..8]);
    sum
}

/// Reads the head of `folder`.
pub(crate) fn read(folder: &Path) -> io::Result<Found> {
    let mut bytes = Vec::new();
    match File::open(folder.join(FILE)) {
        Ok(file) => file.take(LENGTH as u64 + 1).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    let head = <&[u8; LENGTH]>::try_from(bytes.as_slice()).ok().and_then(Head::from_bytes);
    Ok(head.map_or(Found::Unreadable, Found::Head))
}

/// Replaces the head of `folder` in place: one write inside one disk sector. With `sync` it is on
/// the disk on return; without, the system writes it when it likes, and an older head is found
/// after a power cut, which is harmless.
pub(crate) fn write(folder: &Path, head: &Head, sync: bool) -> io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(false).open(folder.join(FILE))?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&head.to_bytes())?;
    file.set_len(LENGTH as u64)?;
    if sync {
        file.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head { format: 1, watermark: 0x0102_0304, clean: true, written_by: "seer 9.8.7".into() }
    }

    #[test]
    fn survives_a_round_trip_at_the_documented_places() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), Found::Nothing);
        write(folder.path(), &head(), true).unwrap();
        assert_eq!(read(folder.path()).unwrap(), Found::Head(head()));
        let bytes = std::fs::read(folder.path().join(FILE)).unwrap();
        assert_eq!(bytes.len(), 64);
        assert_eq!(&bytes[..21], b"seercat\0\x01\0\0\0\x04\x03\x02\x01\0\0\0\0\x01");
        assert_eq!(&bytes[24..34], b"seer 9.8.7");
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let whole = head().to_bytes();
        for position in 0..LENGTH {
            let mut bytes = whole;
            bytes[position] ^= 1 << (position % 8);
            std::fs::write(folder.path().join(FILE), bytes).unwrap();
            assert_eq!(read(folder.path()).unwrap(), Found::Unreadable, "flip at {position}");
            std::fs::write(folder.path().join(FILE), &whole[..position]).unwrap();
            assert_eq!(read(folder.path()).unwrap(), Found::Unreadable, "cut at {position}");
        }
    }
}
