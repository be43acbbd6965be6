//! Values of filters of time: moments, days of the week, times of day, days of the year.

use seer_store::{DayOfYear, Filter, Recurring, Weekdays};
use seer_types::LocalTime;

use super::values::date_range;

/// In the order of a week. Three letters are enough.
pub(crate) const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The last day of each month, in a leap year.
const LAST_DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const DAY: u32 = 86_400;

/// The first moment of a date, or a time of a day: `2019-07-14T18:00`.
pub(super) fn moment(text: &str) -> Result<LocalTime, String> {
    let Some((date, time)) = text.split_once(['T', 't']) else {
        return date_range(text).map(|(from, _)| from);
    };
    let seconds =
        clock(time).filter(|seconds| *seconds < DAY).filter(|_| date.matches('-').count() == 2);
    let seconds =
        seconds.ok_or_else(|| format!("\"{text}\" is no moment; write it as 2019-07-14T18:00"))?;
    let (day, _) = date_range(date)?;
    Ok(LocalTime::from_seconds(day.seconds() + i64::from(seconds)))
}

/// `sunday`, `sat,sun`, `mon..fri`, `fri..mon`.
pub(super) fn weekdays(text: &str) -> Result<Filter, String> {
    let wrong = || format!("\"{text}\" is no day of the week; write sunday, sat,sun or mon..fri");
    let mut days = Weekdays::default();
    for part in list(text) {
        let (from, until) = ends(part, |name| named(name, &WEEKDAYS)).ok_or_else(wrong)?;
        let count = (until + 7 - from) % 7;
        days = (0..=count).fold(days, |days, more| days.with((from - 1 + more) % 7 + 1));
    }
    if days == Weekdays::default() {
        return Err(wrong());
    }
    Ok(Filter::Recurring(Recurring::Weekdays(days)))
}

/// `22:00..05:00`, `9..17`: from the first up to the second.
pub(super) fn time(text: &str) -> Result<Filter, String> {
    let wrong = || format!("\"{text}\" is no time of day; write 22:00..05:00 or 9..17");
    let (from, until) = text.split_once("..").ok_or_else(wrong)?;
    let from = clock(from).filter(|from| *from < DAY).ok_or_else(wrong)?;
    let until = clock(until).ok_or_else(wrong)?;
    Ok(Filter::Recurring(Recurring::Time { from, until }))
}

/// `7`, `july`, `6..8`, `12..2`, `6,9`.
pub(super) fn months(text: &str) -> Result<Filter, String> {
    let wrong = || format!("\"{text}\" is no month; write 7, july, 6..8 or 12..2");
    let number = |text: &str| match text.parse::<u8>() {
        Ok(month) => (1..=12).contains(&month).then_some(month),
        Err(_) => named(text, &MONTHS),
    };
    any(text, |part| {
        let (from, until) = ends(part, number)?;
        Some(((from, 1), (until, LAST_DAYS[usize::from(until) - 1])))
    })
    .ok_or_else(wrong)
}

/// `12-25`, `12-24..12-26`, `12-31..01-01`: month and day.
pub(super) fn days(text: &str) -> Result<Filter, String> {
    let wrong =
        || format!("\"{text}\" is no day of the year; write month and day: 12-25 or 12-24..12-26");
    any(text, |part| ends(part, day_of_year)).ok_or_else(wrong)
}

fn day_of_year(text: &str) -> Option<DayOfYear> {
    let (month, day) = text.trim().split_once('-')?;
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    let last = *LAST_DAYS.get(usize::from(month.checked_sub(1)?))?;
    (1..=last).contains(&day).then_some((month, day))
}

/// One of the stretches of days that a list names; `None` where a part of it cannot be read.
fn any(text: &str, part: impl Fn(&str) -> Option<(DayOfYear, DayOfYear)>) -> Option<Filter> {
    let filter = |(from, until)| Filter::Recurring(Recurring::Days { from, until });
    let mut all: Vec<Filter> =
        list(text).map(|one| part(one).map(filter)).collect::<Option<_>>()?;
    match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Filter::Any(all)),
    }
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// Both ends of `a..b`; those of `a` are the same.
fn ends<T: Copy>(text: &str, one: impl Fn(&str) -> Option<T>) -> Option<(T, T)> {
    match text.split_once("..") {
        Some((from, until)) => Some((one(from.trim())?, one(until.trim())?)),
        None => one(text).map(|both| (both, both)),
    }
}

/// The place of a name, counted from 1, by its first letters.
fn named(text: &str, names: &[&str]) -> Option<u8> {
    let text = text.to_lowercase();
    let found = names.iter().position(|name| text.len() > 2 && name.starts_with(&text))?;
    u8::try_from(found + 1).ok()
}

/// `22:30` or `22` as seconds since midnight, up to `24:00`.
fn clock(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let digits = |text: &str| text.len() < 3 && text.bytes().all(|b| b.is_ascii_digit());
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| digits(text));
    let (hour, minute) = (number(hour)?, number(minute).filter(|minute| *minute < 60)?);
    let seconds = hour * 3600 + minute * 60;
    (seconds <= DAY).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recurring(filter: Result<Filter, String>) -> Recurring {
        let Ok(Filter::Recurring(recurring)) = filter else { panic!("{filter:?}") };
        recurring
    }

    #[test]
    fn days_of_the_week_are_lists_and_ranges() {
        let days = |text: &str| {
            let Recurring::Weekdays(days) = recurring(weekdays(text)) else { panic!("{text}") };
            days.days().collect::<Vec<_>>()
        };
        assert_eq!((days("sunday"), days("Sat,SUN"), days("tues")), (vec![7], vec![6, 7], vec![2]));
        assert_eq!((days("mon..fri"), days("sat..mon")), (vec![1, 2, 3, 4, 5], vec![1, 6, 7]));
        for wrong in ["", ",", "su", "noday", "mon..", "7", "mon-fri"] {
            assert!(weekdays(wrong).unwrap_err().contains("mon..fri"), "{wrong}");
        }
    }

    #[test]
    fn times_of_day_have_hours_and_minutes() {
        for (text, from, until) in
            [("22:00..05:00", 22 * 60, 5 * 60), ("9..17", 540, 1020), ("18:30..24:00", 1110, 1440)]
        {
            let expected = Recurring::Time { from: from * 60, until: until * 60 };
            assert_eq!(recurring(time(text)), expected, "{text}");
        }
        for wrong in ["", "22", "24..5", "9..25", "9:60..10", "9..24:01", "-1..5", "a..b"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn months_and_days_may_go_over_new_year() {
        let of = |filter| {
            let Recurring::Days { from, until } = recurring(filter) else { panic!("days") };
            (from, until)
        };
        assert_eq!(of(months("7")), ((7, 1), (7, 31)));
        assert_eq!(of(months("december..feb")), ((12, 1), (2, 29)));
        assert_eq!(of(days("12-25")), ((12, 25), (12, 25)));
        assert_eq!(of(days("12-31..01-01")), ((12, 31), (1, 1)));
        assert!(matches!(months("6,9"), Ok(Filter::Any(both)) if both.len() == 2));
        for wrong in ["", "0", "13", "ju", "6..", "6-8"] {
            assert!(months(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "25", "2-30", "13-01", "0-1", "12-0", "12-24.."] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_moment_may_have_a_time() {
        let at = |text: &str| moment(text).map(|at| at.to_string());
        assert_eq!(at("2019-07").as_deref(), Ok("2019-07-01T00:00:00"));
        assert_eq!(at("2019-07-14T18:30").as_deref(), Ok("2019-07-14T18:30:00"));
        for wrong in ["2019-07T18:00", "2019-07-14T25", "2019-07-14T", "T18:00", "x"] {
            assert!(at(wrong).is_err(), "{wrong}");
        }
    }
}
