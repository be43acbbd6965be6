//! A thumbnail as it is kept: the JPEG, and behind its end what tells whether it is whole.
//!
//! | bytes | meaning |
//! |---|---|
//! | … | the JPEG |
//! | 8 | `seerthmb` |
//! | 4 | length of the JPEG in bytes, u32, little-endian |
//! | 8 | the first 8 bytes of its BLAKE3 |

const MARK: &[u8; 8] = b"seerthmb";
const TRAILER: usize = MARK.len() + 4 + 8;

/// The JPEG with its trailer. Viewers do not look behind a JPEG's end.
pub(crate) fn seal(jpeg: &[u8]) -> Vec<u8> {
    let length = u32::try_from(jpeg.len()).unwrap_or(u32::MAX).to_le_bytes();
    [jpeg, MARK, &length, &sum(jpeg)].concat()
}

/// The JPEG, if it is whole and as it was written.
pub(crate) fn unseal(mut kept: Vec<u8>) -> Option<Vec<u8>> {
    let length = kept.len().checked_sub(TRAILER)?;
    let (jpeg, trailer) = kept.split_at(length);
    let expected = u32::try_from(length).ok()?.to_le_bytes();
    let sound = trailer[..8] == *MARK && trailer[8..12] == expected && trailer[12..] == sum(jpeg);
    sound.then(|| {
        kept.truncate(length);
        kept
    })
}

/// Whether an edition of seer before this one wrote it, without a trailer, to its end.
pub(crate) fn is_without_trailer(kept: &[u8]) -> bool {
    kept.starts_with(&[0xff, 0xd8]) && kept.ends_with(&[0xff, 0xd9])
}

fn sum(jpeg: &[u8]) -> [u8; 8] {
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(jpeg).as_bytes()[..8]);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed() {
        let jpeg = b"\xff\xd8 a picture \xff\xd9".to_vec();
        let kept = seal(&jpeg);
        assert_eq!(unseal(kept.clone()), Some(jpeg.clone()));
        for place in 0..kept.len() {
            let mut other = kept.clone();
            other[place] ^= 1 << (place % 8);
            assert_eq!(unseal(other), None, "flip at {place}");
            assert_eq!(unseal(kept[..place].to_vec()), None, "cut at {place}");
        }
        assert_eq!(unseal(jpeg.clone()), None, "without a trailer");
        assert!(is_without_trailer(&jpeg) && !is_without_trailer(&kept));
    }
}
