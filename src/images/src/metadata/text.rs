//! Text out of metadata, whose encoding is often only a guess.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Longest text that is kept, in characters.
const LONGEST: usize = 4000;

/// UTF-8 where the bytes are valid as such, UTF-16 behind its mark, else Windows-1252.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<String> {
    clean(&guessed(bytes))
}

/// As [`from_bytes`], not cleaned.
pub(super) fn guessed(bytes: &[u8]) -> String {
    match (bytes, std::str::from_utf8(bytes)) {
        ([0xff, 0xfe, ..] | [0xfe, 0xff, ..], _) => utf16(bytes, Order::Little),
        (_, Ok(text)) => text.to_owned(),
        _ => from_windows(bytes),
    }
}

/// Windows-1252, which holds all that Latin-1 has.
pub(super) fn from_windows(bytes: &[u8]) -> String {
    WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
}

/// Which byte of a 16-bit number comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    Little,
    Big,
}

/// UTF-16: in the order that its mark says, else in the one in which the upper bytes vary less, as
/// those of one script do, else in the `usual` one.
pub(super) fn utf16(bytes: &[u8], usual: Order) -> String {
    let order = match bytes {
        [0xff, 0xfe, ..] => Order::Little,
        [0xfe, 0xff, ..] => Order::Big,
        _ => guessed_order(bytes, usual),
    };
    let encoding = if order == Order::Little { UTF_16LE } else { UTF_16BE };
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

fn guessed_order(bytes: &[u8], usual: Order) -> Order {
    let pairs = bytes.as_chunks::<2>().0;
    let end = pairs.iter().position(|pair| *pair == [0, 0]).unwrap_or(pairs.len());
    let pairs = &pairs[..end];
    let different = |side: usize| {
        let mut seen = [false; 256];
        // Signs and blanks are the same in every script.
        let letters = pairs.iter().filter(|pair| pair[1 - side] != 0 || pair[side] > 0x7f);
        letters.for_each(|pair| seen[usize::from(pair[side])] = true);
        seen.iter().filter(|seen| **seen).count()
    };
    let zeros = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    match (first.cmp(&second), different(0).cmp(&different(1))) {
        (std::cmp::Ordering::Greater, _) => Order::Big,
        (std::cmp::Ordering::Less, _) => Order::Little,
        (_, std::cmp::Ordering::Less) => Order::Big,
        (_, std::cmp::Ordering::Greater) => Order::Little,
        _ => usual,
    }
}

/// One line without NULs, control characters and doubled spaces; `None` when nothing is left.
pub(crate) fn clean(text: &str) -> Option<String> {
    let before_nul = text.split('\0').find(|part| !part.trim().is_empty())?;
    let is_mark = |c: &char| matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let spaced: String = before_nul
        .chars()
        .filter(|c| !is_mark(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_guessed() {
        assert_eq!(from_bytes("Zürich".as_bytes()).as_deref(), Some("Zürich"));
        assert_eq!(from_bytes(b"Z\xfcrich").as_deref(), Some("Zürich"));
        assert_eq!(from_bytes(b"\x93\x8cuvre\x94 \x96 5 \x80").as_deref(), Some("“Œuvre” – 5 €"));
        assert_eq!(from_bytes(b"\xff\xfeK\0\xfc\0").as_deref(), Some("Kü"));
        assert_eq!(from_bytes(b"\xef\xbb\xbfsea").as_deref(), Some("sea"));
        assert_eq!(from_bytes(b"a\x81b").as_deref(), Some("a b"));
    }

    #[test]
    fn the_order_of_bytes_is_guessed_where_nothing_says_it() {
        for text in ["Chateau de Chambord", "Замок на холме", "湖の上の古い城", "Küste"]
        {
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            for usual in [Order::Little, Order::Big] {
                assert_eq!(utf16(&little, usual), text);
                assert_eq!(utf16(&big, usual), text);
                assert_eq!(utf16(&[&b"\xff\xfe"[..], &little].concat(), usual), text);
                assert_eq!(utf16(&[&b"\xfe\xff"[..], &big].concat(), usual), text);
            }
        }
    }

    #[test]
    fn padding_is_removed() {
        assert_eq!(clean("  NIKON \0\0\0").as_deref(), Some("NIKON"));
        assert_eq!(clean("a\r\n  b\tc").as_deref(), Some("a b c"));
        assert_eq!(clean(" \0 \n"), None);
        assert_eq!(clean("\u{feff}sea").as_deref(), Some("sea"));
        assert_eq!(clean(&"ab ".repeat(5000)).unwrap().chars().count(), 4000);
    }
}
