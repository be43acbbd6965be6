//! Readings before they are settled.

use std::ops::Range;

use seer_types::LocalTime;

use crate::query::{MOST_FILTERS, MOST_TEXTS, ParsedQuery, parse};

/// The most readings of a query that are applied, and the most that are offered.
const MOST: usize = 4;

/// From a moment up to, without it, another one.
pub(super) type Stretch = (Option<LocalTime>, Option<LocalTime>);

/// Words of a query that can be read as filters, or as words to push away from.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Found {
    /// The words, in bytes of the query.
    pub(super) words: Range<usize>,
    /// The same with the signs around them, up to white space.
    pub(super) pieces: Range<usize>,
    /// The filters, or the excluded words.
    pub(super) filters: String,
    /// How many texts are excluded; 0 for filters.
    pub(super) excludes: usize,
    /// Whether they can hardly mean anything else.
    pub(super) sure: bool,
    /// Whether the words stay in the query where the reading is taken up, because they say as well
    /// what photos show.
    pub(super) stays: bool,
    /// Whether the hemisphere decides.
    pub(super) seasonal: bool,
    /// The stretch of time that it asks for, where it does.
    pub(super) stretch: Option<Stretch>,
}

impl Found {
    /// `text`: the query. `None` for words that only a sign parts from others: they cannot be taken
    /// out alone.
    pub(super) fn new(
        text: &str,
        words: Range<usize>,
        filters: String,
        sure: bool,
    ) -> Option<Self> {
        let is_sign = |c: char| !c.is_whitespace() && !c.is_alphanumeric();
        let before = text[..words.start].trim_end_matches(is_sign);
        let behind = text[words.end..].trim_start_matches(is_sign);
        let alone = before.is_empty() || before.ends_with(char::is_whitespace);
        if !alone || behind.starts_with(|c: char| !c.is_whitespace()) {
            return None;
        }
        let pieces = before.len()..text.len() - behind.len();
        Some(Self {
            words,
            pieces,
            filters,
            excludes: 0,
            sure,
            stays: false,
            seasonal: false,
            stretch: None,
        })
    }
}

/// Which readings are applied, and which of the others are offered: never two stretches of time
/// that have nothing in common, never what the query asks for already, never more than a query may
/// have.
pub(super) fn settled(found: Vec<Found>, typed: &ParsedQuery) -> Vec<Found> {
    let room = MOST_FILTERS.saturating_sub(typed.filters.len());
    let mut texts = typed.terms.len();
    let mut applied: Vec<Stretch> = Vec::new();
    let (mut sure, mut offered, mut filters) = (0, 0, 0);
    let is_typed = |filters: &str| {
        let ParsedQuery { filters, terms, .. } = parse(filters).unwrap_or_default();
        filters.iter().all(|(part, _)| typed.filters.iter().any(|(typed, _)| typed == part))
            && terms.iter().all(|term| typed.terms.contains(term))
    };
    let mut settled: Vec<Found> = Vec::new();
    for mut one in found.into_iter().filter(|one| !is_typed(&one.filters)) {
        let agrees = one.stretch.is_none_or(|own| applied.iter().all(|other| meet(own, *other)));
        let count = one.filters.split_whitespace().filter(|part| part.contains(':')).count();
        one.sure &= agrees && sure < MOST && filters + count <= room;
        one.sure &= texts + one.excludes <= MOST_TEXTS;
        if one.sure {
            sure += 1;
            filters += count;
            texts += one.excludes;
            applied.extend(one.stretch);
        } else if offered < MOST {
            offered += 1;
        } else {
            continue;
        }
        settled.push(one);
    }
    settled
}

fn meet(a: Stretch, b: Stretch) -> bool {
    let before = |from: Option<LocalTime>, until: Option<LocalTime>| match (from, until) {
        (Some(from), Some(until)) => from < until,
        _ => true,
    };
    before(a.0, b.1) && before(b.0, a.1)
}
