//! The words of a text as one language reads them.

use jiff::civil::Date;

use crate::lexicon::{Class, Entry, LONGEST, Mark, entries};
use crate::tokens::{Gap, Token};

/// What the words at some place can be, over how many of them.
#[derive(Clone, Copy)]
pub(crate) struct Lexeme {
    /// The place of the first word behind it.
    pub(crate) end: usize,
    pub(crate) entry: Entry,
}

/// A text in one language.
pub(crate) struct Sentence<'a> {
    pub(crate) tokens: &'a [Token],
    pub(crate) today: Date,
    pub(crate) south: bool,
    pub(crate) language: u8,
    lexemes: &'a [Vec<Lexeme>],
}

/// For each place what the words there can be in any language, the longest first.
pub(crate) fn lexemes(tokens: &[Token]) -> Vec<Vec<Lexeme>> {
    (0..tokens.len()).map(|at| lexemes_at(tokens, at)).collect()
}

fn lexemes_at(tokens: &[Token], at: usize) -> Vec<Lexeme> {
    let mut key = tokens[at].text.clone();
    let mut found = Vec::new();
    for end in at + 1..=tokens.len().min(at + LONGEST) {
        found.extend(entries(&key).iter().map(|entry| Lexeme { end, entry: *entry }));
        let Some(next) = tokens.get(end) else { break };
        if !matches!(next.gap, Gap::Space | Gap::Apostrophe | Gap::Dash) {
            break;
        }
        key.push(' ');
        key.push_str(&next.text);
    }
    found.reverse();
    found
}

impl<'a> Sentence<'a> {
    pub(crate) fn new(
        tokens: &'a [Token],
        lexemes: &'a [Vec<Lexeme>],
        today: Date,
        south: bool,
        language: u8,
    ) -> Self {
        Self { tokens, today, south, language, lexemes }
    }

    /// The longest words at a place that are something wanted: the place behind them, and what.
    pub(crate) fn find<T>(
        &self,
        at: usize,
        wanted: impl Fn(Class, Mark) -> Option<T>,
    ) -> Option<(usize, T)> {
        let lexemes = self.lexemes.get(at)?.iter();
        let mut own = lexemes.filter(|lexeme| lexeme.entry.language == self.language);
        own.find_map(|lexeme| {
            wanted(lexeme.entry.class, lexeme.entry.mark).map(|found| (lexeme.end, found))
        })
    }

    /// The place behind words of one of these classes.
    pub(crate) fn is(&self, at: usize, classes: &[Class]) -> Option<usize> {
        self.find(at, |class, _| classes.contains(&class).then_some(())).map(|(end, ())| end)
    }

    /// The same where they follow what was read without a sign between.
    pub(crate) fn then(&self, at: usize, classes: &[Class]) -> Option<usize> {
        self.is(self.next(at)?, classes)
    }

    /// Behind words of these classes where they follow; else the same place.
    pub(crate) fn skip(&self, at: usize, classes: &[Class]) -> usize {
        self.then(at, classes).unwrap_or(at)
    }

    /// A place that follows what was read, without a sign between.
    pub(crate) fn next(&self, at: usize) -> Option<usize> {
        let gap = self.gap(at)?;
        matches!(gap, Gap::Space | Gap::Quote | Gap::Apostrophe).then_some(at)
    }

    /// The same with a comma or a full stop between, as in "14. Juli, 2019".
    pub(crate) fn next_loosely(&self, at: usize) -> Option<usize> {
        let gap = self.gap(at)?;
        matches!(gap, Gap::Space | Gap::Quote | Gap::Apostrophe | Gap::Stop).then_some(at)
    }

    pub(crate) fn gap(&self, at: usize) -> Option<Gap> {
        self.tokens.get(at).map(|token| token.gap)
    }

    pub(crate) fn text(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).map(|token| token.text.as_str())
    }
}
