//! Words that name places on the earth.

use std::ops::Range;

use seer_places::{Certainty, read};

use super::found::Found;
use super::names::{Candidate, written};
use crate::query::parse;

/// What words of a query's plain runs name places, as filters. `taken`: words that are read otherwise.
pub(super) fn candidates(
    text: &str,
    runs: &[Range<usize>],
    taken: &[Range<usize>],
) -> Vec<Candidate> {
    let of_run = |run: &Range<usize>| {
        let mentions = read(&text[run.clone()]).into_iter();
        let candidate = |mention: seer_places::Mention| {
            let sure = mention.certainty == Certainty::High;
            let shift = |range: Range<usize>| run.start + range.start..run.start + range.end;
            let (name, phrase) = (shift(mention.range), shift(mention.phrase));
            let words = if sure { phrase } else { name.clone() };
            let is_taken =
                |taken: &Range<usize>| taken.start < words.end && words.start < taken.end;
            if mention.certainty == Certainty::Low || taken.iter().any(is_taken) {
                return None;
            }
            let filters = written("place", text.get(name)?);
            let (_, filter) = parse(&filters).ok()?.filters.pop()?;
            let found = Found::new(text, words, filters, sure)?;
            Some(Candidate { found: Found { stays: !sure, ..found }, filter, words: Vec::new() })
        };
        mentions.filter_map(candidate).collect::<Vec<_>>()
    };
    runs.iter().flat_map(of_run).collect()
}
