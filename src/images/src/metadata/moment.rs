//! A date as far as it makes sense.

use seer_types::{DateSource, LocalTime, Taken};

/// A year with what is known of its rest; no more of it is known than makes sense.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Moment {
    year: u32,
    month: Option<u32>,
    day: Option<u32>,
    /// Hour, minute and second.
    time: Option<(u32, u32, u32)>,
}

impl Moment {
    /// From fields as they were written. A month, day or time that cannot be is unknown, and with
    /// it what is finer: the 30th of February is a day in February. Hour 24 is midnight of the day
    /// given, a leap second the one before it.
    pub(super) fn new(
        year: u32,
        month: Option<u32>,
        day: Option<u32>,
        time: Option<(u32, u32, u32)>,
    ) -> Option<Self> {
        let exists = |month, day| LocalTime::from_civil(year as i32, month, day, 0, 0, 0).is_some();
        if !(1..=9999).contains(&year) {
            return None;
        }
        let month = month.filter(|month| exists(*month, 1));
        let day = day.filter(|day| month.is_some_and(|month| exists(month, *day)));
        let time = time.map(|(hour, minute, second)| {
            (if hour == 24 { 0 } else { hour }, minute, if second == 60 { 59 } else { second })
        });
        let is_time = |time: &(u32, u32, u32)| time.0 < 24 && time.1 < 60 && time.2 < 60;
        let time = time.filter(is_time).filter(|_| day.is_some());
        Some(Self { year, month, day, time })
    }

    /// The year.
    pub(super) fn year(&self) -> u32 {
        self.year
    }

    /// Whether the day is known.
    pub(super) fn has_day(&self) -> bool {
        self.day.is_some()
    }

    /// Whether the time of day is known.
    pub(super) fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// The same day with another time.
    pub(super) fn at(self, time: Option<(u32, u32, u32)>) -> Option<Self> {
        Self::new(self.year, self.month, self.day, time)
    }

    /// As a date of a photo.
    pub(super) fn taken(self, source: DateSource) -> Option<Taken> {
        let Self { year, month, day, time } = self;
        let date = Taken::partial(year as i32, month, day, source)?;
        let Some((hour, minute, second)) = time else { return Some(date) };
        let seconds = i64::from(hour * 3600 + minute * 60 + second);
        Some(Taken::second(LocalTime::from_seconds(date.start.seconds() + seconds), source))
    }
}
