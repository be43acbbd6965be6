//! Text out of metadata, whose encoding is often only a guess.

/// Longest text that is kept, in characters.
const LONGEST: usize = 4000;

/// UTF-8 where the bytes are valid as such, else Latin-1.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<String> {
    match std::str::from_utf8(bytes) {
        Ok(text) => clean(text),
        Err(_) => clean(&bytes.iter().map(|b| char::from(*b)).collect::<String>()),
    }
}

/// One line without NULs, control characters and doubled spaces; `None` when nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let before_nul = text.split('\0').find(|part| !part.trim().is_empty())?;
    let spaced: String =
        before_nul.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
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
    }

    #[test]
    fn padding_is_removed() {
        assert_eq!(clean("  NIKON \0\0\0").as_deref(), Some("NIKON"));
        assert_eq!(clean("a\r\n  b\tc").as_deref(), Some("a b c"));
        assert_eq!(clean(" \0 \n"), None);
        assert_eq!(clean(&"ab ".repeat(5000)).unwrap().chars().count(), 4000);
    }
}
