//! Readings behind a word that turns them round: "not in 2019", "outside Lisbon", "except Sundays".

use std::ops::Range;

use seer_dates::{FileWord, says};

use super::as_filters::grouped;
use super::found::Found;

/// Words in front of what is not meant, in seven languages; of those that end alike the longest counts.
const BEFORE: &str = "but not, and not, not, never, except for, except, excluding, but without, without, apart from, \
    other than, anywhere but, outside of, outside, far away, far, no, aber nicht, und nicht, nicht, \
    nie, außer, ausser, außerhalb, ausserhalb, ohne, kein, keine, weit weg, weit, fern, mais pas, \
    et pas, pas, sauf, hormis, excepté, en dehors, hors, sans, loin, pero no, y no, excepto, salvo, \
    menos, fuera, sin, lejos, ma non, non, tranne, eccetto, fuori, senza, lontano, mas não, não, \
    nao, exceto, fora, sem, longe, maar niet, niet, behalve, zonder, buiten, geen, nooit";

/// Those of distance: with another one of these before, they mean near ("not far from Lisbon").
const DISTANT: &[&str] =
    &["far away", "far", "weit weg", "weit", "fern", "loin", "lejos", "lontano", "longe"];

/// A word of a reading itself: "outside Lisbon".
const FIRST: [&str; 1] = ["outside"];

/// `more`, with those of `found` that share no words with them.
pub(super) fn beside(more: Vec<Found>, found: Vec<Found>) -> Vec<Found> {
    let meets = |one: &Found| {
        let meets = |other: &Found| {
            other.pieces.start < one.pieces.end && one.pieces.start < other.pieces.end
        };
        more.iter().any(meets)
    };
    let rest: Vec<Found> = found.into_iter().filter(|one| !meets(one)).collect();
    [more, rest].concat()
}

/// The readings of filters, turned round where a word says so. What that word makes certain is applied:
/// "without sundays" can mean nothing else.
pub(super) fn negated(text: &str, runs: &[Range<usize>], found: Vec<Found>) -> Vec<Found> {
    found.into_iter().map(|one| turned(text, runs, one)).collect()
}

fn turned(text: &str, runs: &[Range<usize>], one: Found) -> Found {
    if one.excludes > 0 || one.filters.starts_with('-') {
        return one;
    }
    let is_certain =
        one.sure || ["year:", "weekday:"].iter().any(|key| one.filters.starts_with(key));
    let run = runs.iter().find(|run| run.start <= one.pieces.start && one.pieces.end <= run.end);
    let start = run.and_then(|run| start_of_word(text, run, one.pieces.start));
    let own = text[one.words.clone()].split_whitespace().next().unwrap_or("").to_lowercase();
    let start = start.or_else(|| FIRST.contains(&own.as_str()).then_some(one.words.start));
    match start.filter(|_| is_certain) {
        None => one,
        Some(start) => Found {
            words: start..one.words.end,
            pieces: start.min(one.pieces.start)..one.pieces.end,
            filters: format!("-{}", grouped(&one.filters)),
            sure: true,
            stays: false,
            stretch: None,
            ..one
        },
    }
}

/// Without a last "taken" or "shot": "not taken in Lisbon".
fn without_taken(text: &str) -> &str {
    let (rest, last) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
    if says(last, FileWord::Taken) { rest.trim_end() } else { text }
}

/// Where the word before a place of a run begins, if it is one of these.
fn start_of_word(text: &str, run: &Range<usize>, at: usize) -> Option<usize> {
    let before = without_taken(text[run.start..at].trim_end());
    let ends_with = |words: &&str| {
        let length = words.chars().count();
        let from = before.char_indices().rev().nth(length - 1).map(|(at, _)| at);
        from.is_some_and(|from| {
            let is_whole = before[..from].chars().next_back().is_none_or(char::is_whitespace);
            is_whole && before[from..].to_lowercase() == **words
        })
    };
    let word = BEFORE.split(", ").filter(ends_with).max_by_key(|words| words.len())?;
    let from = run.start + before.char_indices().rev().nth(word.chars().count() - 1)?.0;
    let is_near = DISTANT.contains(&word) && start_of_word(text, run, from).is_some();
    (!is_near).then_some(from)
}
