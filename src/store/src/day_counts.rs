//! Photos in order of time, and how they lie in it.

use std::collections::BTreeMap;

use seer_types::{LocalTime, Taken};

/// Which photos come first where they are put in order of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TimeOrder {
    /// The newest.
    #[default]
    NewestFirst,
    /// The oldest: the same order backwards.
    OldestFirst,
}

/// How many photos were taken on which day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DayCounts {
    /// Photos by day, counted in days since 1970 on the camera's clock, a partial date at its first
    /// day; no day without a photo.
    pub days: BTreeMap<i64, u64>,
    /// Photos that do not say when they were taken.
    pub undated: u64,
}

/// Seconds of a day.
const DAY: i64 = 86_400;

impl DayCounts {
    /// Counts one photo more.
    pub fn add(&mut self, taken: Option<Taken>) {
        self.add_at(taken.map(|taken| taken.start));
    }

    /// Counts one photo more by the start of its date.
    pub fn add_at(&mut self, start: Option<LocalTime>) {
        match start {
            Some(start) => *self.days.entry(start.seconds().div_euclid(DAY)).or_default() += 1,
            None => self.undated += 1,
        }
    }

    /// The first moment of a day.
    pub fn start_of(day: i64) -> LocalTime {
        LocalTime::from_seconds(day.saturating_mul(DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_also_before_1970() {
        let mut day_counts = DayCounts::default();
        let at = |seconds| Some(LocalTime::from_seconds(seconds));
        for taken in [at(0), at(86_399), at(86_400), at(-1), None] {
            day_counts.add_at(taken);
        }
        assert_eq!(day_counts.days, BTreeMap::from([(-1, 1), (0, 2), (1, 1)]));
        assert_eq!(day_counts.undated, 1);
        assert_eq!(DayCounts::start_of(-1).to_string(), "1969-12-31T00:00:00");
    }
}
