//! Words of names, folders, tags and captions.
//!
//! Words are runs of letters or of digits: "IMG_1234" is `img 1234`, "DSC00012" is `dsc 00012`.
//! They are lower-case; accents on Latin letters are dropped ("Zürich" is `zurich`); Han and kana
//! characters are a word each, so that a phrase finds any part of an unspaced text.
//!
//! Where a lower-case letter meets an upper-case one there are two readings. Split: "BeachParty"
//! is `beach party`, "iPhone" is `i phone`. Joined: `beachparty`, `iphone`. A text is found by
//! either, because people type either.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fold::fold_char;

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
    let chars: Vec<char> = text.nfkc().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = Kind::Gap;
    for (place, c) in chars.iter().copied().enumerate() {
        if is_combining_mark(c) && before != Kind::Gap {
            push_mark(&mut word, c);
            continue;
        }
        let kind = kind_of(c);
        let next = chars.get(place + 1).map_or(Kind::Gap, |c| kind_of(*c));
        if breaks(before, kind, next, reading) {
            finish(&mut word, &mut words);
        }
        if kind != Kind::Gap {
            push_folded(&mut word, c);
        }
        before = kind;
    }
    finish(&mut word, &mut words);
    words
}

fn finish(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(word.chars().take(LONGEST).collect());
        word.clear();
    }
}

fn kind_of(c: char) -> Kind {
    match c {
        _ if c.is_numeric() => Kind::Digit,
        _ if !c.is_alphabetic() => Kind::Gap,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => Kind::Alone,
        '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => Kind::Alone,
        _ if c.is_uppercase() => Kind::Upper,
        _ => Kind::Lower,
    }
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

/// Case folded, and without its accent when the bare letter is a Latin one.
fn push_folded(word: &mut String, c: char) {
    if c.is_ascii() {
        word.push(c.to_ascii_lowercase());
        return;
    }
    let bare = std::iter::once(c).nfd().next().unwrap_or(c);
    match bare_letter(bare) {
        Some(letters) => word.push_str(letters),
        None if bare.is_ascii_alphabetic() => word.push(bare.to_ascii_lowercase()),
        None => word.extend(fold_char(c)),
    }
}

/// Latin letters that Unicode does not take apart.
fn bare_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ħ' | 'Ħ' => "h",
        'ı' => "i",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

/// A mark that has no composed form: dropped on Latin letters, kept in other scripts.
fn push_mark(word: &mut String, mark: char) {
    if !word.ends_with(|c: char| c.is_ascii()) {
        word.push(mark);
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
    fn other_scripts_keep_theirs() {
        assert_eq!(split("Йод ёлка"), "йод ёлка");
        assert_eq!(split("海辺のカフカ"), "海 辺 の カ フ カ");
        assert_eq!(split("ガ"), "ガ");
        assert_eq!(split("서울 여행"), "서울 여행");
        assert_eq!(words("क्षमा", Reading::Split).len(), 1);
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(split(&"x".repeat(1000)).len(), LONGEST);
    }
}
