//! What words say of a time, written as filters.

use seer_dates::{DayOfYear, Meaning, Minute};
use seer_types::LocalTime;

use crate::query::times::WEEKDAYS;

const DAY: i64 = 86_400;

/// Filters that hold where any of the meanings does.
pub(super) fn any_of(meanings: &[Meaning]) -> String {
    match meanings {
        [one] => as_filters(one),
        _ => {
            let all: Vec<String> = meanings.iter().map(|one| grouped(&as_filters(one))).collect();
            format!("({})", all.join(" OR "))
        }
    }
}

/// Several filters as one.
pub(super) fn grouped(filters: &str) -> String {
    let is_one = !filters.contains(char::is_whitespace) || filters.starts_with('(');
    if is_one { filters.to_owned() } else { format!("({filters})") }
}

/// The filters that mean the same, with spaces between.
fn as_filters(meaning: &Meaning) -> String {
    let mut parts = stretch(meaning.from, meaning.until);
    parts.extend(weekdays(&meaning.weekdays));
    parts.extend(
        meaning.time.map(|(from, until)| format!("time:{}..{}", clock(from), clock(until))),
    );
    parts.extend(meaning.days.map(|(from, until)| days(from, until)));
    parts.join(" ")
}

/// A year, a month or a day by its name; anything else by its ends.
fn stretch(from: Option<LocalTime>, until: Option<LocalTime>) -> Vec<String> {
    if let (Some(from), Some(until)) = (from, until)
        && let Some(name) = whole(from, until)
    {
        return vec![name];
    }
    let from = from.map(|at| format!("after:{}", moment(at)));
    from.into_iter().chain(until.map(|at| format!("before:{}", moment(at)))).collect()
}

fn whole(from: LocalTime, until: LocalTime) -> Option<String> {
    let (year, month, day, ..) = from.civil();
    let first = |year, month| LocalTime::from_civil(year, month, 1, 0, 0, 0);
    let next_month = if month == 12 { first(year + 1, 1) } else { first(year, month + 1) };
    if Some(from) == first(year, 1) && Some(until) == first(year + 1, 1) {
        Some(format!("year:{year:04}"))
    } else if Some(from) == first(year, month) && Some(until) == next_month {
        Some(format!("date:{year:04}-{month:02}"))
    } else if from.seconds() % DAY == 0 && until.seconds() - from.seconds() == DAY {
        Some(format!("date:{year:04}-{month:02}-{day:02}"))
    } else {
        None
    }
}

/// `2019-07-14`, with a time where it is not the start of the day.
fn moment(at: LocalTime) -> String {
    let (year, month, day, hour, minute, _) = at.civil();
    match (hour, minute) {
        (0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"),
    }
}

fn weekdays(days: &[u8]) -> Option<String> {
    let name = |day: &u8| WEEKDAYS.get(usize::from(day.checked_sub(1)?)).copied();
    let names: Vec<&str> = days.iter().filter_map(name).collect();
    match names[..] {
        [] => None,
        [one] => Some(format!("weekday:{one}")),
        _ => {
            let short: Vec<&str> = names.iter().map(|name| &name[..3]).collect();
            Some(format!("weekday:{}", short.join(",")))
        }
    }
}

fn clock(minute: Minute) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Whole months by their numbers.
fn days(from: DayOfYear, until: DayOfYear) -> String {
    let last = match until.0 {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    match (from, until) {
        ((first, 1), (until, day)) if day == last && first == until => format!("month:{first}"),
        ((first, 1), (until, day)) if day == last => format!("month:{first}..{until}"),
        _ if from == until => format!("day:{:02}-{:02}", from.0, from.1),
        _ => format!("day:{:02}-{:02}..{:02}-{:02}", from.0, from.1, until.0, until.1),
    }
}
