//! Which language a query is in.
//!
//! Queries are short: most have one to four words, too few for statistics of letters, which need a
//! sentence. So words are looked up first, in a list of English ones (`english.txt`, made by
//! `training/english_words.py`); those that another language has as well do not count. Only a text that is not English by them is given to whatlang, which
//! tells 70 languages by script and groups of letters, and believed where it is sure. Names of
//! everyday things are known in sixteen languages ([`translate`]).
//!
//! Absent on purpose: translation of sentences, and what to do with the answer.

#![forbid(unsafe_code)]

mod english;
mod names;
mod translations;

use english::Word;
use whatlang::{Detector, Lang};

pub use names::{Language, by_code, languages};
pub use translations::{Translation, translate};

/// How sure whatlang must be between two languages that many people write, 0 to 1. On captions of
/// two words and more it is right in 97 of 100 from there on.
const SURE: f64 = 0.2;

/// What a text is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Guess {
    /// English, or nothing that tells: numbers, signs.
    English,
    /// Another language, as sure as one can be.
    Other(Language),
    /// Words that are not English, too few to tell the language; names too.
    Unknown,
}

/// The language of a text.
///
/// ```
/// use seer_language::{Guess, guess};
/// assert_eq!(guess("two dogs on the beach"), Guess::English);
/// assert_eq!(guess("Schere"), Guess::Unknown);
/// let Guess::Other(german) = guess("zwei Kinder spielen auf der Straße") else { panic!() };
/// assert_eq!((german.code, german.name), ("de", "German"));
/// ```
pub fn guess(text: &str) -> Guess {
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphabetic() && letter != '\'' && letter != '’')
        .filter(|word| word.chars().any(char::is_alphabetic))
        .collect();
    let told: Vec<Word> = words.iter().map(|word| english::word(word)).collect();
    let count = |kind| told.iter().filter(|word| **word == kind).count();
    if count(Word::English) >= count(Word::Other) {
        return Guess::English;
    }
    which(text).map_or(Guess::Unknown, Guess::Other)
}

/// The language of a text that is not English.
fn which(text: &str) -> Option<Language> {
    let any = Detector::with_denylist(vec![Lang::Eng]).detect(text)?;
    if any.is_reliable() {
        return names::of(any.lang());
    }
    let common = Detector::with_allowlist(names::COMMON.to_vec()).detect(text)?;
    (common.confidence() >= SURE).then(|| names::of(common.lang())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        match guess(text) {
            Guess::English => Some("en"),
            Guess::Other(language) => Some(language.code),
            Guess::Unknown => None,
        }
    }

    #[test]
    fn english_is_known_by_its_words() {
        for text in [
            "dog",
            "Scissors",
            "headphones",
            "a cup of coffee",
            "kids playing in the rain",
            "two dogs",
            "child's birthday",
            "golden retriever",
            "grandma's cakes",
            "boxes",
            "red car -people",
            "skateboarders",
            "",
            "42",
            "!?",
            "the Colosseum",
        ] {
            assert_eq!(code(text), Some("en"), "{text}");
        }
    }

    #[test]
    fn other_languages_are_told_where_that_is_sure() {
        for (text, expected) in [
            ("ein Hund am Strand", "de"),
            ("zwei Kinder spielen auf der Straße", "de"),
            ("un chien sur la plage", "fr"),
            ("une femme avec un parapluie rouge", "fr"),
            ("un perro en la playa con su pelota", "es"),
            ("dva psi si hrají na pláži", "cs"),
            ("两只狗在沙滩上", "zh"),
            ("狗", "zh"),
            ("海辺の犬", "ja"),
            ("해변의 개", "ko"),
            ("девочка с красным зонтом стоит под дождём", "ru"),
            ("ένας σκύλος στην παραλία", "el"),
        ] {
            assert_eq!(code(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_single_word_is_not_english_and_no_more_is_claimed() {
        for text in [
            "Schere",
            "IMG_2019",
            "Neuschwanstein",
            "perro",
            "parapluie",
            "ombrello",
            "Regenschirm",
        ] {
            assert_eq!(guess(text), Guess::Unknown, "{text}");
        }
    }

    #[test]
    fn codes_and_names_belong_to_one_language_each() {
        for language in languages() {
            assert_eq!(by_code(language.code), Some(language));
            assert_eq!(language.code.len(), 2, "{language:?}");
        }
        assert_eq!(by_code("DE").map(|language| language.name), Some("German"));
        assert_eq!(by_code("xx"), None);
    }
}
