//! Words that ask for photos and say nothing of what they show.

use crate::lexicon::{Class, LONGEST, entries};
use crate::tokens::{Token, tokens};

/// What a word can say of files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileWord {
    /// "files", "photos": what stands before may be their format.
    Files,
    /// "taken", "shot".
    Taken,
    /// "with", "on": what follows may be something that they were taken with.
    With,
    /// "my", "a", before such a thing.
    Own,
}

/// Whether a text only asks for photos, in any of the languages, and says nothing of them: "show me
/// all my photos". An empty one does.
pub fn asks_only(text: &str) -> bool {
    let tokens = tokens(text);
    let mut at = 0;
    while at < tokens.len() {
        match behind(&tokens, at, &[Class::Photos, Class::Asking]) {
            Some(end) => at = end,
            None => return false,
        }
    }
    true
}

/// Whether a word can say that of files, in any of the languages.
pub fn says(word: &str, what: FileWord) -> bool {
    let class = match what {
        FileWord::Files => Class::Files,
        FileWord::Taken => Class::Taken,
        FileWord::With => Class::With,
        FileWord::Own => Class::Own,
    };
    let tokens = tokens(word);
    !tokens.is_empty() && behind(&tokens, 0, &[class]) == Some(tokens.len())
}

/// Behind the longest words at a place that are of these classes in any language.
fn behind(tokens: &[Token], at: usize, classes: &[Class]) -> Option<usize> {
    let longest = tokens.len().min(at + LONGEST);
    (at + 1..=longest).rev().find(|end| {
        let words: Vec<&str> = tokens[at..*end].iter().map(|token| token.text.as_str()).collect();
        entries(&words.join(" ")).iter().any(|entry| classes.contains(&entry.class))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_say_nothing_of_the_photos() {
        for text in [
            "",
            "photos",
            "show me all my photos",
            "meine Bilder",
            "toutes mes photos",
            "photos taken",
        ] {
            assert!(asks_only(text), "{text}");
        }
        for text in ["dogs", "photos of dogs", "my dog", "meine Katze"] {
            assert!(!asks_only(text), "{text}");
        }
    }
}
