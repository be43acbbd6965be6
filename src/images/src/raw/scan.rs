//! JPEG files anywhere in a file, where no directory tells of them: some makers keep them in notes of
//! their own.

use crate::jpeg;

/// Beginnings that are looked at.
const MOST: usize = 256;
/// How far into a file its header is looked for.
const HEAD: usize = 256 << 10;

/// Files whose headers can be read; what follows each of them is left at their ends.
pub(super) fn find(bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let mut at = 0;
    for _ in 0..MOST {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Some(next) = rest.windows(4).position(is_beginning) else { break };
        let picture = &rest[next..];
        if jpeg::size(&picture[..picture.len().min(HEAD)]).is_some() {
            found.push(picture);
        }
        at += next + 3;
    }
    found
}

/// A marker that begins a file, and one that may follow it.
fn is_beginning(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
        && matches!(bytes[3], 0xc0 | 0xc4 | 0xdb | 0xe0..=0xef | 0xfe)
}
