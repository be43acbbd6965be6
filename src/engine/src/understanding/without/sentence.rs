//! What a run of words leaves out, read in one language.

use std::ops::Range;

use super::word::Word;
use super::words::{Language, THINGS_IN_ING};
use super::written;
use crate::people::is_people;
use crate::query::parse;
use crate::understanding::found::Found;

/// What is left out has at most so many words, small ones not counted.
const MOST_WORDS: usize = 3;
/// One reading leaves out at most so many things.
const MOST_THINGS: usize = 3;

/// How a word leaves out what follows it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Without,
    No,
    Not,
    Nobody,
}

pub(super) fn kind(language: &Language, word: &Word) -> Option<Kind> {
    let kinds = [
        (language.without, Kind::Without),
        (language.no, Kind::No),
        (language.not, Kind::Not),
        (language.nobody, Kind::Nobody),
    ];
    kinds.into_iter().find(|(list, _)| word.is_in(list)).map(|(_, kind)| kind)
}

/// Where what is left out ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// At the end of the words, a sign, a small word, or words that are read otherwise.
    Clear,
    /// In the middle of more words than are read.
    TooLong,
}

/// One thing that is left out.
struct Thing {
    words: Range<usize>,
    end: End,
}

/// The words of one run, read in one language.
pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a [Word<'a>],
    pub(super) language: &'a Language,
    /// Whether the run is English.
    pub(super) english: bool,
}

impl Sentence<'_> {
    /// The readings that begin with the word at a place: what is left out, and what may be meant
    /// with it ("without people and cars").
    pub(super) fn at(&self, at: usize) -> Vec<Found> {
        let (language, word) = (self.language, &self.words[at]);
        let Some(kind) = kind(language, word).filter(|_| !word.taken) else { return Vec::new() };
        let unsure_language = matches!(kind, Kind::Not | Kind::No | Kind::Nobody);
        if language.english != self.english && (!language.english || unsure_language) {
            return Vec::new();
        }
        let from = self.linked(at);
        let before = from.checked_sub(1).map(|before| &self.words[before]);
        let stands_behind = |word: &&Word| !word.sign_behind && word.is_in(language.blocked_behind);
        if before.as_ref().is_some_and(stands_behind) {
            return Vec::new();
        }
        let things = self.things(at, kind);
        let Some(last) = things.last() else { return Vec::new() };
        let behind = self.behind_tail(last.words.end);
        let is_people = things.iter().all(|thing| is_people(&self.thing(thing)));
        let led = from < at || word.sign_before || before.is_some_and(|before| before.sign_behind);
        let sure = things.iter().all(|thing| thing.end == End::Clear)
            && match kind {
                Kind::Without => true,
                Kind::No => led || is_people,
                Kind::Nobody => led,
                Kind::Not => led && (from == at || self.words[at - 1].is_in(language.conjunctions)),
            };
        let first = self.found(from..behind, &things, sure);
        let second = match kind {
            Kind::Without | Kind::No => self.joined(behind),
            Kind::Not | Kind::Nobody => None,
        };
        first.into_iter().flat_map(|first| [Some(first), second.clone()]).flatten().collect()
    }

    /// Where the words begin that belong to the one at a place: "and with" in "and with no".
    fn linked(&self, at: usize) -> usize {
        if self.words[at].sign_before {
            return at;
        }
        let starts = |link: &&str| {
            let count = link.split(' ').count();
            let from = at.checked_sub(count)?;
            let words = &self.words[from..at];
            let same = words.iter().zip(link.split(' ')).all(|(word, link)| word.folded == link);
            let whole = words.iter().all(|word| !word.sign_behind && !word.taken)
                && words[1..].iter().all(|word| !word.sign_before);
            (same && whole).then_some(from)
        };
        self.language.links.iter().find_map(starts).unwrap_or(at)
    }

    /// Where the words end that say no more of what is left out: "in it".
    fn behind_tail(&self, at: usize) -> usize {
        let ends = |tail: &&str| {
            let end = at + tail.split(' ').count();
            let words = self.words.get(at - 1..end)?;
            let same =
                words[1..].iter().zip(tail.split(' ')).all(|(word, tail)| word.folded == tail);
            let whole = words[..words.len() - 1].iter().all(|word| !word.sign_behind)
                && words[1..].iter().all(|word| !word.sign_before && !word.taken);
            let last = end == self.words.len() || self.words[end - 1].sign_behind;
            (same && whole && last).then_some(end)
        };
        self.language.tails.iter().find_map(ends).unwrap_or(at)
    }

    /// What the word at a place leaves out; none where it says something else.
    fn things(&self, at: usize, kind: Kind) -> Vec<Thing> {
        if kind == Kind::Nobody {
            return vec![Thing { words: at..at + 1, end: End::Clear }];
        }
        let mut things = Vec::new();
        let mut before = at;
        while things.len() < MOST_THINGS {
            let Some(thing) = self.thing_behind(before) else { break };
            let words = &self.words[thing.words.clone()];
            if self.says_otherwise(words, kind) {
                return Vec::new();
            }
            before = thing.words.end;
            things.push(thing);
            let next = self.words.get(before).filter(|_| !self.words[before - 1].sign_behind);
            if !next.is_some_and(|word| word.is_in(self.language.or)) {
                break;
            }
        }
        things
    }

    /// "no entry", "no parking", "no dogs allowed", "without a doubt".
    fn says_otherwise(&self, words: &[Word], kind: Kind) -> bool {
        let Some(first) = words.first() else { return true };
        let is_act = kind == Kind::No
            && self.language.english
            && first.folded.ends_with("ing")
            && !first.is_in(&THINGS_IN_ING);
        let has_figure = kind == Kind::No && first.folded.starts_with(|c: char| c.is_ascii_digit());
        is_act
            || has_figure
            || first.is_in(self.language.blocked_before)
            || words.iter().any(|word| word.is_in(self.language.of_signs))
            || words.iter().any(|word| word.folded.ends_with("schild"))
    }

    /// The thing right behind the word at a place, without an article.
    fn thing_behind(&self, at: usize) -> Option<Thing> {
        let language = self.language;
        let is_small = |word: &Word| word.is_in(language.articles) || word.is_in(language.of);
        let mut from = at + 1;
        let stops = |place: usize| {
            let before = &self.words[place - 1];
            self.words.get(place).is_none_or(|word| {
                before.sign_behind || word.sign_before || word.taken || self.ends(word)
            })
        };
        while !stops(from) && is_small(&self.words[from]) {
            from += 1;
        }
        let (mut end, mut count) = (from, 0);
        let one = from > at + 1;
        let mut clear = true;
        let acts = |place: usize| place > from && one && self.is_act(&self.words[place]);
        while !stops(end) && !acts(end) {
            count += usize::from(!is_small(&self.words[end]));
            if count > MOST_WORDS {
                clear = false;
                break;
            }
            end += 1;
        }
        while end > from && is_small(&self.words[end - 1]) {
            end -= 1;
        }
        let end_kind = if clear { End::Clear } else { End::TooLong };
        (end > from).then_some(Thing { words: from..end, end: end_kind })
    }

    fn ends(&self, word: &Word) -> bool {
        let language = self.language;
        [language.ends, language.and, language.or].iter().any(|list| word.is_in(list))
            || kind(language, word).is_some()
    }

    /// "a man without a shirt jumping": he jumps.
    fn is_act(&self, word: &Word) -> bool {
        self.language.english && word.folded.ends_with("ing") && !word.is_in(&THINGS_IN_ING)
    }

    /// "and cars", where nothing says that they are wanted.
    fn joined(&self, at: usize) -> Option<Found> {
        let and = self.words.get(at).filter(|word| word.is_in(self.language.and) && !word.taken)?;
        let parted = self.words[at - 1].sign_behind || and.sign_before || and.sign_behind;
        let thing = self.thing_behind(at).filter(|thing| {
            thing.words.start == at + 1
                && thing.end == End::Clear
                && !self.says_otherwise(&self.words[thing.words.clone()], Kind::No)
        })?;
        let last =
            thing.words.end == self.words.len() || self.words[thing.words.end - 1].sign_behind;
        (last && !parted).then(|| self.found(at..thing.words.end, &[thing], false)).flatten()
    }

    /// A thing as the model reads it.
    fn thing(&self, thing: &Thing) -> String {
        let words = &self.words[thing.words.clone()];
        let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        match folded[..] {
            ["one"] if self.language.english => "people".to_owned(),
            [only] if self.language.nobody.contains(&only) => "people".to_owned(),
            _ => words.iter().map(|word| word.text).collect::<Vec<_>>().join(" "),
        }
    }

    /// A reading of these words; `None` where it cannot be written.
    fn found(&self, words: Range<usize>, things: &[Thing], sure: bool) -> Option<Found> {
        let things: Vec<String> = things.iter().map(|thing| self.thing(thing)).collect();
        let written: Vec<String> = things.iter().map(|thing| written(thing)).collect();
        let written = written.join(" ");
        let read = parse(&written).ok()?.terms;
        let same = read.len() == things.len()
            && read
                .iter()
                .zip(&things)
                .all(|(term, thing)| term.weight < 0.0 && term.text == *thing);
        let range = self.words[words.start].range.start..self.words[words.end - 1].range.end;
        let found = Found::new(self.text, range, written, sure).filter(|_| same)?;
        Some(Found { excludes: things.len(), ..found })
    }
}
