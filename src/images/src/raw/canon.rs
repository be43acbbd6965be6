//! Canon's metadata in ISO media boxes stands in several TIFF structures: they become one, as other
//! files have it.

use crate::tiff::ifd::Structure;

/// Pointers to the camera's directory and to that of the position.
const CAMERA: u16 = 0x8769;
const GPS: u16 = 0x8825;

/// Longer structures are not joined.
const LONGEST: usize = 1 << 20;
const ENTRY: usize = 12;

/// The main structure with the directories of the others. `None` where one is broken, or they count
/// in different orders.
pub(super) fn joined(main: &[u8], camera: Option<&[u8]>, gps: Option<&[u8]>) -> Option<Vec<u8>> {
    let structure = Structure::parse(main).filter(|_| main.len() <= LONGEST)?;
    let little = structure.order.is_little;
    let mut out = main.to_vec();
    let mut entries = raw_entries(main, structure.first, little)?;
    entries.retain(|entry| !matches!(number(&entry[..2], little), n if n == u32::from(CAMERA) || n == u32::from(GPS)));
    for (tag, block) in [(CAMERA, camera), (GPS, gps)] {
        let Some(block) = block else { continue };
        let other = Structure::parse(block)?;
        if other.order != structure.order || block.len() > LONGEST {
            return None;
        }
        let base = out.len();
        out.extend(moved(block, other.first, base, little)?);
        let at = put(base + other.first, 4, little);
        let entry = [&put(tag.into(), 2, little)[..], &put(4, 2, little), &put(1, 4, little), &at];
        entries.push(entry.concat());
    }
    entries.sort_by_key(|entry| number(&entry[..2], little));
    let first = put(out.len(), 4, little);
    out.extend(put(entries.len(), 2, little));
    out.extend(entries.concat());
    out.extend([0; 4]);
    out[4..8].copy_from_slice(&first);
    Some(out)
}

/// A structure whose directory counts its positions from `base` bytes before it.
fn moved(block: &[u8], first: usize, base: usize, little: bool) -> Option<Vec<u8>> {
    let mut out = block.to_vec();
    let count = raw_entries(block, first, little)?.len();
    for entry in out.get_mut(first + 2..)?.chunks_exact_mut(ENTRY).take(count) {
        let size = match number(&entry[2..4], little) {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            _ => 8,
        };
        if u64::from(number(&entry[4..8], little)) * size > 4 {
            let at = number(&entry[8..], little) as usize;
            entry[8..].copy_from_slice(&put(at.checked_add(base)?, 4, little));
        }
    }
    Some(out)
}

fn raw_entries(block: &[u8], first: usize, little: bool) -> Option<Vec<Vec<u8>>> {
    let rest = block.get(first..)?;
    let count = number(rest.get(..2)?, little) as usize;
    let entries = rest.get(2..)?.chunks_exact(ENTRY).take(count);
    Some(entries.map(<[u8]>::to_vec).collect())
}

fn number(bytes: &[u8], little: bool) -> u32 {
    let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
    if little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
}

fn put(number: usize, size: usize, little: bool) -> Vec<u8> {
    let mut bytes: Vec<u8> = (number as u32).to_le_bytes()[..size].to_vec();
    if !little {
        bytes.reverse();
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(entries: &[(u16, u16, u32, [u8; 4])], more: &[u8]) -> Vec<u8> {
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        out.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(count.to_le_bytes());
            out.extend(value);
        }
        out.extend([0; 4]);
        out.extend(more);
        out
    }

    #[test]
    fn the_directories_of_others_are_found_in_one_structure() {
        let main = block(&[(274, 3, 1, [6, 0, 0, 0])], b"");
        let camera = block(&[(0x9003, 2, 20, 26u32.to_le_bytes())], b"2024:05:06 07:08:09\0");
        let whole = joined(&main, Some(&camera), None).unwrap();
        let structure = Structure::parse(&whole).unwrap();
        let directory = structure.directory(structure.first).unwrap();
        assert_eq!(directory.number(274), Some(6));
        let inner = structure.directory(directory.number(CAMERA).unwrap() as usize).unwrap();
        assert_eq!(inner.bytes(0x9003), Some(&b"2024:05:06 07:08:09\0"[..]));
        for length in 0..camera.len() {
            joined(&main, Some(&camera[..length]), Some(&camera[..length / 2]));
            joined(&main[..length.min(main.len())], None, None);
        }
    }
}
