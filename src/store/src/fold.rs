//! When two texts are the same but for case.

use unicode_normalization::UnicodeNormalization;

/// Composed form (NFC), then case folded: two texts have the same fold when they differ only in
/// case or in how accents are written ("É" as one character or as E and an accent). Accents count:
/// "café" and "cafe" differ. "ß" and "SS" are the same, as are "σ" and "ς".
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfc().flat_map(fold_char).collect()
}

/// Lower, upper, lower: the detour over upper case is what joins ß with ss and ς with σ.
pub fn fold_char(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// The fold of a path, with `/` between names on every system.
pub fn fold_path(path: &str) -> String {
    let folded = fold(path);
    if cfg!(windows) { folded.replace('\\', "/") } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_accents_do() {
        assert_eq!(fold("Holiday 2019"), "holiday 2019");
        assert_eq!(fold("STRASSE"), fold("Straße"));
        assert_eq!(fold("ΟΔΟΣ"), fold("οδος"));
        assert_eq!(fold("οδός"), fold("ΟΔΌΣ"));
        assert_eq!(fold("É"), fold("e\u{301}"));
        assert_ne!(fold("café"), fold("cafe"));
        assert_eq!(fold("ДАЧА"), "дача");
    }
}
