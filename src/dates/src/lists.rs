//! Several times of one kind, of which any may be meant: "june and july 2019", "on saturdays and sundays",
//! "2017, 2018 or 2019", "christmas 2018 and 2019".

use jiff::civil::Date;

use crate::calendar::{self, Days};
use crate::grammar::{Lead, meaning};
use crate::lexicon::Class;
use crate::meaning::Meaning;
use crate::sentence::Sentence;
use crate::stretches::{Item, Kind};
use crate::tokens::Gap;

/// Times in one list.
const MOST: usize = 8;

/// What times of one list have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    OfTheWeek,
    OfTheDay,
    OfTheYear,
    Stretch,
}

impl Group {
    fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Weekday | Kind::Weekdays | Kind::Each | Kind::Weekend | Kind::Weekends => {
                Self::OfTheWeek
            }
            Kind::Part | Kind::Parts => Self::OfTheDay,
            Kind::Month | Kind::Season | Kind::Feast | Kind::Day => Self::OfTheYear,
            Kind::Date | Kind::Year | Kind::Decade | Kind::Relative | Kind::Today => Self::Stretch,
            Kind::Ambiguous => return None,
        })
    }
}

impl Sentence<'_> {
    /// The times of the list that begins at a place, behind the small words before its first one, and
    /// those words; at least two.
    pub(crate) fn list(&self, start: usize) -> Option<(Vec<Item>, Lead)> {
        let (at, lead) = self.lead(start);
        let mut items = vec![self.item(at)?];
        // Commas alone make no list.
        let mut joined = false;
        while items.len() < MOST
            && let Some((item, by_word)) = self.another(&items)
        {
            joined |= by_word;
            items.push(item);
        }
        (joined && items.len() > 1).then_some(())?;
        self.share_years(&mut items)?;
        Some((items, lead))
    }

    /// The next time of a list, and whether a word says that it is one: "and", or the small word of the
    /// first one again ("in june, in july").
    fn another(&self, items: &[Item]) -> Option<(Item, bool)> {
        let last = items.last()?;
        let by_word = self
            .next_loosely(last.end)
            .and_then(|at| self.is(at, &[Class::And, Class::Or]))
            .and_then(|at| self.next(at));
        let at = match by_word {
            Some(at) => at,
            None => self.next_loosely(last.end)?,
        };
        let (place, lead) = self.lead(at);
        let is_parted = by_word.is_some() || self.gap(at)? == Gap::Stop || lead.any();
        let item = self.item(place).filter(|_| is_parted)?;
        let same = Group::of(last.kind)? == Group::of(item.kind)?;
        // "june and july 2019": the year is that of both.
        let with_year = Group::of(last.kind) == Some(Group::OfTheYear) && item.kind == Kind::Date;
        // A stretch of time with a small word of its own is a list only behind "and".
        let narrows =
            by_word.is_none() && Group::of(item.kind) == Some(Group::Stretch) && lead.any();
        ((same || with_year) && !narrows).then_some((item, by_word.is_some() || lead.any()))
    }

    /// Gives each time the year that another one of the list is said with. `None` where one of them
    /// has nothing to say then.
    fn share_years(&self, items: &mut [Item]) -> Option<()> {
        let named = items.first().and_then(|first| first.named).filter(|_| items[0].days.is_some());
        for item in items.iter_mut().skip(1).filter(|item| item.kind == Kind::Year) {
            if let Some(named) = named {
                let year = item.days?.from.year();
                *item = Item { days: Some(self.of_year(named, year)?), ..item.clone() };
            }
        }
        let year = items.last().filter(|last| last.kind == Kind::Date).and_then(|last| last.days);
        let of_year = items.iter().any(|item| Group::of(item.kind) == Some(Group::OfTheYear));
        if let Some(Days { from, .. }) = year.filter(|_| of_year) {
            for item in items.iter_mut().filter(|item| item.days.is_none()) {
                item.days = Some(self.in_year(item, from.year())?);
            }
        }
        Some(())
    }

    fn in_year(&self, item: &Item, year: i16) -> Option<Days> {
        if let Some(named) = item.named {
            return self.of_year(named, year);
        }
        let ((month, day), _) = item.yearly?;
        calendar::one(Date::new(year, month, day).ok()?)
    }

    /// A name in each of some years: "summer 2018-2020".
    pub(crate) fn in_years(&self, first: &Item, last: &Item) -> Option<Vec<Meaning>> {
        let named = first.named.filter(|_| last.kind == Kind::Year)?;
        let (from, until) = (first.days?.from.year(), last.days?.from.year());
        let years = from..=until;
        if years.clone().count() > MOST || years.is_empty() {
            return None;
        }
        years
            .map(|year| meaning(&Item { days: self.of_year(named, year), ..first.clone() }))
            .collect()
    }
}

/// What the times of a list say: one meaning for days of the week, else one for each.
pub(crate) fn meanings(items: &[Item]) -> Option<Vec<Meaning>> {
    let plain =
        |item: &Item| !item.weekdays.is_empty() && item.days.is_none() && item.time.is_none();
    if items.iter().all(plain) {
        let mut weekdays: Vec<u8> = items.iter().flat_map(|item| item.weekdays.clone()).collect();
        weekdays.sort_unstable();
        weekdays.dedup();
        return Some(vec![Meaning { weekdays, ..Meaning::default() }]);
    }
    let mut all: Vec<Meaning> = items.iter().map(meaning).collect::<Option<_>>()?;
    all.dedup();
    Some(all)
}
