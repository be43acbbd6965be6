//! Single characters that text picks up on its way through forms, PDFs and terminals, put back to plain ones.
//!
//! The lists follow what ftfy 6.3 does by default, which is what CLIP's captions went through in training.

use tokenizers::NormalizedString;

/// Straightens quotes, breaks typographic ligatures, widens or narrows East Asian forms, unifies line breaks
/// and drops control characters (the C1 ones, 0x80-0x9F, are `mojibake`'s business).
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in without_terminal_escapes(text).chars() {
        match c {
            '\u{2bc}' | '\u{2018}'..='\u{201b}' => out.push('\''),
            '\u{201c}'..='\u{201f}' => out.push('"'),
            '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\u{3000}' => out.push(' '),
            '\u{ff01}'..='\u{ffef}' => out.push_str(&standard_width(c)),
            _ if is_unwanted_control(c) => {}
            _ => match ligature(c) {
                Some(letters) => out.push_str(letters),
                None => out.push(c),
            },
        }
    }
    out
}

/// Canonical composition (NFC).
pub fn composed(text: &str) -> String {
    let mut normalized = NormalizedString::from(text);
    normalized.nfc();
    normalized.get().to_owned()
}

/// The compatibility form of a half-width or full-width character.
fn standard_width(c: char) -> String {
    let mut normalized = NormalizedString::from(c.to_string());
    normalized.nfkc();
    normalized.get().to_owned()
}

/// Control characters without a use in a sentence; tab, line feed and form feed stay as white space.
fn is_unwanted_control(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{e}'..='\u{1f}' | '\u{7f}'
        | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffc}')
}

/// The letters of a typographic ligature or of a digraph that has its own code point.
fn ligature(c: char) -> Option<&'static str> {
    Some(match c {
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ŉ' => "'n",
        'Ǆ' => "DŽ",
        'ǅ' => "Dž",
        'ǆ' => "dž",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'Ǳ' => "DZ",
        'ǲ' => "Dz",
        'ǳ' => "dz",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' => "ſt",
        'ﬆ' => "st",
        _ => return None,
    })
}

/// Drops `ESC [ digits-and-semicolons letter`, the colour codes of terminals.
fn without_terminal_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\u{1b}[") {
        let tail = &rest[start + 2..];
        let parameters = tail.bytes().take_while(|b| b.is_ascii_digit() || *b == b';').count();
        let ends_in_letter = tail.as_bytes().get(parameters).is_some_and(u8::is_ascii_alphabetic);
        out.push_str(&rest[..start]);
        rest = if ends_in_letter { &tail[parameters + 1..] } else { tail };
        if !ends_in_letter {
            out.push('[');
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_become_straight_and_ligatures_letters() {
        assert_eq!(plain("‘a’ “ﬃ” ŉ"), "'a' \"ffi\" 'n");
    }

    #[test]
    fn full_width_becomes_ascii_and_half_width_katakana_full() {
        assert_eq!(plain("Ａ１！\u{3000}ﾀ"), "A1! タ");
    }

    #[test]
    fn control_characters_and_colour_codes_vanish() {
        assert_eq!(plain("\0a\u{7}b\u{feff}\u{1b}[31;1mred\u{1b}[0m"), "abred");
    }

    #[test]
    fn an_escape_that_is_no_colour_code_keeps_its_text() {
        assert_eq!(plain("\u{1b}[12"), "[12");
        assert_eq!(plain("\u{1b}[é"), "[é");
    }

    #[test]
    fn line_breaks_are_line_feeds_and_white_space_stays() {
        assert_eq!(plain("a\r\u{2028}b\tc"), "a\n\nb\tc");
    }

    #[test]
    fn composition_joins_letter_and_accent() {
        assert_eq!(composed("cafe\u{301}"), "café");
    }
}
