//! What the plain words of a query say beside what photos show: when they were taken, with what, and
//! what shall not be on them.
//!
//! A reading turns words into filters, or excluded words, that a person could have written. Sure ones are applied: their
//! words are no meaning any more. Others are offered. Either way the answer names them, with the
//! query that turns the decision round. The rules are in `docs/QUERY.md`.

mod as_filters;
mod found;
pub(crate) mod hemisphere;
mod lists;
mod names;
mod negated;
mod places;
mod rewrite;
mod when;
mod without;

use std::collections::HashSet;
use std::ops::Range;

use seer_dates::Context;
use seer_store::{Filter, geometry};
use seer_types::{Coordinates, LocalTime};

use crate::query::plain::plain_runs;
use crate::query::{ParsedQuery, parse};
use crate::{EngineError, Library};

use found::{Found, settled};
use negated::{beside, negated};

/// Words that were read as filters or as words to push away from, or can be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadWords {
    /// The words as they were typed.
    pub read: String,
    /// The filters or excluded words (`-people`) that they are read as, as a person writes them.
    pub filters: String,
    /// Whether these are excluded words, and no filters.
    pub excludes: bool,
    /// Whether the reading was applied; else it is offered.
    pub applied: bool,
    /// The whole query with the decision turned round: the words kept as words, or read.
    pub query: String,
}

/// A query after its words have been read.
pub(crate) struct Understanding {
    /// With the filters of the readings, and without their words.
    pub(crate) query: ParsedQuery,
    /// How many of its filters were typed; they come first.
    pub(crate) typed: usize,
    /// Every reading, in the order of the words.
    pub(crate) readings: Vec<ReadWords>,
}

impl Library {
    /// Reads a query. `now`: the reader's wall clock.
    ///
    /// # Errors
    /// `Query`; and what a store says when it is asked for names and places.
    pub(crate) fn understand(
        &self,
        text: &str,
        now: LocalTime,
    ) -> Result<Understanding, EngineError> {
        let typed = self.parse(text)?;
        let runs = plain_runs(text);
        let found = when::times(text, &runs, &Context { now, south: false });
        let found = match found.iter().any(|found| found.seasonal)
            && self.hemisphere.is_south(&*self.store)?
        {
            true => when::times(text, &runs, &Context { now, south: true }),
            false => found,
        };
        let found = when_and_without(text, &runs, found);
        let places = self.places_in(text, &runs, &pieces(&found))?;
        let places = negated(text, &runs, lists::joined(text, places));
        let found = beside(places, found);
        let names = self.names(text, &runs, &pieces(&found))?;
        let found = beside(negated(text, &runs, names), found);
        understanding(text, typed, found, &|rest| self.parse(rest))
    }

    /// Places that words name, where photos were taken there.
    fn places_in(
        &self,
        text: &str,
        runs: &[Range<usize>],
        taken: &[Range<usize>],
    ) -> Result<Vec<Found>, EngineError> {
        if !self.tells_places {
            return Ok(Vec::new());
        }
        // Without positions the names of the earth's places need not be unpacked.
        let anywhere = Filter::Near {
            center: Coordinates { latitude: 0.0, longitude: 0.0 },
            km: geometry::ANYWHERE_KM,
        };
        if runs.is_empty() || self.allow_any(std::iter::once(anywhere))? == [false] {
            return Ok(Vec::new());
        }
        let candidates = places::candidates(text, runs, taken);
        let known = self.allow_any(candidates.iter().map(|one| one.filter.clone()))?;
        Ok(names::chosen(candidates, &known))
    }

    /// What words that are not read yet are names of.
    fn names(
        &self,
        text: &str,
        runs: &[Range<usize>],
        taken: &[Range<usize>],
    ) -> Result<Vec<Found>, EngineError> {
        let mut candidates = names::candidates(text, runs, taken);
        // Most words of most queries stand nowhere, which is known sooner than what is no folder.
        let words = names::words_of(&candidates);
        let stands = self.allow_any(words.iter().map(|word| Filter::Text(word.clone())))?;
        let standing: HashSet<&String> =
            words.iter().zip(stands).filter(|(_, stands)| *stands).map(|(word, _)| word).collect();
        candidates.retain(|one| one.words.iter().all(|word| standing.contains(word)));
        let known = self.allow_any(candidates.iter().map(|one| one.filter.clone()))?;
        Ok(names::chosen(candidates, &known))
    }

    /// For each filter, whether it allows any photo.
    fn allow_any(&self, filters: impl Iterator<Item = Filter>) -> Result<Vec<bool>, EngineError> {
        let filters: Vec<Filter> = filters.collect();
        if filters.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.allows_any(&filters)?)
    }
}

/// The words of readings, with the signs around them.
fn pieces(found: &[Found]) -> Vec<Range<usize>> {
    found.iter().map(|found| found.pieces.clone()).collect()
}

/// Words that say when, with those that leave something out.
fn when_and_without(text: &str, runs: &[Range<usize>], times: Vec<Found>) -> Vec<Found> {
    let times = negated(text, runs, times);
    // What is only offered as a time is no less a thing: "without winter coats".
    let sure: Vec<_> =
        times.iter().filter(|found| found.sure).map(|found| found.pieces.clone()).collect();
    let without = without::exclusions(text, runs, &sure);
    let meets = |time: &Found| {
        without
            .iter()
            .any(|one| one.pieces.start < time.pieces.end && time.pieces.start < one.pieces.end)
    };
    let times: Vec<Found> = times.into_iter().filter(|time| !meets(time)).collect();
    [times, without].concat()
}

/// The query with its readings; they are in the order of the words and do not overlap. `parse_rest`: for what
/// is typed beside them.
fn understanding(
    text: &str,
    typed: ParsedQuery,
    mut found: Vec<Found>,
    parse_rest: &dyn Fn(&str) -> Result<ParsedQuery, EngineError>,
) -> Result<Understanding, EngineError> {
    found.sort_by_key(|found| found.pieces.start);
    let count = typed.filters.len();
    let found = settled(found, &typed);
    let mut query = match found.iter().any(|found| found.sure) {
        true => parse_rest(&rewrite::without(text, &found))?,
        false => typed,
    };
    for reading in found.iter().filter(|found| found.sure) {
        let read = parse(&reading.filters)?;
        query.filters.extend(read.filters);
        query.terms.extend(read.terms);
    }
    let readings = found.iter().map(|reading| ReadWords {
        read: text[reading.words.clone()].to_owned(),
        filters: reading.filters.clone(),
        excludes: reading.excludes > 0,
        applied: reading.sure,
        query: rewrite::turned_round(text, reading),
    });
    Ok(Understanding { typed: count, readings: readings.collect(), query })
}

#[cfg(test)]
mod tests;
