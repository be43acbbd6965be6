//! What words say of a time.

use std::ops::Range;

use seer_types::LocalTime;

/// Words that say when.
#[derive(Clone, PartialEq, Debug)]
pub struct Reading {
    /// Where they stand in the text, in bytes.
    pub range: Range<usize>,
    /// What they say; of several any may hold ("in june or july"). At least one.
    pub meanings: Vec<Meaning>,
    /// Whether they can hardly mean anything else.
    pub sure: bool,
    /// Whether it depends on the hemisphere.
    pub seasonal: bool,
}

/// When; every part that is there holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Meaning {
    /// At or after this.
    pub from: Option<LocalTime>,
    /// Before this.
    pub until: Option<LocalTime>,
    /// On these days of the week, each once, in order; empty: on all.
    pub weekdays: Vec<Weekday>,
    /// At these times of day: from the first up to, without it, the second; over midnight where
    /// that is not after the first.
    pub time: Option<(Minute, Minute)>,
    /// On these days of the year, both ends included; over New Year where the second is before the
    /// first.
    pub days: Option<(DayOfYear, DayOfYear)>,
}

/// Minutes since midnight, 0 to 1440.
pub type Minute = u16;

/// A day of the week: 1 is Monday, 7 Sunday.
pub type Weekday = u8;

/// Month (1 to 12) and day (1 to 31). February may have 29.
pub type DayOfYear = (u8, u8);
