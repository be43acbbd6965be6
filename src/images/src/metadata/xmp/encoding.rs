//! A packet's characters: XMP may be in any encoding of Unicode (ISO 16684-1, 7.3.2).

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::super::text;

/// How wide a character is and which byte of it comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
    Utf32Little,
    Utf32Big,
}

/// The packet as text, without its mark. Bytes that are no UTF-8 are read as Windows-1252.
pub(super) fn decode(packet: &[u8]) -> String {
    match encoding(packet) {
        Encoding::Utf8 => utf8(packet),
        Encoding::Utf16Little => UTF_16LE.decode_with_bom_removal(packet).0.into_owned(),
        Encoding::Utf16Big => UTF_16BE.decode_with_bom_removal(packet).0.into_owned(),
        Encoding::Utf32Little => utf32(packet, u32::from_le_bytes),
        Encoding::Utf32Big => utf32(packet, u32::from_be_bytes),
    }
}

/// By the mark, else by the zeros around the first `<`: XML begins with nothing else but blanks.
fn encoding(packet: &[u8]) -> Encoding {
    match packet {
        [0xef, 0xbb, 0xbf, ..] => return Encoding::Utf8,
        [0xff, 0xfe, 0, 0, ..] => return Encoding::Utf32Little,
        [0, 0, 0xfe, 0xff, ..] => return Encoding::Utf32Big,
        [0xff, 0xfe, ..] => return Encoding::Utf16Little,
        [0xfe, 0xff, ..] => return Encoding::Utf16Big,
        _ => {}
    }
    let Some(at) = packet.iter().position(|byte| *byte == b'<') else { return Encoding::Utf8 };
    let zeros_behind = packet[at + 1..].iter().take_while(|byte| **byte == 0).count();
    let zeros_before = packet[..at].iter().rev().take_while(|byte| **byte == 0).count();
    match (zeros_before, zeros_behind) {
        // A character before it may end with zeros, or begin with them behind it.
        (_, 3) if at % 4 == 0 => Encoding::Utf32Little,
        (3.., _) if at % 4 == 3 => Encoding::Utf32Big,
        (_, 1) if at % 2 == 0 => Encoding::Utf16Little,
        (1.., _) if at % 2 == 1 => Encoding::Utf16Big,
        _ => Encoding::Utf8,
    }
}

fn utf8(packet: &[u8]) -> String {
    let packet = packet.strip_prefix(b"\xef\xbb\xbf").unwrap_or(packet);
    let mut text = String::with_capacity(packet.len());
    for chunk in packet.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&text::from_windows(chunk.invalid()));
    }
    text
}

fn utf32(packet: &[u8], number: fn([u8; 4]) -> u32) -> String {
    let characters = packet.as_chunks().0.iter().map(|bytes| number(*bytes));
    let known = characters.map(|c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER));
    known.filter(|c| *c != '\u{feff}').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_unicode_is_read_with_and_without_its_mark() {
        let text = "<x a=\"\u{feff}\">Küste 海</x>";
        let plain = text.replace('\u{feff}', "");
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let little16 = |text: &str| units(text).into_iter().flat_map(u16::to_le_bytes).collect();
        let big16 = |text: &str| units(text).into_iter().flat_map(u16::to_be_bytes).collect();
        let little32 = |text: &str| text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        let big32 = |text: &str| text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect();
        let ways: [&dyn Fn(&str) -> Vec<u8>; 5] =
            [&|text| text.as_bytes().to_vec(), &little16, &big16, &little32, &big32];
        for (way, encode) in ways.iter().enumerate() {
            for start in ["", "\u{feff}", "\n "] {
                let read = decode(&encode(&format!("{start}{text}")));
                let read = read.replace('\u{feff}', "");
                assert_eq!(read.trim(), plain, "{way} {start:?}");
            }
        }
        assert_eq!(decode(b"<x>K\xfcste \x80</x>"), "<x>Küste €</x>");
        assert_eq!(decode(b""), "");
    }
}
