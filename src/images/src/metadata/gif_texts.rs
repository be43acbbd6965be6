//! Comments and XMP of GIF files (GIF89a; XMP part 3, 1.1.2), wherever among the frames they stand.

use super::Packets;
use super::bounds::LARGEST_XMP;
use super::container_text::ContainerText;

/// Most comments that are read.
const MOST_COMMENTS: usize = 20;
/// Bytes of a comment that are read.
const LONGEST_COMMENT: usize = 16 << 10;

/// What stands behind a packet of XMP, so that readers that know nothing of it find the end.
const MAGIC_TRAILER: usize = 257;

/// Reads as much as can be read.
pub(crate) fn read(bytes: &[u8]) -> Packets<'_> {
    let mut found = Packets::default();
    walk(bytes, &mut found);
    found
}

fn walk<'a>(bytes: &'a [u8], found: &mut Packets<'a>) -> Option<()> {
    let mut at = 13 + table_bytes(*bytes.get(10)?);
    loop {
        match *bytes.get(at)? {
            0x21 => {
                let label = *bytes.get(at + 1)?;
                let end = blocks_end(bytes, at + 2)?;
                extension(label, &bytes[at + 2..end], found);
                at = end;
            }
            // Place, size and flags, a table of colours, the first code's length, then blocks.
            0x2c => at = blocks_end(bytes, at + 11 + table_bytes(*bytes.get(at + 9)?))?,
            _ => return None,
        }
    }
}

/// The end of blocks, each with its length before it, up to an empty one.
fn blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

fn extension<'a>(label: u8, blocks: &'a [u8], found: &mut Packets<'a>) {
    match label {
        0xfe if found.texts.len() < MOST_COMMENTS => {
            let text = joined(blocks).into();
            found.texts.push(ContainerText { keyword: b"", text });
        }
        // The packet is not cut into blocks.
        0xff if found.xmp.is_none() => {
            let packet = blocks.strip_prefix(b"\x0bXMP DataXMP");
            let packet =
                packet.and_then(|rest| rest.get(..rest.len().checked_sub(MAGIC_TRAILER + 1)?));
            found.xmp = packet.filter(|packet| packet.len() <= LARGEST_XMP).map(Into::into);
        }
        _ => {}
    }
}

/// The content of blocks.
fn joined(mut blocks: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some((length, rest)) = blocks.split_first() {
        let Some((content, rest)) = rest.split_at_checked(usize::from(*length)) else { break };
        if all.len() + content.len() > LONGEST_COMMENT {
            break;
        }
        all.extend(content);
        blocks = rest;
    }
    all
}

/// Bytes of the table of colours that the flags announce.
fn table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_packets_are_found_on_both_sides_of_a_frame() {
        let mut file = b"GIF89a\x0a\0\x05\0\x80\0\0".to_vec();
        file.extend([0; 6]);
        file.extend(b"\x21\xfe\x03abc\x02de\0");
        file.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x4c\x01\0");
        file.extend(b"\x21\xff\x0bXMP DataXMP<x/>\x01");
        file.extend((0..=255).rev());
        file.extend(b"\0\x3b");
        let found = read(&file);
        assert_eq!(found.texts[0].text, &b"abcde"[..]);
        assert_eq!(found.xmp.as_deref(), Some(&b"<x/>"[..]));
        for length in 0..file.len() {
            read(&file[..length]);
        }
    }
}
