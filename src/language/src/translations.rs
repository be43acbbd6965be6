//! Names of everyday things in other languages, and the English words for them: `translations.tsv`,
//! made by `training/translations.py` from the names of emoji in Unicode's CLDR (licence beside the
//! crate's `Cargo.toml`).

use std::sync::LazyLock;

use crate::names::{Language, by_code};

/// Word, code of its language, English word; in the order of their bytes.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = include_str!("translations.tsv").lines();
    let parts = |line: &'static str| {
        let mut parts = line.split('\t');
        Some(Entry { word: parts.next()?, code: parts.next()?, english: parts.next()? })
    };
    lines.filter_map(parts).collect()
});

struct Entry {
    word: &'static str,
    code: &'static str,
    english: &'static str,
}

/// What may stand before the name of a thing.
const ARTICLES: [&str; 44] = [
    "ein", "eine", "einen", "einem", "einer", "der", "die", "das", "den", "dem", "un", "une", "le",
    "la", "les", "des", "el", "los", "las", "una", "unos", "unas", "il", "lo", "gli", "uno", "um",
    "uma", "o", "os", "as", "een", "het", "de", "en", "ett", "et", "bir", "i", "mein", "meine",
    "mon", "ma", "mi",
];

/// The English word for a thing that a text names and says nothing more of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Translation {
    /// The English word.
    pub english: &'static str,
    /// The language; `None` where the word is one of several languages.
    pub language: Option<Language>,
}

/// The English word where a text is the name of an everyday thing in another language, with an
/// article or without; in `language`, where that is known. `None` where nothing is listed, or where
/// languages mean different things by it.
///
/// ```
/// use seer_language::{by_code, translate};
/// assert_eq!(translate("die Schere", None).unwrap().english, "scissors");
/// assert_eq!(translate("perro", None).unwrap().language, by_code("es"));
/// assert_eq!(translate("two dogs", None), None);
/// ```
pub fn translate(text: &str, language: Option<Language>) -> Option<Translation> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let bare = words.split_once(' ').filter(|(first, _)| ARTICLES.contains(first));
    let elided = words.split_once(['\'', '’']).filter(|(first, _)| first.chars().count() == 1);
    let readings = [Some(words.as_str()), bare.map(|(_, rest)| rest), elided.map(|(_, rest)| rest)];
    readings.into_iter().flatten().find_map(|word| look_up(word, language))
}

fn look_up(word: &str, language: Option<Language>) -> Option<Translation> {
    let first = ENTRIES.partition_point(|entry| entry.word < word);
    let entries = ENTRIES[first..].iter().take_while(|entry| entry.word == word);
    let mut meant = entries.filter(|entry| language.is_none_or(|one| one.code == entry.code));
    let first = meant.next()?;
    let mut is_shared = false;
    for other in meant {
        if other.english != first.english {
            return None;
        }
        is_shared |= other.code != first.code;
    }
    let language = if is_shared { None } else { by_code(first.code) };
    Some(Translation { english: first.english, language })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Guess, guess};

    fn english(text: &str) -> Option<&'static str> {
        translate(text, None).map(|found| found.english)
    }

    #[test]
    fn the_list_is_in_order_and_whole() {
        assert_eq!(ENTRIES.len(), include_str!("translations.tsv").lines().count());
        assert!(ENTRIES.is_sorted_by_key(|entry| (entry.word, entry.code)));
        for entry in ENTRIES.iter() {
            assert!(by_code(entry.code).is_some(), "{} {}", entry.word, entry.code);
            assert_eq!(entry.word, entry.word.to_lowercase());
        }
    }

    #[test]
    fn everyday_things_are_known_in_many_languages() {
        for text in
            ["Regenschirm", "un parapluie", "paraguas", "ombrello", "een paraplu", "伞", "зонт"]
        {
            assert_eq!(english(text), Some("umbrella"), "{text}");
        }
        assert_eq!(english("l'ancre"), Some("anchor"));
        assert_eq!(english("ein Hund am Strand"), None, "more than a thing");
        assert_eq!(english(""), None);
    }

    #[test]
    fn a_word_of_several_languages_names_none() {
        let hund = translate("Hund", None).unwrap();
        assert_eq!((hund.english, hund.language), ("dog", None), "German, Swedish, Danish");
        let german = by_code("de");
        assert_eq!(translate("Hund", german).unwrap().language, german);
        assert_eq!(translate("perro", german), None);
    }

    #[test]
    fn what_languages_mean_differently_is_not_guessed() {
        let differ = |(a, b): &(&Entry, &Entry)| a.word == b.word && a.english != b.english;
        let (one, other) = ENTRIES.iter().zip(&ENTRIES[1..]).find(differ).expect("such a word");
        assert_eq!(translate(one.word, None), None);
        assert_eq!(translate(one.word, by_code(one.code)).unwrap().english, one.english);
        assert_eq!(translate(other.word, by_code(other.code)).unwrap().english, other.english);
        assert_eq!(guess("Schere"), Guess::Unknown);
    }
}
