//! Mojibake: UTF-8 that was once read as Windows-1252 (`schÃ¶n`) or Windows-1251 (`РїСЂРёРІРµС‚`).
//!
//! Such text shows every byte of a UTF-8 sequence as one character. A run of characters that, taken as bytes, are
//! well-formed UTF-8 is turned back when it is convincing, that is, when a writer is unlikely to have meant it.
//! ftfy (Speer, 2019) does this for eight more code pages and repairs damaged sequences; those do not occur in
//! what people type into a search box and are absent here on purpose.

use super::code_page::CodePage;

/// How often text is repaired again: twice-damaged text exists, more is contrived.
const ROUNDS: usize = 4;

/// Turns convincing runs of mojibake back, then reads remaining C1 control characters as Windows-1252.
pub fn repaired(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let before = text.clone();
        for page in [CodePage::Western, CodePage::Cyrillic] {
            text = repaired_from(&text, page);
        }
        if text == before {
            break;
        }
    }
    text.chars().map(CodePage::without_c1).collect()
}

fn repaired_from(text: &str, page: CodePage) -> String {
    let chars: Vec<char> = text.chars().collect();
    let bytes: Vec<Option<u8>> = chars.iter().map(|c| page.byte(*c)).collect();
    if let Some(whole) = decode(&bytes).filter(|_| has_convincing_run(&chars, &bytes, page)) {
        return whole;
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let run = utf8_run(&bytes[at..]);
        // A stray continuation before the run means damage that a partial repair would only worsen.
        let clean_start =
            at == 0 || !bytes[at - 1].is_some_and(is_continuation) || chars[at - 1].is_ascii();
        match decode(&bytes[at..at + run]) {
            Some(decoded) if clean_start && page.is_convincing(&chars[at..at + run]) => {
                out.push_str(&decoded);
                at += run;
            }
            _ => match lost_space(&chars, at, page) {
                Some(letter) => {
                    out.push_str(letter);
                    at += 2;
                }
                None => {
                    let kept = run.max(1);
                    out.extend(&chars[at..at + kept]);
                    at += kept;
                }
            },
        }
    }
    out
}

/// Whether some run would be convincing by itself; where all the text is UTF-8 as bytes, one is enough for all.
fn has_convincing_run(chars: &[char], bytes: &[Option<u8>], page: CodePage) -> bool {
    let mut at = 0;
    while at < chars.len() {
        let run = utf8_run(&bytes[at..]);
        if page.is_convincing(&chars[at..at + run]) {
            return true;
        }
        at += run.max(1);
    }
    false
}

/// Length of the longest prefix made only of well-formed UTF-8 sequences of two to four bytes.
fn utf8_run(bytes: &[Option<u8>]) -> usize {
    let mut run = 0;
    while let Some(length) = sequence(&bytes[run..]) {
        run += length;
    }
    run
}

fn sequence(bytes: &[Option<u8>]) -> Option<usize> {
    let length = match bytes.first().copied().flatten()? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    decode(bytes.get(..length)?).map(|_| length)
}

fn decode(bytes: &[Option<u8>]) -> Option<String> {
    let bytes: Vec<u8> = bytes.iter().copied().collect::<Option<_>>()?;
    String::from_utf8(bytes).ok()
}

fn is_continuation(byte: u8) -> bool {
    (0x80..0xc0).contains(&byte)
}

/// `Ã ` and `Â ` at the start or after a small letter: the no-break space of `Ã\u{a0}` (à) was turned into a plain one.
fn lost_space(chars: &[char], at: usize, page: CodePage) -> Option<&'static str> {
    if page != CodePage::Western || chars.get(at + 1) != Some(&' ') {
        return None;
    }
    let last = chars[..at].iter().rev().find(|c| **c != ' ');
    if !last.is_none_or(|c| c.is_ascii_lowercase()) {
        return None;
    }
    match chars[at] {
        'Ã' => Some("à "),
        'Â' => Some(" "),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn western_mojibake_is_repaired() {
        assert_eq!(repaired("schÃ¶n LÃ¼neburg Â© â€™ voilÃ\u{a0}"), "schön Lüneburg © ’ voilà");
    }

    #[test]
    fn other_scripts_and_emoji_are_repaired() {
        assert_eq!(repaired("ÐŸÑ€Ð¸Ð²ÐµÑ‚"), "Привет");
        assert_eq!(repaired("ä½\u{a0}å¥½ ðŸ˜€"), "你好 😀");
        assert_eq!(repaired("РџСЂРёРІРµС‚"), "Привет");
    }

    #[test]
    fn twice_damaged_text_is_repaired() {
        // ö -> Ã¶ -> ÃƒÂ¶
        assert_eq!(repaired("schÃƒÂ¶n"), "schön");
    }

    #[test]
    fn one_convincing_run_settles_text_that_is_wholly_utf8() {
        // "Å¡" alone could be meant; beside "Ã\u{ad}" it is š.
        assert_eq!(repaired("pÅ™Ã\u{ad}liÅ¡"), "příliš");
    }

    #[test]
    fn only_the_damaged_part_changes() {
        assert_eq!(repaired("schÃ¶n 你好 café"), "schön 你好 café");
    }

    #[test]
    fn text_that_was_meant_so_stays() {
        let meant = [
            "café «É» CLICHÉ… MARQUÉ™",
            "NÃO AÇÃO",
            "Ångström Å",
            "IRMÃ vista? SÃO",
            "Ærø",
            "Привет мир",
            "МИР»",
            "Ωμέγα",
            "İstanbul",
            "½ ¼ x² + y³",
            "你好世界",
            "ÀÉÎÕÜ",
            "él dijo «sí»",
            "РСФСР",
        ];
        for text in meant {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn c1_controls_are_read_as_windows_1252() {
        assert_eq!(repaired("\u{85}nel \u{93}q\u{94}"), "…nel “q”");
    }

    #[test]
    fn a_lost_no_break_space_is_put_back() {
        assert_eq!(repaired("voilÃ  le"), "voilà  le");
    }
}
