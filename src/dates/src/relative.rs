//! Words that name a time as seen from today: "yesterday", "last summer", "two weeks ago".

use jiff::civil::Date;

use crate::calendar::{self, Days};
use crate::lexicon::{Class, Mark, Part, Unit};
use crate::sentence::Sentence;
use crate::stretches::{Item, Kind, Named};

/// A time that there is a last one of.
#[derive(Clone, Copy)]
enum Last {
    Unit(Unit),
    Named(Named),
    Weekday(i8),
    Weekend,
}

impl Sentence<'_> {
    pub(crate) fn relative(&self, at: usize) -> Option<Item> {
        self.ago(at)
            .or_else(|| self.near_day(at))
            .or_else(|| self.of_the_last(at))
            .or_else(|| self.this(at))
            .or_else(|| self.last(at))
    }

    fn relative_item(&self, end: usize, days: Option<Days>) -> Option<Item> {
        Item::of(end, Kind::Relative, days)
    }

    fn days_back(&self, count: i64) -> Option<Date> {
        calendar::before(self.today, Unit::Day, count)
    }

    /// Yesterday, today, last night.
    fn near_day(&self, at: usize) -> Option<Item> {
        if let Some(end) = self.is(at, &[Class::LastNight]) {
            let item = self.relative_item(end, calendar::one(self.days_back(1)?))?;
            return Some(Item { hours: (18, 6), ..item });
        }
        if let Some(end) = self.is(at, &[Class::Tonight]) {
            let item = self.relative_item(end, calendar::one(self.today))?;
            return Some(Item { hours: (18, 6), ..item });
        }
        if let Some(end) = self.is(at, &[Class::ThisMorning]) {
            let item = self.relative_item(end, calendar::one(self.today))?;
            return Some(self.at_part(item, end, Part::Morning));
        }
        if let Some(end) = self.is(at, &[Class::DayBefore]) {
            return self.relative_item(end, calendar::one(self.days_back(2)?));
        }
        let yesterday = self.find(at, |class, mark| (class == Class::Yesterday).then_some(mark));
        if let Some((end, mark)) = yesterday {
            let item = self.relative_item(end, calendar::one(self.days_back(1)?))?;
            // "hier" is "here" in German.
            return Some(Item { ordinary: mark == Mark::Ordinary, ..item });
        }
        let end = self.is(at, &[Class::Today])?;
        Item::of(end, Kind::Today, calendar::one(self.today))
    }

    fn unit(&self, at: usize) -> Option<(usize, Unit)> {
        self.find(at, |class, _| match class {
            Class::Unit(unit) => Some(unit),
            _ => None,
        })
    }

    /// "two weeks ago", "il y a deux semaines": the day, week, month or year that lies so far back; the very
    /// day for "a year ago today".
    fn ago(&self, at: usize) -> Option<Item> {
        let today = self.is(at, &[Class::Today]).and_then(|end| self.next(end));
        let start = today.unwrap_or(at);
        let before = self.is(start, &[Class::AgoBefore]);
        let count = before.map_or(Some(start), |at| self.next(at))?;
        let (end, day, unit) = self.counted_back(count, before.is_some())?;
        let behind = self.then(end, &[Class::Today]);
        let is_day = today.is_some() || behind.is_some();
        let days = if is_day { calendar::one(day) } else { calendar::unit_of(unit, day) };
        self.relative_item(behind.unwrap_or(end), days)
    }

    /// The day that lies a count of units back, the unit, and the place behind the words. `is_led`: the word
    /// for it stood before.
    pub(crate) fn counted_back(&self, at: usize, is_led: bool) -> Option<(usize, Date, Unit)> {
        let half = |at| self.is(at, &[Class::Half]).and_then(|end| self.next(end));
        let first_half = half(at);
        let place = first_half.unwrap_or(at);
        let counted = self.count(place).and_then(|(end, count)| Some((self.next(end)?, count)));
        let (place, count) = match (counted, first_half) {
            (Some(found), _) => found,
            (None, Some(place)) => (place, 1),
            (None, None) => return None,
        };
        let second_half = half(place);
        let (end, unit) = self.unit(second_half.unwrap_or(place))?;
        let (unit, count) = match first_half.or(second_half) {
            None => (unit, count),
            // Half of anything else is not said.
            Some(_) if unit == Unit::Year && count == 1 => (Unit::Month, 6),
            Some(_) => return None,
        };
        let end = if is_led { end } else { self.then(end, &[Class::Ago])? };
        Some((end, calendar::before(self.today, unit, count)?, unit))
    }

    /// "the last 3 days", "les 3 derniers mois", "the past week": up to now.
    fn of_the_last(&self, at: usize) -> Option<Item> {
        let is_last = |at| self.is(at, &[Class::Last, Class::Past]);
        let last_first = is_last(at).and_then(|end| self.count(self.next(end)?));
        let found = last_first.or_else(|| {
            let (end, count) = self.count(at)?;
            is_last(self.next(end)?).map(|end| (end, count))
        });
        let (end, count) = match found {
            Some(found) => found,
            None if self.is_behind_the(at) => (self.is(at, &[Class::Past])?, 1),
            None => return None,
        };
        let (end, unit) = self.unit(self.next(end)?)?;
        let from = calendar::before(self.today, unit, count)?;
        self.relative_item(end, Some(Days { from, until: self.today.tomorrow().ok()? }))
    }

    fn is_behind_the(&self, at: usize) -> bool {
        at > 0 && self.is(at - 1, &[Class::The]) == Some(at)
    }

    fn what(&self, at: usize) -> Option<(usize, (Last, Mark))> {
        self.find(at, |class, mark| {
            let last = match class {
                Class::Unit(Unit::Day) => return None,
                Class::Unit(unit) => Last::Unit(unit),
                Class::Month(_) if mark == Mark::Short => return None,
                Class::Month(month) => Last::Named(Named::Month(month)),
                Class::Season(season) => Last::Named(Named::Season(season)),
                Class::Feast(feast) => Last::Named(Named::Feast(feast)),
                Class::Weekday(weekday) => Last::Weekday(weekday),
                Class::Weekend => Last::Weekend,
                _ => return None,
            };
            Some((last, mark))
        })
    }

    /// "this summer", "this morning": the one that began last.
    fn this(&self, at: usize) -> Option<Item> {
        let end = self.next(self.is(at, &[Class::This])?)?;
        if let Some((end, part)) = self.part(end) {
            let item = self.relative_item(end, calendar::one(self.today))?;
            return Some(self.at_part(item, end, part));
        }
        let (end, (what, mark)) = self.what(end)?;
        // "this may be a dog"
        if mark == Mark::Ordinary {
            return None;
        }
        let days = match what {
            Last::Unit(unit) => calendar::unit_of(unit, self.today),
            Last::Named(named @ Named::Month(_)) => self.of_year(named, self.today.year()),
            Last::Named(named) => {
                calendar::last_begun(self.today, |year| self.of_year(named, year))
            }
            Last::Weekday(weekday) => {
                calendar::weekday_before(self.today.tomorrow().ok()?, weekday)
            }
            Last::Weekend => self.weekend(|weekend, today| weekend.from <= today),
        };
        let item = self.relative_item(end, days)?;
        Some(Item { seasonal: is_season(what), ..item })
    }

    /// "last summer", "l'été dernier": the one that was over last.
    fn last(&self, at: usize) -> Option<Item> {
        let before = self.is(at, &[Class::Last]);
        let (end, (what, mark)) = self.what(before.map_or(Some(at), |at| self.next(at))?)?;
        let end = match before {
            Some(_) => end,
            None => self.then(end, &[Class::Last])?,
        };
        let days = match what {
            Last::Unit(unit) => calendar::unit_of(unit, calendar::before(self.today, unit, 1)?),
            Last::Named(named) => calendar::last_over(self.today, |year| self.of_year(named, year)),
            Last::Weekday(weekday) => calendar::weekday_before(self.today, weekday),
            Last::Weekend => self.weekend(|weekend, today| weekend.until <= today),
        };
        let item = self.relative_item(end, days)?;
        Some(Item { seasonal: is_season(what), ordinary: mark == Mark::Ordinary, ..item })
    }

    /// The weekend of this week or the last one, whichever fits.
    fn weekend(&self, fits: impl Fn(&Days, Date) -> bool) -> Option<Days> {
        let days = [self.today, self.days_back(7)?];
        let weekends = days.into_iter().filter_map(calendar::weekend_of);
        weekends.into_iter().find(|weekend| fits(weekend, self.today))
    }

    pub(crate) fn part(&self, at: usize) -> Option<(usize, Part)> {
        self.find(at, |class, _| match class {
            Class::Part(part) => Some(part),
            _ => None,
        })
    }

    /// The begun stretch that a name without a year means behind "since".
    pub(crate) fn begun(&self, at: usize) -> Option<Item> {
        let (end, (what, mark)) = self.what(at)?;
        let days = match what {
            Last::Named(named) => {
                calendar::last_begun(self.today, |year| self.of_year(named, year))
            }
            Last::Weekday(weekday) => calendar::weekday_before(self.today, weekday),
            Last::Unit(_) | Last::Weekend => None,
        };
        let item = self.relative_item(end, days)?;
        Some(Item { seasonal: is_season(what), ordinary: mark == Mark::Ordinary, ..item })
    }
}

fn is_season(what: Last) -> bool {
    matches!(what, Last::Named(Named::Season(_)))
}
