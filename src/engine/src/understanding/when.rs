//! Words that say when.

use std::ops::Range;

use seer_dates::{Context, read};

use super::as_filters::as_filters;
use super::found::Found;

/// The words of a query's plain runs that say when photos were taken.
pub(super) fn times(text: &str, runs: &[Range<usize>], context: &Context) -> Vec<Found> {
    let readings = |run: &Range<usize>| {
        let start = run.start;
        let readings = read(&text[run.clone()], context).into_iter();
        readings.map(move |reading| (start, reading)).collect::<Vec<_>>()
    };
    let found = runs.iter().flat_map(readings).filter_map(|(start, reading)| {
        let words = start + reading.range.start..start + reading.range.end;
        let meaning = &reading.meaning;
        let stretch = Some((meaning.from, meaning.until)).filter(|ends| *ends != (None, None));
        let found = Found::new(text, words, as_filters(meaning), reading.sure)?;
        Some(Found { seasonal: reading.seasonal, stretch, ..found })
    });
    found.collect()
}
