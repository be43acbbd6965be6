//! Dates and times in a sentence: "dogs last summer", "zwischen 2015 und 2017", "on Sundays".
//!
//! [`read`] finds the words that say when, and what they say: a stretch of time, or times that come
//! again (days of the week, hours, days of the year). What is certainly a date is `sure`; what may
//! as well be about what a photo shows ("May", "summer", "at night") is not. Seven languages, each
//! a table of words (`words/en.txt`); the grammar is one for all, and one reading keeps to one
//! language.
//!
//! Absent on purpose: the clock (today is a value; [`now`] is there to make it), queries, photos.

#![forbid(unsafe_code)]

mod calendar;
mod grammar;
mod lexicon;
mod lists;
mod meaning;
mod numbers;
mod ranges;
mod recurring;
mod relative;
mod request;
mod sentence;
mod stretches;
mod tokens;

pub use meaning::{DayOfYear, Meaning, Minute, Reading, Weekday};
pub use request::{FileWord, asks_only, says};

use jiff::civil::Date;
use seer_types::LocalTime;

/// Where and when the sentence is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Context {
    /// The reader's wall clock.
    pub now: LocalTime,
    /// Whether summer is in December: the southern hemisphere.
    pub south: bool,
}

/// The wall clock of this machine, in its time zone.
pub fn now() -> LocalTime {
    let now = jiff::Zoned::now().datetime();
    calendar::local(now).unwrap_or(LocalTime::from_seconds(0))
}

/// The words of a text that say when, in their order; no two overlap. Where words can be read in
/// several ways, the longest counts.
///
/// ```
/// use seer_dates::{Context, read};
/// let now = "2026-11-29T12:00:00".parse().unwrap();
/// let found = read("dogs last summer", &Context { now, south: false });
/// assert_eq!((found[0].range.clone(), found[0].sure), (5..16, true));
/// assert_eq!(found[0].meanings[0].from, "2026-06-01T00:00:00".parse().ok());
/// ```
pub fn read(text: &str, context: &Context) -> Vec<Reading> {
    let (year, month, day, ..) = context.now.civil();
    let today =
        (i16::try_from(year).ok()).and_then(|year| Date::new(year, month as i8, day as i8).ok());
    let Some(today) = today else { return Vec::new() };
    grammar::readings(&tokens::tokens(text), today, context.south)
}
