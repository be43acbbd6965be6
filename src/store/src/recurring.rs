//! Times that come again: days of the week, hours of the day, days of the year.
//!
//! They are looked for in a photo's local time, which is kept as seconds; nothing more is stored
//! for them.

use seer_types::{LocalTime, Precision};

const DAY: i64 = 86_400;

/// A time that comes again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recurring {
    /// Days of the week.
    Weekdays(Weekdays),
    /// Seconds since midnight, 0 to 86,400: from the first up to, without it, the second; over
    /// midnight where the second is not after the first.
    Time {
        /// The first second.
        from: u32,
        /// The first second after.
        until: u32,
    },
    /// Days of the year, both ends included; over New Year where the second is before the first.
    Days {
        /// The first.
        from: DayOfYear,
        /// The last.
        until: DayOfYear,
    },
}

/// Month (1 to 12) and day (1 to 31), compared in this order. A day that a month does not have is
/// after all that it has.
pub type DayOfYear = (u8, u8);

/// A set of days of the week.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    /// With another day: 1 is Monday, 7 Sunday; others are none.
    #[must_use]
    pub fn with(self, day: u8) -> Self {
        if (1..=7).contains(&day) { Self(self.0 | 1 << (day - 1)) } else { self }
    }

    /// Whether a day is among them.
    pub fn has(self, day: u8) -> bool {
        (1..=7).contains(&day) && self.0 & 1 << (day - 1) != 0
    }

    /// Its days, 1 to 7.
    pub fn days(self) -> impl Iterator<Item = u8> {
        (1..=7).filter(move |day| self.has(*day))
    }
}

impl FromIterator<u8> for Weekdays {
    fn from_iter<I: IntoIterator<Item = u8>>(days: I) -> Self {
        days.into_iter().fold(Self::default(), Self::with)
    }
}

impl Recurring {
    /// Whether a time that begins at this second of [`LocalTime`] and is known this exactly is one of
    /// these for certain: a month is when all of its days are, a year never.
    pub fn holds(&self, start: i64, precision: Precision) -> bool {
        match (self, precision) {
            (_, Precision::Second) | (Self::Weekdays(_) | Self::Days { .. }, Precision::Day) => {
                self.holds_at(start)
            }
            (Self::Days { .. }, Precision::Month) => {
                let (_, month, ..) = LocalTime::from_seconds(start).civil();
                self.whole_months().any(|whole| u32::from(whole) == month)
            }
            _ => false,
        }
    }

    /// The months, 1 to 12, of which every day is among these days of the year; none for other times.
    pub fn whole_months(&self) -> impl Iterator<Item = u8> {
        const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let Self::Days { from, until } = *self else { return Vec::new().into_iter() };
        let is_whole = |month: &u8| {
            (1..=DAYS[usize::from(*month) - 1]).all(|day| is_within((*month, day), from, until))
        };
        (1..=12).filter(is_whole).collect::<Vec<u8>>().into_iter()
    }

    /// Whether a moment is one of these.
    fn holds_at(&self, seconds: i64) -> bool {
        match *self {
            Self::Weekdays(days) => days.has(weekday(seconds)),
            Self::Time { from, until } => {
                let second = seconds.rem_euclid(DAY);
                let (from, until) = (i64::from(from), i64::from(until));
                if from < until {
                    (from..until).contains(&second)
                } else {
                    second >= from || second < until
                }
            }
            Self::Days { from, until } => {
                let (_, month, day, ..) = LocalTime::from_seconds(seconds).civil();
                is_within((month as u8, day as u8), from, until)
            }
        }
    }
}

/// Over New Year where the end is before the start.
fn is_within(day: DayOfYear, from: DayOfYear, until: DayOfYear) -> bool {
    match from <= until {
        true => (from..=until).contains(&day),
        false => day >= from || day <= until,
    }
}

/// The day of the week: 1 is Monday. The first of January 1970 was a Thursday.
fn weekday(seconds: i64) -> u8 {
    ((seconds.div_euclid(DAY) + 3).rem_euclid(7) + 1) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<LocalTime>().unwrap().seconds()
    }

    #[test]
    fn days_of_the_week_are_told_before_1970_too() {
        for (text, day) in [
            ("1970-01-01T00:00:00", 4),
            ("1969-12-31T23:59:59", 3),
            ("2026-11-29T08:00:00", 7),
            ("2026-11-30T00:00:00", 1),
            ("1839-08-19T12:00:00", 1),
        ] {
            assert_eq!(weekday(at(text)), day, "{text}");
        }
        let days: Weekdays = [7, 6, 0, 9].into_iter().collect();
        assert_eq!(days.days().collect::<Vec<_>>(), [6, 7]);
    }

    #[test]
    fn nights_go_over_midnight_and_winters_over_new_year() {
        let night = Recurring::Time { from: 22 * 3600, until: 5 * 3600 };
        let day = Recurring::Time { from: 5 * 3600, until: 22 * 3600 };
        for (time, is_night) in
            [("22:00:00", true), ("00:00:00", true), ("04:59:59", true), ("05:00:00", false)]
        {
            let time = at(&format!("1969-05-05T{time}"));
            assert_eq!((night.holds_at(time), day.holds_at(time)), (is_night, !is_night));
        }
        assert!(Recurring::Time { from: 0, until: 0 }.holds_at(5), "all day");
        let winter = Recurring::Days { from: (12, 1), until: (2, 29) };
        for (date, is) in [
            ("2019-12-01", true),
            ("2020-02-29", true),
            ("2020-03-01", false),
            ("2019-11-30", false),
        ] {
            assert_eq!(winter.holds_at(at(&format!("{date}T23:59:59"))), is, "{date}");
        }
        let christmas = Recurring::Days { from: (12, 25), until: (12, 25) };
        assert!(christmas.holds_at(at("1950-12-25T00:00:00")));
        assert!(!christmas.holds_at(at("1950-12-26T00:00:00")));
    }

    #[test]
    fn a_partial_date_holds_where_all_of_it_does() {
        let start = at("1993-07-01T00:00:00");
        let days = |from, until| Recurring::Days { from, until };
        let (july, most) = (days((7, 1), (7, 31)), days((7, 2), (8, 31)));
        let (all, gap) = (days((1, 1), (12, 31)), days((7, 20), (7, 10)));
        let month = |when: Recurring| when.holds(start, Precision::Month);
        assert!(month(july) && month(all) && !month(most) && !month(gap));
        assert!(july.holds(start, Precision::Day) && !all.holds(start, Precision::Year));
        let thursday = Recurring::Weekdays([4].into_iter().collect());
        assert!(thursday.holds(start, Precision::Day) && !thursday.holds(start, Precision::Month));
        let night = Recurring::Time { from: 0, until: 3600 };
        assert!(night.holds(start, Precision::Second) && !night.holds(start, Precision::Day));
        assert_eq!(days((12, 1), (2, 28)).whole_months().collect::<Vec<_>>(), [1, 12]);
    }
}
