//! Words of names, folders, tags and captions.
//!
//! Words are runs of letters or of digits: "IMG_1234" is `img 1234`, "DSC00012" is `dsc 00012`.
//! They are folded ([`crate::fold::fold`]): "Zürich" is `zurich`. In scripts that are written
//! without spaces, or whose words grow endings (Han, kana, Hangul, Thai, Lao, Khmer, Myanmar), each
//! character is a word, so that a phrase finds any part of a text.
//!
//! Where a lower-case letter meets an upper-case one there are two readings. Split: "BeachParty"
//! is `beach party`, "iPhone" is `i phone`. Joined: `beachparty`, `iphone`. A text is found by
//! either, because people type either.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fold::{fold, seen};

/// Longer words are cut, in texts and in queries alike.
const LONGEST: usize = 200;

/// What to do where case changes inside a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// "BeachParty" is two words.
    Split,
    /// "BeachParty" is one word.
    Joined,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Gap,
    Lower,
    Upper,
    Digit,
    Alone,
}

/// The words of `text` in order.
pub fn words(text: &str, reading: Reading) -> Vec<String> {
    let chars = plain_chars(text);
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = Kind::Gap;
    for (place, c) in chars.iter().copied().enumerate() {
        if is_combining_mark(c) && matches!(before, Kind::Lower | Kind::Upper | Kind::Digit) {
            word.push(c);
            continue;
        }
        let kind = kind_of(c);
        let next = chars.get(place + 1).map_or(Kind::Gap, |c| kind_of(*c));
        if breaks(before, kind, next, reading) {
            finish(&mut word, &mut words);
        }
        if kind != Kind::Gap {
            word.push(c);
        }
        before = kind;
    }
    finish(&mut word, &mut words);
    words
}

/// Whether a text has a letter or a digit, and so a word.
pub fn has_words(text: &str) -> bool {
    plain_chars(text).into_iter().any(|c| kind_of(c) != Kind::Gap)
}

/// The characters as words are made of them: composed, of one width, without those not seen.
fn plain_chars(text: &str) -> Vec<char> {
    if text.is_ascii() { text.chars().collect() } else { seen(text).nfkc().collect() }
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(fold(word).chars().take(LONGEST).collect());
        word.clear();
    }
}

fn kind_of(c: char) -> Kind {
    match c {
        'a'..='z' => Kind::Lower,
        'A'..='Z' => Kind::Upper,
        _ if stands_alone(c) => Kind::Alone,
        _ if c.is_numeric() => Kind::Digit,
        _ if !c.is_alphabetic() => Kind::Gap,
        _ if c.is_uppercase() => Kind::Upper,
        _ => Kind::Lower,
    }
}

/// Letters and marks of scripts without spaces between words, or with endings.
fn stands_alone(c: char) -> bool {
    let of_script = matches!(c,
        // Thai, Lao; Myanmar, Hangul; Khmer; Tai scripts; Javanese.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19df}' | '\u{1a20}'..='\u{1aaf}'
        | '\u{a960}'..='\u{a9ff}' | '\u{aa60}'..='\u{aadf}'
        // Kana, Bopomofo; Han; Yi; Hangul.
        | '\u{3005}'..='\u{3007}' | '\u{3031}'..='\u{3035}' | '\u{3040}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a000}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{1b000}'..='\u{1b16f}'
        | '\u{20000}'..='\u{3ffff}');
    of_script && (c.is_alphabetic() || is_combining_mark(c))
}

/// Whether a word ends between a character of kind `before` and one of kind `kind`.
fn breaks(before: Kind, kind: Kind, next: Kind, reading: Reading) -> bool {
    match (before, kind) {
        (Kind::Gap, _) | (_, Kind::Gap | Kind::Alone) | (Kind::Alone, _) => true,
        (Kind::Digit, Kind::Digit) => false,
        (Kind::Digit, _) | (_, Kind::Digit) => true,
        (Kind::Lower, Kind::Upper) => reading == Reading::Split,
        // The P of "HTTPServer" is the end of one word, its S the start of the next.
        (Kind::Upper, Kind::Upper) => reading == Reading::Split && next == Kind::Lower,
        _ => false,
    }
}

/// The words of the split reading, then those that only the joined one has.
pub fn words_of_both(text: &str) -> Vec<String> {
    let mut all = words(text, Reading::Split);
    for word in words(text, Reading::Joined) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> String {
        words(text, Reading::Split).join(" ")
    }

    fn joined(text: &str) -> String {
        words(text, Reading::Joined).join(" ")
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(split("IMG_1234.JPG"), "img 1234 jpg");
        assert_eq!(split("DSC00012"), "dsc 00012");
        assert_eq!(split("BeachParty2019"), "beach party 2019");
        assert_eq!(joined("BeachParty2019"), "beachparty 2019");
        assert_eq!(split("HTTPServer"), "http server");
        assert_eq!(split("EOS 5D Mark-II"), "eos 5 d mark ii");
        assert_eq!(
            (split("iPhone 6s"), joined("iPhone 6s")),
            ("i phone 6 s".into(), "iphone 6 s".into())
        );
        assert_eq!(split(" ... "), "");
    }

    #[test]
    fn accents_on_latin_letters_do_not_count() {
        assert_eq!(split("Zürich"), "zurich");
        assert_eq!(split("Zu\u{308}rich"), "zurich");
        assert_eq!(split("Ærøskøbing Łódź Straße"), "aeroskobing lodz strasse");
        assert_eq!(split("ﬁsh Ｆｕｌｌ"), "fish full");
    }

    #[test]
    fn accents_of_other_scripts_stay() {
        assert_eq!(split("Йод ёлка"), "иод елка");
        assert_eq!(split("क्षमा"), "क्षमा");
        assert_eq!(split("שָׁלוֹם"), fold("שָׁלוֹם"));
    }

    #[test]
    fn characters_of_unspaced_scripts_are_words() {
        assert_eq!(split("海辺のカフカ2"), "海 辺 の カ フ カ 2");
        assert_eq!(split("佐々木〇"), "佐 々 木 〇");
        assert_eq!(split("ｶﾞ・ガ"), "ガ ガ");
        assert_eq!(split("서울 여행abc"), "서 울 여 행 abc");
        for text in ["วันเกิด", "ວັນເກີດ", "ថ្ងៃកំណើត", "မွေးနေ့"]
        {
            assert_eq!(split(text).replace(' ', ""), fold(text), "nothing is lost");
            assert!(split(text).split(' ').all(|word| word.chars().count() == 1), "{text}");
        }
        assert_eq!(split("วัน ๑๒"), "ว ั น ๑๒");
    }

    #[test]
    fn marks_alone_are_no_words() {
        for text in ["", " ... ", "🎂", "!!!", "★★", "/", "\u{301}", "「」", "฿"] {
            assert!(words(text, Reading::Split).is_empty() && !has_words(text), "{text}");
        }
        for text in ["a", "1", "京", "ั", "½"] {
            assert!(!words(text, Reading::Split).is_empty() && has_words(text), "{text}");
        }
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(split(&"x".repeat(1000)).len(), LONGEST);
    }
}
