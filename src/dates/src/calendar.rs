//! Calendar arithmetic: from names of times to the first moment of them and the first after.

use jiff::civil::{Date, DateTime, Time, Weekday, date};
use jiff::{Span, ToSpan};
use seer_types::LocalTime;

use crate::lexicon::{Feast, Season, Unit};

/// A stretch of whole days: the first day of it and the first after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Days {
    pub(crate) from: Date,
    pub(crate) until: Date,
}

impl Days {
    /// Both ends belong to it.
    fn through(from: Date, last: Date) -> Option<Self> {
        Some(Self { from, until: last.tomorrow().ok()? })
    }

    /// From the first day of one to the last of the other; `None` where that is no stretch.
    pub(crate) fn to(self, other: Self) -> Option<Self> {
        (self.from < other.until).then_some(Self { from: self.from, until: other.until })
    }
}

/// The moment as the rest of seer writes it.
pub(crate) fn local(at: DateTime) -> Option<LocalTime> {
    let part = |part: i8| u32::try_from(part).ok();
    let (month, day) = (part(at.month())?, part(at.day())?);
    let (hour, minute, second) = (part(at.hour())?, part(at.minute())?, part(at.second())?);
    LocalTime::from_civil(at.year().into(), month, day, hour, minute, second)
}

/// The first moment of a day.
pub(crate) fn midnight(day: Date) -> Option<LocalTime> {
    local(day.to_datetime(Time::midnight()))
}

pub(crate) fn day(year: i16, month: i8, day: i8) -> Option<Days> {
    let day = Date::new(year, month, day).ok()?;
    Days::through(day, day)
}

pub(crate) fn one(day: Date) -> Option<Days> {
    Days::through(day, day)
}

pub(crate) fn month(year: i16, month: i8) -> Option<Days> {
    let first = Date::new(year, month, 1).ok()?;
    Days::through(first, first.last_of_month())
}

pub(crate) fn year(year: i16) -> Option<Days> {
    years(year, 1)
}

/// So many years from the first of January of one.
pub(crate) fn years(first: i16, count: i16) -> Option<Days> {
    let until = Date::new(first.checked_add(count)?, 1, 1).ok()?;
    Some(Days { from: Date::new(first, 1, 1).ok()?, until })
}

/// Monday to Sunday.
pub(crate) fn week_of(day: Date) -> Option<Days> {
    let monday = back(day, i64::from(day.weekday().to_monday_zero_offset()).days())?;
    Some(Days { from: monday, until: monday.checked_add(7.days()).ok()? })
}

/// The unit of the calendar that a day is in.
pub(crate) fn unit_of(unit: Unit, of: Date) -> Option<Days> {
    match unit {
        Unit::Day => one(of),
        Unit::Week => week_of(of),
        Unit::Month => month(of.year(), of.month()),
        Unit::Year => year(of.year()),
    }
}

/// So many units before a day.
pub(crate) fn before(day: Date, unit: Unit, count: i64) -> Option<Date> {
    back(day, span(unit, count)?)
}

fn span(unit: Unit, count: i64) -> Option<Span> {
    let span = Span::new();
    match unit {
        Unit::Day => span.try_days(count).ok(),
        Unit::Week => span.try_weeks(count).ok(),
        Unit::Month => span.try_months(count).ok(),
        Unit::Year => span.try_years(count).ok(),
    }
}

fn back(day: Date, span: Span) -> Option<Date> {
    day.checked_sub(span).ok()
}

/// Saturday and Sunday of the week of a day.
pub(crate) fn weekend_of(day: Date) -> Option<Days> {
    let week = week_of(day)?;
    Some(Days { from: back(week.until, 2.days())?, until: week.until })
}

/// The last such day of the week before a day: 1 is Monday.
pub(crate) fn weekday_before(day: Date, weekday: i8) -> Option<Days> {
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    one(day.nth_weekday(-1, weekday).ok()?)
}

/// The months of a season: first and last. Winter, or summer in the south, goes over New Year.
pub(crate) fn months_of(season: Season, south: bool) -> (i8, i8) {
    let quarter = match season {
        Season::Spring => 0,
        Season::Summer => 1,
        Season::Autumn => 2,
        Season::Winter => 3,
    };
    [(3, 5), (6, 8), (9, 11), (12, 2)][(quarter + if south { 2 } else { 0 }) % 4]
}

/// The season that begins in a year.
pub(crate) fn season(year: i16, season: Season, south: bool) -> Option<Days> {
    let (first, last) = months_of(season, south);
    let ends = if last < first { year + 1 } else { year };
    month(year, first)?.to(month(ends, last)?)
}

/// The days of a feast of a year; those around New Year are of the year that they lead to, but for
/// New Year's Eve.
pub(crate) fn feast(year: i16, feast: Feast) -> Option<Days> {
    match feast {
        Feast::NewYear => Some(Days {
            from: Date::new(year - 1, 12, 31).ok()?,
            until: Date::new(year, 1, 2).ok()?,
        }),
        Feast::NewYearsEve => Some(Days {
            from: Date::new(year, 12, 31).ok()?,
            until: Date::new(year + 1, 1, 2).ok()?,
        }),
        Feast::Easter => {
            let sunday = easter(year)?;
            Days::through(back(sunday, 2.days())?, sunday.tomorrow().ok()?)
        }
        Feast::Thanksgiving => {
            one(Date::new(year, 11, 1).ok()?.nth_weekday_of_month(4, Weekday::Thursday).ok()?)
        }
        _ => {
            let ((month, first), (_, last)) = days_of(feast)?;
            day(year, month, first)?.to(day(year, month, last)?)
        }
    }
}

/// Month and day of a feast's first day and of its last, where they are the same each year. The
/// night of New Year's Eve ends on the next day.
pub(crate) fn days_of(feast: Feast) -> Option<((i8, i8), (i8, i8))> {
    Some(match feast {
        Feast::Christmas => ((12, 24), (12, 26)),
        Feast::ChristmasEve => ((12, 24), (12, 24)),
        Feast::ChristmasDay => ((12, 25), (12, 25)),
        Feast::BoxingDay => ((12, 26), (12, 26)),
        Feast::NewYearsEve | Feast::NewYear => ((12, 31), (1, 1)),
        Feast::NewYearsDay => ((1, 1), (1, 1)),
        Feast::Halloween => ((10, 31), (10, 31)),
        Feast::ValentinesDay => ((2, 14), (2, 14)),
        Feast::Easter | Feast::Thanksgiving => return None,
    })
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::new(year, (n / 31) as i8, (n % 31 + 1) as i8).ok()
}

/// The last of the stretches of a few years that is over on a day.
pub(crate) fn last_over(today: Date, of_year: impl Fn(i16) -> Option<Days>) -> Option<Days> {
    latest(today, of_year, |days| days.until <= today)
}

/// The last that has begun.
pub(crate) fn last_begun(today: Date, of_year: impl Fn(i16) -> Option<Days>) -> Option<Days> {
    latest(today, of_year, |days| days.from <= today)
}

fn latest(
    today: Date,
    of_year: impl Fn(i16) -> Option<Days>,
    fits: impl Fn(&Days) -> bool,
) -> Option<Days> {
    let years = (0..=3).map(|back| today.year() + 1 - back);
    years.filter_map(of_year).find(fits)
}

/// The last day of a month in a leap year, for days without a year.
pub(crate) fn last_day(month: i8) -> i8 {
    date(2000, month, 1).days_in_month()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(days: Option<Days>) -> String {
        days.map_or_else(String::new, |days| format!("{} {}", days.from, days.until))
    }

    #[test]
    fn easter_moves() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2019, 4, 21),
            (2024, 3, 31),
            (2026, 4, 5),
        ] {
            assert_eq!(easter(year), Date::new(year, month, day).ok(), "{year}");
        }
    }

    #[test]
    fn seasons_are_the_other_way_round_in_the_south() {
        assert_eq!(text(season(2019, Season::Summer, false)), "2019-06-01 2019-09-01");
        assert_eq!(text(season(2019, Season::Summer, true)), "2019-12-01 2020-03-01");
        assert_eq!(text(season(2019, Season::Winter, false)), "2019-12-01 2020-03-01");
        assert_eq!(text(season(2019, Season::Winter, true)), "2019-06-01 2019-09-01");
        assert_eq!(text(season(2019, Season::Spring, true)), "2019-09-01 2019-12-01");
        assert_eq!(text(season(2019, Season::Autumn, true)), "2019-03-01 2019-06-01");
    }

    #[test]
    fn feasts_have_their_days() {
        assert_eq!(text(feast(2018, Feast::Christmas)), "2018-12-24 2018-12-27");
        assert_eq!(text(feast(2018, Feast::NewYearsEve)), "2018-12-31 2019-01-02");
        assert_eq!(text(feast(2019, Feast::NewYear)), "2018-12-31 2019-01-02");
        assert_eq!(text(feast(2019, Feast::Thanksgiving)), "2019-11-28 2019-11-29");
        assert_eq!(text(feast(2019, Feast::Easter)), "2019-04-19 2019-04-23");
    }

    #[test]
    fn what_is_over_is_over() {
        let summer = |today: Date| last_over(today, |year| season(year, Season::Summer, false));
        assert_eq!(text(summer(date(2026, 8, 31))), "2025-06-01 2025-09-01");
        assert_eq!(text(summer(date(2026, 9, 1))), "2026-06-01 2026-09-01");
        let winter = |today: Date| last_over(today, |year| season(year, Season::Winter, false));
        assert_eq!(text(winter(date(2027, 1, 5))), "2025-12-01 2026-03-01");
        assert_eq!(text(weekday_before(date(2026, 11, 29), 7)), "2026-11-22 2026-11-23");
        assert_eq!(text(week_of(date(2026, 11, 29))), "2026-11-23 2026-11-30");
        assert_eq!(text(weekend_of(date(2026, 11, 23))), "2026-11-28 2026-11-30");
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_panic() {
        for y in [-9999, 0, 9998, 9999] {
            let _ = (years(y, 10), season(y, Season::Winter, false), feast(y, Feast::NewYear));
            let _ = (feast(y, Feast::Easter), feast(y, Feast::NewYearsEve));
        }
    }
}
