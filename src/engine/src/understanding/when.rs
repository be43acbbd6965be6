//! Words that say when.

use std::ops::Range;

use seer_dates::{Context, Meaning, read};

use super::as_filters::any_of;
use super::found::{Found, Stretch};

/// The words of a query's plain runs that say when photos were taken.
pub(super) fn times(text: &str, runs: &[Range<usize>], context: &Context) -> Vec<Found> {
    let readings = |run: &Range<usize>| {
        let start = run.start;
        let readings = read(&text[run.clone()], context).into_iter();
        readings.map(move |reading| (start, reading)).collect::<Vec<_>>()
    };
    let found = runs.iter().flat_map(readings).filter_map(|(start, reading)| {
        let words = start + reading.range.start..start + reading.range.end;
        let found = Found::new(text, words, any_of(&reading.meanings), reading.sure)?;
        let stretch = stretch(&reading.meanings);
        Some(Found { seasonal: reading.seasonal, stretch, ..found })
    });
    found.collect()
}

/// From the first to the last of some times; `None` where one of them comes again.
fn stretch(meanings: &[Meaning]) -> Option<Stretch> {
    let is_one = |meaning: &Meaning| meaning.from.is_some() || meaning.until.is_some();
    if !meanings.iter().all(is_one) {
        return None;
    }
    let from = meanings.iter().map(|meaning| meaning.from).min()?;
    // No end is the latest one.
    let until = meanings.iter().map(|meaning| meaning.until);
    let until = until.max_by_key(|until| (until.is_none(), *until))?;
    Some((from, until))
}
