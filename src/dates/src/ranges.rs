//! Two names of times, or one with a word that makes it an end: "between X and Y", "since X".

use jiff::civil::Date;

use crate::calendar::{Days, midnight};
use crate::grammar::{Read, meanings_of};
use crate::lexicon::Class;
use crate::meaning::Meaning;
use crate::sentence::Sentence;
use crate::stretches::{Item, Kind};
use crate::tokens::Gap;

impl Sentence<'_> {
    /// "between X and Y", "from X to Y", "X-Y", "since X", "before X".
    pub(crate) fn range(&self, start: usize) -> Option<Read> {
        let at = self.is(start, &[Class::Taken]).and_then(|at| self.next(at)).unwrap_or(start);
        let behind = |classes: &[Class]| self.is(at, classes).and_then(|end| self.next(end));
        if let Some(found) = self.bound_ago(at) {
            return Some(found);
        }
        if let Some(first) = behind(&[Class::Between]) {
            return self.two_sided(first, &[Class::And], true);
        }
        let from = behind(&[Class::From, Class::Since, Class::In]);
        from.and_then(|first| self.two_sided(first, &[Class::To], true))
            .or_else(|| self.two_years(behind(&[Class::In])?))
            .or_else(|| self.one_sided(at))
            .or_else(|| self.two_sided(at, &[Class::To], false))
    }

    /// "in 2018 and 2019": a year and the next.
    fn two_years(&self, at: usize) -> Option<Read> {
        let (end, first) = self.year(self.skip_the(at))?;
        let (_, second) = self.year(self.behind(end, &[Class::And])?)?;
        (second == first + 1).then(|| self.two_sided(at, &[Class::And], true))?
    }

    /// Two names or two times of day with a word between. `lead`: a word before says that there
    /// are two.
    fn two_sided(&self, at: usize, between: &[Class], lead: bool) -> Option<Read> {
        if lead && let Some(found) = self.times(at, between) {
            return Some(found);
        }
        let (first, second) = self.ends(self.skip_the(at), between)?;
        let seasonal = first.seasonal || second.seasonal;
        let mut item = Item { seasonal, ..second.clone() };
        if !lead && let Some(meanings) = self.in_years(&first, &second) {
            return Some((item, meanings, first.kind != Kind::Ambiguous));
        }
        if let (Some(from), Some(until)) = (self.with_year(&first, &second), second.days) {
            item.days = Some(from.to(until)?);
            let sure = first.kind != Kind::Ambiguous && second.kind != Kind::Ambiguous;
            return Some((item.clone(), meanings_of(&item)?, sure));
        }
        let months = first.kind == second.kind && [Kind::Month, Kind::Day].contains(&first.kind);
        let (Some((from, _)), Some((_, until))) = (first.yearly, second.yearly) else {
            return self.weekdays(&first, &second).and_then(|weekdays| {
                item.weekdays = weekdays;
                Some((item.clone(), meanings_of(&item)?, lead))
            });
        };
        item.yearly = Some((from, until));
        (months && lead).then_some(())?;
        Some((item.clone(), meanings_of(&item)?, true))
    }

    /// The two names; of the first there may be the day alone: "14-20 July".
    fn ends(&self, at: usize, between: &[Class]) -> Option<(Item, Item)> {
        let second = |end| self.item(self.skip_the(self.behind(end, between)?));
        if let Some(first) = self.item(at) {
            return Some((first.clone(), second(first.end)?));
        }
        let (end, day) = self.day(at)?;
        // "14. bis 20. Juli"
        let behind_point = || self.next_loosely(end).and_then(|at| self.is(at, between));
        let second = second(end).or_else(|| {
            let at = behind_point().and_then(|at| self.next(at))?;
            self.item(self.skip_the(at))
        })?;
        let mut first = second.clone();
        match (second.kind, second.days, second.yearly) {
            (Kind::Date, Some(days), _) => {
                let from = Date::new(days.from.year(), days.from.month(), day).ok()?;
                let single = days.from.tomorrow().ok() == Some(days.until);
                first.days = single.then_some(Days { from, until: from.tomorrow().ok()? });
                first.days?;
            }
            (Kind::Day, _, Some(((month, _), _))) => {
                first.yearly = Some(((month, day), (month, day)))
            }
            _ => return None,
        }
        Some((first, second))
    }

    /// Behind the word or the dash between two names.
    fn behind(&self, at: usize, between: &[Class]) -> Option<usize> {
        match self.gap(at)? {
            Gap::Dash | Gap::WideDash => Some(at),
            _ => self.next(self.then(at, between)?),
        }
    }

    /// The days of the first of two names; the year may stand with the second alone.
    fn with_year(&self, first: &Item, second: &Item) -> Option<Days> {
        if first.days.is_some() {
            return first.days;
        }
        let ((month, day), (last_month, last)) = first.yearly?;
        let until = second.days?.until;
        let year = until.yesterday().ok()?.year();
        let of = |year: i16| {
            let from = Date::new(year, month, day).ok()?;
            let last = Date::new(
                year,
                last_month,
                last.min(Date::new(year, last_month, 1).ok()?.days_in_month()),
            )
            .ok()?;
            Some(Days { from, until: last.tomorrow().ok()? })
        };
        let days = of(year)?;
        if days.from < until { Some(days) } else { of(year - 1) }
    }

    fn weekdays(&self, first: &Item, second: &Item) -> Option<Vec<u8>> {
        let (Kind::Weekday, Kind::Weekday) = (first.kind, second.kind) else { return None };
        let (&from, &until) = (first.weekdays.first()?, second.weekdays.first()?);
        let count = (until + 7 - from) % 7;
        let mut days: Vec<u8> = (0..=count).map(|day| (from - 1 + day) % 7 + 1).collect();
        days.sort_unstable();
        Some(days)
    }

    /// "between 10 pm and 4 am".
    fn times(&self, at: usize, between: &[Class]) -> Option<Read> {
        let (end, first) = match self.clock(at) {
            Some(found) => found,
            None => self.bare_hour(at)?,
        };
        let bare = self.clock(at).is_none();
        let (end, second) = self.clock(self.behind(end, between)?)?;
        // "from 10 to 11 pm"
        let afternoon = bare && second > 720 && first < 720 && first + 720 < second;
        let first = if afternoon { first + 720 } else { first };
        let item = Item { time: Some((first, second)), ..Item::new(end, Kind::Parts) };
        let meanings = meanings_of(&item)?;
        Some((item, meanings, true))
    }

    /// "since X", "from X on", "before X", "after X", "until X".
    fn one_sided(&self, at: usize) -> Option<Read> {
        let small = [Class::In, Class::On, Class::At];
        let name = |behind: usize| {
            let at = self.next(behind)?;
            let at = self.is(at, &small).and_then(|at| self.next(at)).unwrap_or(at);
            let item = self.item(self.skip_the(at))?;
            item.days.is_some().then_some(item)
        };
        let since = self.is(at, &[Class::Since]).and_then(|behind| {
            name(behind).or_else(|| self.begun(self.skip_the(self.next(behind)?)))
        });
        let onwards = || {
            let item = name(self.is(at, &[Class::From])?)?;
            let end = self.then(item.end, &[Class::Onwards])?;
            // "from 2015 on Sundays"
            let goes_on = self.next(end).is_some_and(|at| self.item(self.skip_the(at)).is_some());
            (!goes_on).then_some(Item { end, ..item })
        };
        let (item, from, until) = if let Some(item) = since.or_else(onwards) {
            let from = item.days?.from;
            (item, Some(from), None)
        } else if let Some(item) = self.is(at, &[Class::Before]).and_then(name) {
            let from = item.days?.from;
            (item, None, Some(from))
        } else if let Some(item) = self.is(at, &[Class::After]).and_then(name) {
            let until = item.days?.until;
            (item, Some(until), None)
        } else {
            let item = self.is(at, &[Class::Until]).and_then(name)?;
            let until = item.days?.until;
            (item, None, Some(until))
        };
        let (from, until) = (from.and_then(midnight), until.and_then(midnight));
        let sure = !item.ordinary && item.kind != Kind::Ambiguous;
        Some((item, vec![Meaning { from, until, ..Meaning::default() }], sure))
    }

    /// "more than two years ago", "less than a week ago", "vor mehr als zwei Jahren".
    fn bound_ago(&self, start: usize) -> Option<Read> {
        let before = self.is(start, &[Class::AgoBefore]);
        let at = before.map_or(Some(start), |at| self.next(at))?;
        let more = self.is(at, &[Class::MoreThan]);
        let behind = self.next(more.or_else(|| self.is(at, &[Class::LessThan]))?)?;
        let (end, day, _) = self.counted_back(behind, before.is_some())?;
        let (from, until) = if more.is_some() { (None, Some(day)) } else { (Some(day), None) };
        let (from, until) = (from.and_then(midnight), until.and_then(midnight));
        let meaning = Meaning { from, until, ..Meaning::default() };
        Some((Item::new(end, Kind::Relative), vec![meaning], true))
    }
}
