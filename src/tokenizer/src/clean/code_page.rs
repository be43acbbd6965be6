//! The two single-byte code pages that UTF-8 is most often misread as.

/// A single-byte code page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodePage {
    /// Windows-1252, with Latin-1's control characters where it leaves a byte unused.
    Western,
    /// Windows-1251.
    Cyrillic,
}

/// Windows-1252, bytes 0x80 to 0x9F; the five unused ones stand for themselves.
const WESTERN_80: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Windows-1251, bytes 0x80 to 0xBF; from 0xC0 on it is А to я in order.
const CYRILLIC_80: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’',
    '“', '”', '•', '–', '—', '\u{98}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{a0}', 'Ў', 'ў', 'Ј',
    '¤', 'Ґ', '¦', '§', 'Ё', '©', 'Є', '«', '¬', '\u{ad}', '®', 'Ї', '°', '±', 'І', 'і', 'ґ', 'µ',
    '¶', '·', 'ё', '№', 'є', '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

impl CodePage {
    /// The byte that stands for the character, `None` where the page lacks it.
    pub fn byte(self, c: char) -> Option<u8> {
        let position = |table: &[char]| table.iter().position(|t| *t == c).map(|i| 0x80 + i as u8);
        match (self, c) {
            (_, '\0'..='\x7f') => Some(c as u8),
            (Self::Western, '\u{80}'..='\u{ff}') => Some(c as u32 as u8),
            (Self::Western, _) => position(&WESTERN_80),
            (Self::Cyrillic, 'А'..='я') => Some((c as u32 - 'А' as u32) as u8 + 0xc0),
            (Self::Cyrillic, _) => position(&CYRILLIC_80),
        }
    }

    /// Reads a C1 control character as Windows-1252 would; other characters are returned as they are.
    pub fn without_c1(c: char) -> char {
        match c {
            '\u{80}'..='\u{9f}' => WESTERN_80[c as usize - 0x80],
            _ => c,
        }
    }

    /// Whether nobody would write these characters, which are well-formed UTF-8 as bytes of this page.
    ///
    /// Western: one pair that is no letter followed by a punctuation mark (`É…`), or three pairs in a row.
    /// Cyrillic: two sequences in a row, or one of three bytes, since `Р»` alone may end a quotation.
    pub fn is_convincing(self, run: &[char]) -> bool {
        if run.is_empty() {
            return false;
        }
        match self {
            Self::Western => run.len() >= 6 || self.sequences(run).any(is_unlikely_western),
            Self::Cyrillic => run.len() >= 4 || self.sequences(run).any(|s| s.len() > 2),
        }
    }

    /// Splits a run into its UTF-8 sequences.
    fn sequences(self, run: &[char]) -> impl Iterator<Item = &[char]> {
        run.chunk_by(move |_, next| self.byte(*next).is_some_and(|b| (0x80..0xc0).contains(&b)))
    }
}

/// Whether a letter followed by these continuation characters is no text in any language written in Latin letters.
fn is_unlikely_western(sequence: &[char]) -> bool {
    match sequence {
        // Ã and Â stand before nearly every accented letter and sign of Latin-1; nothing follows a real one so.
        ['Ã' | 'Â', _] => true,
        [_, marks @ ..] => !marks.iter().all(|m| is_ordinary_after_a_letter(*m)),
        [] => false,
    }
}

/// Punctuation that may directly follow a word, and letters that windows-1252 has below 0xA0.
fn is_ordinary_after_a_letter(c: char) -> bool {
    matches!(
        c,
        '\u{a0}'
            | '\u{ad}'
            | '…'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '„'
            | '‚'
            | '–'
            | '—'
            | '•'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '™'
            | '®'
            | '©'
            | '°'
            | '·'
            | '´'
            | '²'
            | '³'
            | '¹'
            | '½'
            | '§'
            | '¡'
            | '¿'
            | 'š'
            | 'Š'
            | 'ž'
            | 'Ž'
            | 'œ'
            | 'Œ'
            | 'Ÿ'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_the_western_page() {
        let bytes: Vec<_> = "Ã¶€œ\u{9d}".chars().map(|c| CodePage::Western.byte(c)).collect();
        assert_eq!(bytes, [Some(0xc3), Some(0xb6), Some(0x80), Some(0x9c), Some(0x9d)]);
        assert_eq!(CodePage::Western.byte('Ж'), None);
    }

    #[test]
    fn bytes_of_the_cyrillic_page() {
        let bytes: Vec<_> = "АяЂё№".chars().map(|c| CodePage::Cyrillic.byte(c)).collect();
        assert_eq!(bytes, [Some(0xc0), Some(0xff), Some(0x80), Some(0xb8), Some(0xb9)]);
        assert_eq!(CodePage::Cyrillic.byte('é'), None);
    }

    #[test]
    fn a_letter_with_a_punctuation_mark_is_not_convincing() {
        assert!(!CodePage::Western.is_convincing(&['É', '…']));
        assert!(CodePage::Western.is_convincing(&['Ã', '¶']));
        assert!(CodePage::Western.is_convincing(&['â', '€', '\u{9d}']));
        assert!(!CodePage::Cyrillic.is_convincing(&['Р', '»']));
    }
}
