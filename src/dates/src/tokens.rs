//! A text as words, with what stands between them.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A run of letters and digits.
#[derive(Debug)]
pub(crate) struct Token {
    /// In small letters, without accents.
    pub(crate) text: String,
    /// Where it stands, in bytes.
    pub(crate) range: Range<usize>,
    /// What is between it and the one before.
    pub(crate) gap: Gap,
    /// Whether a reading may end here: no sign is stuck to its end.
    pub(crate) ends: bool,
}

/// What stands before a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Gap {
    /// Nothing but white space, or the start of the text.
    Space,
    /// White space and an apostrophe or a quotation mark: `in the '90s`.
    Quote,
    /// A comma or a full stop and white space, or brackets and other signs that part sentences.
    Stop,
    /// A dash with white space around it.
    WideDash,
    /// A dash without.
    Dash,
    /// A dot without white space.
    Dot,
    /// A slash without white space.
    Slash,
    /// A colon without white space.
    Colon,
    /// An apostrophe inside a word: `year's`, `l'été`.
    Apostrophe,
    /// Any other sign that holds both words together: `IMG_2019`, `#2019`.
    Stuck,
}

impl Gap {
    /// Whether a reading may begin behind it.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Space | Self::Quote | Self::Stop | Self::WideDash)
    }
}

const DASHES: [char; 3] = ['-', '–', '—'];
const QUOTES: [char; 2] = ['\'', '’'];
/// Signs that may stand before a word or behind it without being part of a name.
const PARTING: &str = "()[]{},;:.!?\"“”„«»¿¡…'’‘";

pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut end = 0;
    let mut start = None;
    let is_part = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match start {
            None if is_part(c) => start = Some(at),
            Some(from) if !is_part(c) => {
                let gap = gap(&text[end..from], tokens.is_empty());
                if let Some(before) = tokens.last_mut() {
                    before.ends = is_open_behind(&text[end..]);
                }
                let (range, text) = (from..at, folded(&text[from..at]));
                tokens.push(Token { text, range, gap, ends: true });
                (start, end) = (None, at);
            }
            _ => {}
        }
    }
    if let Some(last) = tokens.last_mut() {
        last.ends = is_open_behind(&text[end..]);
    }
    tokens
}

fn folded(word: &str) -> String {
    word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

fn gap(between: &str, first: bool) -> Gap {
    let signs = between.trim();
    let is_wide = first || between.contains(char::is_whitespace);
    // What is stuck to the word's start decides, whatever is further off.
    let stuck = between.chars().next_back().filter(|c| !c.is_whitespace());
    match (is_wide, signs) {
        (_, "") => Gap::Space,
        (true, _) if signs.chars().all(|c| QUOTES.contains(&c)) => Gap::Quote,
        (true, _) if stuck.is_some_and(|c| !PARTING.contains(c)) => Gap::Stuck,
        (true, _) if signs.chars().all(|c| DASHES.contains(&c)) => Gap::WideDash,
        (true, _) => Gap::Stop,
        // "14.-20. Juli"
        (false, "-" | "–" | "—" | ".-" | ".–" | ".—") => Gap::Dash,
        (false, ".") => Gap::Dot,
        (false, "/") => Gap::Slash,
        (false, ":") => Gap::Colon,
        (false, "'" | "’") => Gap::Apostrophe,
        (false, _) if signs.chars().all(|c| "(),;!?\"".contains(c)) => Gap::Stop,
        (false, _) => Gap::Stuck,
    }
}

/// Whether a word may end before these signs.
fn is_open_behind(signs: &str) -> bool {
    match signs.chars().next() {
        None => true,
        Some(c) if c.is_whitespace() => true,
        // "2019.jpg" and "3:30" go on; "in 2019." does not.
        Some('.' | ':' | '\'' | '’') => {
            signs.chars().nth(1).is_none_or(|c| c.is_whitespace() || PARTING.contains(c))
        }
        Some(c) => PARTING.contains(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_what_is_before_them() {
        let text = "l'Été '19, 2019-07 IMG_2019 (May) a – b 3:30 14.7. #5";
        let found = tokens(text);
        let gaps: Vec<(&str, Gap)> = found.iter().map(|t| (t.text.as_str(), t.gap)).collect();
        let expected = [
            ("l", Gap::Space),
            ("ete", Gap::Apostrophe),
            ("19", Gap::Quote),
            ("2019", Gap::Stop),
            ("07", Gap::Dash),
            ("img", Gap::Space),
            ("2019", Gap::Stuck),
            ("may", Gap::Stop),
            ("a", Gap::Stop),
            ("b", Gap::WideDash),
            ("3", Gap::Space),
            ("30", Gap::Colon),
            ("14", Gap::Space),
            ("7", Gap::Dot),
            ("5", Gap::Stuck),
        ];
        assert_eq!(gaps, expected);
        assert_eq!(&text[found[1].range.clone()], "Été");
    }

    #[test]
    fn a_reading_may_not_end_inside_a_name() {
        let ends = |text: &str| tokens(text)[0].ends;
        for text in ["2019", "2019 x", "2019.", "2019, x", "(2019)", "2019!", "2019' x"] {
            assert!(ends(text), "{text}");
        }
        for text in ["2019.jpg", "2019_1", "2019-x", "2019%", "2019:30", "2019's"] {
            assert!(!ends(text), "{text}");
        }
    }
}
