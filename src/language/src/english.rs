//! English words.

use std::sync::LazyLock;

/// What a word tells of the language it is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Word {
    /// English.
    English,
    /// English, and as common in another language.
    Shared,
    /// Not English.
    Other,
}

/// In the order of their bytes; a `~` behind those that are shared.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("english.txt").lines().collect());

/// Endings of words whose stem is in the list.
const ENDINGS: [&str; 8] = ["'s", "’s", "s", "es", "ed", "d", "ing", "ly"];

/// Behind shared words.
const MARK: char = '~';

/// What a word tells, whatever its case, number or tense.
pub(crate) fn word(text: &str) -> Word {
    let text = text.to_lowercase();
    let text = text.trim_matches(['\'', '’']);
    let stems = ENDINGS.iter().filter_map(|ending| text.strip_suffix(ending));
    let stems = stems.filter(|stem| stem.len() > 2);
    std::iter::once(text).chain(stems).find_map(listed).unwrap_or(Word::Other)
}

fn listed(text: &str) -> Option<Word> {
    let place = WORDS.binary_search_by_key(&text, |entry| entry.trim_end_matches(MARK)).ok()?;
    Some(if WORDS[place].ends_with(MARK) { Word::Shared } else { Word::English })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(WORDS.is_sorted_by_key(|entry| entry.trim_end_matches(MARK)));
        assert!(WORDS.len() > 20_000);
    }

    #[test]
    fn number_and_tense_do_not_matter() {
        for text in ["Umbrella", "umbrellas", "umbrella's", "boxes", "jumped", "jumping", "skiers"]
        {
            assert_eq!(word(text), Word::English, "{text}");
        }
        for text in ["Hund", "perro", "und", "la", ""] {
            assert_eq!(word(text), Word::Other, "{text}");
        }
        for text in ["hat", "train", "barn"] {
            assert_eq!(word(text), Word::Shared, "{text}");
        }
    }
}
