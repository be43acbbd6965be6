//! EXIF UserComment: eight bytes name the encoding, then comes the text (EXIF 2.32, 4.6.5).

use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};

use super::text::{self, Order};

/// Bytes that name an encoding.
const CODE: usize = 8;

/// The text of a comment; `order` is that of the block's numbers. `None` where it is blank, and
/// where it is no text.
///
/// Writers leave the name of the encoding out, or put another one, so the bytes have a say too.
pub(super) fn read(bytes: &[u8], order: Order) -> Option<String> {
    let (code, rest) = bytes.split_at(bytes.len().min(CODE));
    let name = code.to_ascii_uppercase();
    let text = match &name[..] {
        name if name.starts_with(b"UNICODE") => unicode(rest, order),
        name if name.starts_with(b"JIS") => japanese(rest),
        name if name.starts_with(b"ASCII") => plain(rest, order),
        [0 | b' ', 0 | b' ', 0 | b' ', 0 | b' ', 0 | b' ', 0 | b' ', 0 | b' ', 0 | b' '] => {
            plain(rest, order)
        }
        _ => plain(bytes, order),
    };
    if is_text(&text) { text::clean(&text) } else { None }
}

/// UTF-16, unless the bytes are plain ASCII.
fn unicode(bytes: &[u8], order: Order) -> String {
    let until_nul = bytes.split(|byte| *byte == 0).next().unwrap_or(&[]);
    let is_ascii = until_nul.len() > 1 && until_nul.is_ascii();
    let is_utf8 = until_nul.len() + 1 >= bytes.len() && std::str::from_utf8(until_nul).is_ok();
    if is_ascii || is_utf8 { text::guessed(until_nul) } else { text::utf16(bytes, order) }
}

/// UTF-8 or Windows-1252, unless every second byte is zero.
fn plain(bytes: &[u8], order: Order) -> String {
    let padding = bytes.iter().rev().take_while(|byte| **byte == 0).count();
    let written = &bytes[..bytes.len() - padding];
    let zeros = written.iter().filter(|byte| **byte == 0).count();
    if zeros * 3 > written.len() { text::utf16(bytes, order) } else { text::guessed(written) }
}

/// JIS X 0208 in one of the ways to write it down.
fn japanese(bytes: &[u8]) -> String {
    if bytes.contains(&0x1b) {
        return ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let decoded = [EUC_JP, SHIFT_JIS]
        .into_iter()
        .find_map(|encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes));
    decoded.map_or_else(|| text::guessed(bytes), std::borrow::Cow::into_owned)
}

/// Whether it is more than bytes that some camera put there for itself.
fn is_text(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let all = text.chars().count();
    let odd = |c: &char| c.is_control() && !c.is_whitespace() || *c == '\u{fffd}';
    text.chars().filter(odd).count() * 8 <= all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(code: &[u8; 8], text: &[u8]) -> Option<String> {
        read(&[&code[..], text].concat(), Order::Big)
    }

    #[test]
    fn every_way_to_write_a_comment_is_read() {
        let chateau = Some("Château de Chambord".to_owned());
        let units = || "Château de Chambord".encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        let utf8 = "Château de Chambord".as_bytes();
        let windows = b"Ch\xe2teau de Chambord";
        assert_eq!(with(b"ASCII\0\0\0", utf8), chateau);
        assert_eq!(with(b"ASCII\0\0\0", windows), chateau);
        assert_eq!(with(b"\0\0\0\0\0\0\0\0", windows), chateau);
        assert_eq!(with(b"UNICODE\0", &little), chateau);
        assert_eq!(with(b"UNICODE\0", &big), chateau);
        assert_eq!(with(b"Unicode\0", &[&big[..], &[0, 0, 0, 0]].concat()), chateau);
        assert_eq!(with(b"UNICODE\0", utf8), chateau);
        assert_eq!(with(b"ASCII\0\0\0", &little), chateau);
        assert_eq!(read(windows, Order::Little), chateau);
        assert_eq!(read(b"Anna", Order::Little).as_deref(), Some("Anna"));
    }

    #[test]
    fn japanese_is_read() {
        let castle = Some("古い城".to_owned());
        let escaped = b"\x1b$B8E$$>k\x1b(B";
        assert_eq!(with(b"JIS\0\0\0\0\0", escaped), castle);
        assert_eq!(with(b"JIS\0\0\0\0\0", &SHIFT_JIS.encode("古い城").0), castle);
        assert_eq!(with(b"JIS\0\0\0\0\0", &EUC_JP.encode("古い城").0), castle);
    }

    #[test]
    fn blanks_and_bytes_are_no_comment() {
        assert_eq!(with(b"ASCII\0\0\0", &[b' '; 50]), None);
        assert_eq!(with(b"\0\0\0\0\0\0\0\0", &[0; 200]), None);
        assert_eq!(with(b"\0\0\0\0\0\0\0\0", &[1, 2, 3, 4, 5, 6, 7, 8, 200, 3, 9]), None);
        assert_eq!(read(b"", Order::Big), None);
    }
}
