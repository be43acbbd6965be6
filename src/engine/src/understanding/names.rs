//! Words that the library knows as a name: a camera, a lens, a format, a tag, a folder, a place.

use std::ops::Range;

use seer_dates::{FileWord, asks_only, says};
use seer_language::{Guess, guess};
use seer_store::Filter;

use super::found::Found;
use crate::query::parse;

/// Names are looked for among so many words.
const MOST_WORDS: usize = 16;
/// No name of more words is looked for.
const LONGEST: usize = 4;

/// Formats by what people call them.
const FORMATS: [(&str, &str); 11] = [
    ("jpeg", "jpeg"),
    ("jpegs", "jpeg"),
    ("jpg", "jpeg"),
    ("jpgs", "jpeg"),
    ("png", "png"),
    ("pngs", "png"),
    ("gif", "gif"),
    ("gifs", "gif"),
    ("webp", "webp"),
    ("tiff", "tiff"),
    ("bmp", "bmp"),
];

/// Words behind which a place stands: "in Lisbon".
const BEFORE_PLACES: [&str; 14] = [
    "in", "at", "from", "near", "en", "à", "a", "em", "aus", "bei", "bij", "te", "nach", "visiting",
];

/// A reading that holds if the library knows the name.
pub(super) struct Candidate {
    pub(super) found: Found,
    pub(super) filter: Filter,
    /// Words that stand in texts where it is known; empty for what is no text.
    pub(super) words: Vec<String>,
}

/// A word of a query.
#[derive(Clone)]
struct Word<'a> {
    text: &'a str,
    range: Range<usize>,
}

/// What words of a query's plain runs may be names of, the longest first. `taken`: words that are
/// read otherwise.
pub(super) fn candidates(
    text: &str,
    runs: &[Range<usize>],
    taken: &[Range<usize>],
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for run in runs {
        let words = words(text, run);
        let words = &words[..words.len().min(MOST_WORDS)];
        for length in (1..=LONGEST.min(words.len())).rev() {
            for at in 0..=words.len() - length {
                let name = &words[at..at + length];
                if !name.iter().any(|word| is_in(word, taken)) {
                    let place = Place { text, words, at, end: at + length, runs, taken };
                    candidates.extend(place.candidates());
                }
            }
        }
    }
    candidates
}

/// Whether a word is one of those in some ranges.
fn is_in(word: &Word, ranges: &[Range<usize>]) -> bool {
    ranges.iter().any(|range| range.start < word.range.end && word.range.start < range.end)
}

/// The words between white space, without the signs around them.
fn words<'a>(text: &'a str, run: &Range<usize>) -> Vec<Word<'a>> {
    let mut at = run.start;
    let words = text[run.clone()].split_whitespace().filter_map(|piece| {
        // Behind the piece before there is white space alone.
        let start = at + text[at..].find(piece)?;
        at = start + piece.len();
        let word = piece.trim_start_matches(is_sign);
        let start = start + piece.len() - word.len();
        let word = word.trim_end_matches(is_sign);
        (!word.is_empty()).then(|| Word { text: word, range: start..start + word.len() })
    });
    words.collect()
}

fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

/// Some words of a query, one after the other.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a str,
    words: &'a [Word<'a>],
    at: usize,
    end: usize,
    runs: &'a [Range<usize>],
    taken: &'a [Range<usize>],
}

impl Place<'_> {
    fn candidates(&self) -> Vec<Candidate> {
        let name = self.name();
        if name.contains('"') || name.chars().count() < 2 {
            return Vec::new();
        }
        let mut found: Vec<Candidate> = self.gear(&name).into_iter().flatten().collect();
        found.extend(self.format(&name));
        if name.chars().any(char::is_alphabetic) && !asks_only(&name) && name.chars().count() > 2 {
            found.extend(self.offered(&written("tag", &name), self.at));
            found.extend(self.offered(&written("folder", &name), self.at));
            found.extend(self.place(&name));
        }
        found
    }

    fn name(&self) -> String {
        self.words[self.at..self.end].iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    /// A camera or a lens: a name with a figure, or one that photos are said to be taken with.
    fn gear(&self, name: &str) -> [Option<Candidate>; 2] {
        let (from, led) = self.led();
        let has_figure = name.chars().any(|c| c.is_ascii_digit());
        let has_letters = name.chars().filter(|c| c.is_alphabetic()).count() > 1;
        if !has_letters || !(has_figure || led) || self.goes_on(led) {
            return [None, None];
        }
        let alone = self.runs.iter().all(|run| self.leaves_nothing(run));
        let sure = led || has_figure && alone;
        ["camera", "lens"].map(|key| {
            let mut candidate = self.candidate(&written(key, name), from)?;
            candidate.found.sure = sure;
            Some(candidate)
        })
    }

    /// Whether a word follows that may be the rest of another model's name: one with a figure, or,
    /// behind words that lead to a name, any but a small one.
    fn goes_on(&self, led: bool) -> bool {
        let next = self.words.get(self.end).filter(|word| !is_in(word, self.taken));
        next.is_some_and(|word| {
            let is_small = asks_only(word.text) || BEFORE_PLACES.contains(&word.text);
            word.text.contains(|c: char| c.is_ascii_digit()) || led && !is_small
        })
    }

    /// The first of the words that lead to what photos were taken with, and whether there are some:
    /// "photos from my", "taken with a", "shot on".
    fn led(&self) -> (usize, bool) {
        let says = |at: usize, what| says(self.words[at].text, what);
        let mut at = self.at;
        if at > 0 && says(at - 1, FileWord::Own) {
            at -= 1;
        }
        if at < 2 || !says(at - 1, FileWord::With) {
            return (self.at, false);
        }
        match says(at - 2, FileWord::Taken) {
            true => (at - 2, true),
            false => (at - 1, says(at - 2, FileWord::Files)),
        }
    }

    /// Whether the words are all that a run says.
    fn leaves_nothing(&self, run: &Range<usize>) -> bool {
        let (start, end) = (self.words[self.at].range.start, self.words[self.end - 1].range.end);
        if run.start > start || end > run.end {
            return asks_only(&self.text[run.clone()]);
        }
        asks_only(&self.text[run.start..start]) && asks_only(&self.text[end..run.end])
    }

    /// "png", and surely before "files of".
    fn format(&self, name: &str) -> Option<Candidate> {
        let name = name.to_lowercase();
        let (_, format) = FORMATS.iter().find(|(known, _)| *known == name)?;
        let behind = &self.words[self.end..];
        let is_files = |word: &Word| says(word.text, FileWord::Files);
        let sure = behind.first().is_some_and(is_files);
        let small = behind.iter().take_while(|word| is_files(word) || asks_only(word.text)).count();
        let end = if sure { self.end + small } else { self.end };
        let mut candidate = Place { end, ..*self }.candidate(&format!("type:{format}"), self.at)?;
        candidate.found.sure = sure;
        Some(candidate)
    }

    /// "in Lisbon": a name behind a small word that stands in a text.
    fn place(&self, name: &str) -> Option<Candidate> {
        let before = self.words.get(self.at.checked_sub(1)?)?.text.to_lowercase();
        let is_name = name.starts_with(char::is_uppercase) || guess(name) != Guess::English;
        (BEFORE_PLACES.contains(&before.as_str()) && is_name)
            .then(|| self.offered(&written("text", name), self.at))?
    }

    fn offered(&self, filters: &str, from: usize) -> Option<Candidate> {
        let mut candidate = self.candidate(filters, from)?;
        candidate.found.stays = true;
        candidate.words =
            self.words[self.at..self.end].iter().map(|word| word.text.into()).collect();
        Some(candidate)
    }

    fn candidate(&self, filters: &str, from: usize) -> Option<Candidate> {
        let range = self.words[from].range.start..self.words[self.end - 1].range.end;
        let (_, filter) = parse(filters).ok()?.filters.pop()?;
        let found = Found::new(self.text, range, filters.to_owned(), false)?;
        Some(Candidate { found, filter, words: Vec::new() })
    }
}

/// A filter as a person writes it.
pub(super) fn written(key: &str, value: &str) -> String {
    match value.contains(char::is_whitespace) {
        true => format!("{key}:\"{value}\""),
        false => format!("{key}:{value}"),
    }
}

/// The words of candidates, each once.
pub(super) fn words_of(candidates: &[Candidate]) -> Vec<String> {
    let mut words: Vec<String> =
        candidates.iter().flat_map(|one| one.words.iter().cloned()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Of the readings whose names are known, one for each word: the first, which is the longest.
pub(super) fn chosen(candidates: Vec<Candidate>, known: &[bool]) -> Vec<Found> {
    let mut chosen: Vec<Found> = Vec::new();
    let known = candidates.into_iter().zip(known).filter(|(_, known)| **known);
    for found in known.map(|(candidate, _)| candidate.found) {
        let meets = |other: &Found| {
            other.pieces.start < found.pieces.end && found.pieces.start < other.pieces.end
        };
        if !chosen.iter().any(meets) {
            chosen.push(found);
        }
    }
    chosen
}
