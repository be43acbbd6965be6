//! The picture that is taken of an icon file, when it is a PNG.

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// An entry of the directory.
#[derive(Clone, Copy)]
struct Entry {
    /// Bits of a pixel, then pixels: the largest is taken.
    score: (u16, u32),
    offset: u32,
}

/// The bytes from that PNG's beginning on. The choice is that of the `image` crate, which takes
/// pictures of the other kind.
pub(super) fn png_inside(bytes: &[u8]) -> Option<&[u8]> {
    let count = u16::from_le_bytes(*bytes.get(4..)?.first_chunk()?);
    let entries: Option<Vec<Entry>> =
        (0..usize::from(count)).map(|i| entry(bytes.get(6 + i * 16..)?)).collect();
    let (last, others) = entries.as_ref()?.split_last()?;
    let better = |best: Entry, entry: &Entry| if entry.score > best.score { *entry } else { best };
    let best = others.iter().fold(*last, better);
    bytes.get(best.offset as usize..).filter(|picture| picture.starts_with(PNG))
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let side = |at: usize| u32::from(bytes[at].wrapping_sub(1)) + 1;
    let [_, _, _, _, _, _, b1, b2, _, _, _, _, o1, o2, o3, o4] = *bytes.first_chunk::<16>()?;
    let score = (u16::from_le_bytes([b1, b2]), side(0) * side(1));
    Some(Entry { score, offset: u32::from_le_bytes([o1, o2, o3, o4]) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_picture_is_taken() {
        let entry = |side: u8, offset: u32| {
            let mut entry = vec![side, side, 0, 0, 1, 0, 32, 0, 9, 0, 0, 0];
            entry.extend(offset.to_le_bytes());
            entry
        };
        // A side of 0 stands for 256.
        let mut file = [b"\0\0\x01\0\x03\0".to_vec(), entry(16, 0), entry(0, 54), entry(64, 0)];
        let bytes = [file.concat(), PNG.to_vec()].concat();
        assert_eq!(png_inside(&bytes), Some(PNG));
        file[1] = entry(0, 0);
        assert_eq!(png_inside(&file.concat()), None);
        for length in 0..bytes.len() {
            png_inside(&bytes[..length]);
        }
    }
}
