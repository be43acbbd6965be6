//! Fujifilm's raw files: a head that says where the JPEG file of the camera lies, which tells all.

use super::Found;

pub(super) const MARK: &[u8] = b"FUJIFILMCCD-RAW";

/// Where the head tells offset and length of the JPEG file.
const PICTURE: usize = 84;

pub(super) fn find(bytes: &[u8]) -> Found<'_> {
    let number = |at: usize| {
        let number = u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?);
        usize::try_from(number).ok()
    };
    let picture = || {
        let rest = bytes.get(number(PICTURE)?..)?;
        Some(&rest[..number(PICTURE + 4)?.min(rest.len())])
    };
    Found { pictures: picture().into_iter().collect(), ..Found::default() }
}
