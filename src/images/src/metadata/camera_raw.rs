//! Telling camera raw files, which are TIFF files inside, from TIFF pictures.

/// `NewSubfileType`: bit 0 says that this is a reduced copy of another picture in the file.
const SUBFILE_TYPE: u16 = 254;
/// Where further directories lie: in raw files, the sensor's own data.
const SUB_DIRECTORIES: u16 = 330;
/// Every DNG has it.
const DNG_VERSION: u16 = 50_706;

/// Whether a TIFF file is a camera raw file (DNG, NEF, ARW, PEF, …): its first picture is then
/// only a small preview.
pub(crate) fn is_camera_raw(tiff: &[u8]) -> bool {
    let Some(entries) = first_directory(tiff) else { return false };
    let has = |wanted: u16| entries.iter().any(|(tag, _)| *tag == wanted);
    let is_reduced = entries.iter().any(|(tag, value)| *tag == SUBFILE_TYPE && value & 1 == 1);
    has(DNG_VERSION) || is_reduced && has(SUB_DIRECTORIES)
}

/// Tags of the first directory with their value field (read as one 32-bit number).
fn first_directory(tiff: &[u8]) -> Option<Vec<(u16, u32)>> {
    let little = tiff.starts_with(b"II*\0");
    if !little && !tiff.starts_with(b"MM\0*") {
        return None;
    }
    let u16_at = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let u32_at = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let start = u32_at(4)? as usize;
    let count = usize::from(u16_at(start)?);
    let entry = |i: usize| {
        let at = start + 2 + i * 12;
        Some((u16_at(at)?, u32_at(at + 8)?))
    };
    Some((0..count).map_while(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_reduced_first_picture_with_others_behind_it_is_raw() {
        assert!(is_camera_raw(&tiff(&[(254, 1), (330, 900)])));
        assert!(is_camera_raw(&tiff(&[(254, 0), (50_706, 0x401)])));
        assert!(!is_camera_raw(&tiff(&[(254, 0), (330, 900)])));
        assert!(!is_camera_raw(&tiff(&[(254, 1)])));
        assert!(!is_camera_raw(b"II*\0\xff\xff\xff\xff"));
        assert!(!is_camera_raw(b"MM"));
    }
}
