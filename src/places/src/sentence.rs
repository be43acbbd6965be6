//! The words of a text, with where they stand.

use std::ops::Range;

use crate::fold::{is_apostrophe, key};

/// A word. Scripts without blanks give whole stretches as one.
pub(crate) struct Word {
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
    /// Where it ends without an English "'s".
    pub(crate) bare_end: usize,
    pub(crate) key: String,
    /// Whether it begins with a capital letter.
    pub(crate) capital: bool,
    /// Whether only blanks, hyphens and full stops stand between this word and the next one.
    pub(crate) joined: bool,
    /// Whether a comma and blanks stand there.
    pub(crate) comma: bool,
    /// Whether it is in a script without blanks between words.
    pub(crate) unspaced: bool,
}

/// What an apostrophe cuts off: "d'Italie", "nell'Umbria".
const ELIDED: [&str; 14] =
    ["d", "l", "dell", "all", "nell", "sull", "dall", "qu", "un", "s", "c", "n", "quell", "j"];

/// The words of a text.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if c.is_alphanumeric() || is_mark(c) || (is_apostrophe(c) && start.is_some()) {
            let begin = *start.get_or_insert(at);
            if is_apostrophe(c) && ELIDED.contains(&text[begin..at].to_lowercase().as_str()) {
                push(&mut words, text, begin..at);
                start = None;
            } else if is_unspaced(c) && begin < at && !text[begin..at].chars().all(is_unspaced)
                || !is_unspaced(c) && text[begin..at].chars().next_back().is_some_and(is_unspaced)
            {
                push(&mut words, text, begin..at);
                start = Some(at);
            }
        } else if let Some(begin) = start.take() {
            push(&mut words, text, begin..at);
        }
    }
    for at in 1..words.len() {
        let between = &text[words[at - 1].range.end..words[at].range.start];
        words[at - 1].comma = between.trim() == "," || between.trim() == "，";
        words[at - 1].joined = between.chars().all(|c| c.is_whitespace() || "-.‐–'’".contains(c));
    }
    words
}

fn push(words: &mut Vec<Word>, text: &str, range: Range<usize>) {
    let word = text[range.clone()].trim_end_matches(is_apostrophe);
    let range = range.start..range.start + word.len();
    let owned = word.strip_suffix(['s', 'S']).filter(|rest| rest.ends_with(is_apostrophe));
    let bare = owned.map_or(word, |rest| rest.trim_end_matches(is_apostrophe));
    words.push(Word {
        bare_end: range.start + bare.len(),
        key: key(word),
        capital: word.chars().next().is_some_and(char::is_uppercase),
        joined: false,
        comma: false,
        unspaced: word.chars().all(is_unspaced),
        range,
    });
}

/// Marks on letters, and joiners in words of scripts of India and Iran.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}')
}

/// Letters of scripts that put no blanks between words, and Korean, whose endings are joined.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}
