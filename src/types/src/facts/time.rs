//! Wall-clock time, and its calendar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Wall-clock time without a zone, as cameras write it: seconds since 1970-01-01T00:00:00 of
/// that wall clock. Orders and compares like a date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LocalTime {
    seconds: i64,
}

impl LocalTime {
    /// From seconds since 1970 on the same wall clock.
    pub fn from_seconds(seconds: i64) -> Self {
        Self { seconds }
    }

    /// From calendar fields; `None` when there is no such date or time.
    pub fn from_civil(year: i32, month: u32, day: u32, h: u32, m: u32, s: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || h > 23 || m > 59 || s > 59 {
            return None;
        }
        if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        let days = days_from_civil(year, month, day);
        Some(Self { seconds: days * 86_400 + i64::from(h * 3600 + m * 60 + s) })
    }

    /// Seconds since 1970 on the wall clock.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// (year, month, day, hour, minute, second).
    pub fn civil(self) -> (i32, u32, u32, u32, u32, u32) {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(86_400));
        let rest = self.seconds.rem_euclid(86_400) as u32;
        (year, month, day, rest / 3600, rest / 60 % 60, rest % 60)
    }
}

fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let before = i64::from(year) - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let months: u32 = (1..month).map(|m| days_in_month(year, m)).sum();
    before * 365 + leap_days + i64::from(months + day) - 719_163
}

/// The inverse of [`days_from_civil`] for every number of days; years beyond `i32` end there.
///
/// Years are counted from March on, so that a leap day is a year's last, in eras of 400 years.
fn civil_from_days(days: i64) -> (i32, u32, u32) {
    const ERA: i64 = 146_097;
    let since_march_0 = days.saturating_add(719_468);
    let (era, day) = (since_march_0.div_euclid(ERA), since_march_0.rem_euclid(ERA));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year + era * 400 + i64::from(month <= 2);
    let year = i32::try_from(year).unwrap_or(if year < 0 { i32::MIN } else { i32::MAX });
    (year, month as u32, day_of_month as u32)
}

impl fmt::Display for LocalTime {
    /// `2019-07-14T16:20:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (y, mo, d, h, mi, s) = self.civil();
        write!(f, "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}")
    }
}

impl FromStr for LocalTime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let error = || format!("\"{text}\" is not a time like 2019-07-14T16:20:00");
        let (date, time) = text.split_once(['T', ' ']).ok_or_else(error)?;
        let fields = |part: &str, by: char| -> Option<[u32; 3]> {
            let numbers: Vec<u32> =
                part.split(by).map(|n| n.parse().ok()).collect::<Option<_>>()?;
            numbers.try_into().ok()
        };
        let [y, mo, d] = fields(date, '-').ok_or_else(error)?;
        let [h, mi, s] = fields(time, ':').ok_or_else(error)?;
        Self::from_civil(i32::try_from(y).unwrap_or(0), mo, d, h, mi, s).ok_or_else(error)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.to_string())
        } else {
            serializer.serialize_i64(self.seconds)
        }
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
        } else {
            i64::deserialize(deserializer).map(Self::from_seconds)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_has_a_date_and_back() {
        let days = (-800_000..3_000_000).step_by(13).chain([i64::MIN, -719_162, -1, 0, i64::MAX]);
        for days in days {
            let (year, month, day) = civil_from_days(days);
            assert!((1..=12).contains(&month) && (1..=31).contains(&day), "{days}");
            if (1..=9999).contains(&year) {
                assert_eq!(days_from_civil(year, month, day), days, "{year}-{month}-{day}");
            }
        }
        let old = LocalTime::from_civil(1, 1, 1, 0, 0, 0).unwrap();
        assert_eq!(old.to_string(), "0001-01-01T00:00:00");
        let photo = LocalTime::from_civil(1839, 8, 19, 12, 0, 1).unwrap();
        assert_eq!(photo.to_string(), "1839-08-19T12:00:01");
    }

    #[test]
    fn times_survive_a_round_trip() {
        for text in [
            "1970-01-01T00:00:00",
            "2000-02-29T23:59:59",
            "2026-11-21T08:43:00",
            "1839-08-19T12:00:00",
            "1969-12-31T23:59:59",
        ] {
            let time: LocalTime = text.parse().unwrap();
            assert_eq!(time.to_string(), text);
        }
        assert_eq!("1970-01-02T00:00:01".parse::<LocalTime>().unwrap().seconds(), 86_401);
        assert_eq!("2000-03-01T00:00:00".parse::<LocalTime>().unwrap().seconds(), 951_868_800);
    }

    #[test]
    fn impossible_times_are_refused() {
        for text in [
            "2019-02-29T00:00:00",
            "2019-13-01T00:00:00",
            "0000-00-00T00:00:00",
            "2019-01-01T24:00:00",
            "hello",
        ] {
            assert!(text.parse::<LocalTime>().is_err(), "{text}");
        }
    }
}
