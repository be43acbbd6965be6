//! Words that name a stretch of time by its date, and names of times that become one with a year.

use crate::calendar::{self, Days, days_of, last_day, months_of};
use crate::lexicon::{Class, Feast, Mark, Season, Unit};
use crate::meaning::Minute;
use crate::sentence::Sentence;
use crate::tokens::Gap;

/// What some words name.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// The place behind them.
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    /// The stretch of time, where it is a certain one.
    pub(crate) days: Option<Days>,
    /// Hours that both ends of it are moved by.
    pub(crate) hours: (u8, u8),
    /// Days of the week that come again.
    pub(crate) weekdays: Vec<u8>,
    /// Times of day that come again.
    pub(crate) time: Option<(Minute, Minute)>,
    /// Days of the year that come again.
    pub(crate) yearly: Option<((i8, i8), (i8, i8))>,
    /// Whether the words have an ordinary meaning as well.
    pub(crate) ordinary: bool,
    /// Whether the hemisphere decides.
    pub(crate) seasonal: bool,
    /// The name, with its year or without: "summer", "christmas".
    pub(crate) named: Option<Named>,
}

/// What kind of name it is, which decides how sure a reading of it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A name with its year, or a date in figures.
    Date,
    /// Figures that can be two dates.
    Ambiguous,
    /// Seen from today: "last week".
    Relative,
    Today,
    Year,
    Decade,
    Month,
    /// Day and month.
    Day,
    Season,
    Feast,
    Weekday,
    /// "Sundays".
    Weekdays,
    /// "sonntags".
    Each,
    Weekend,
    Weekends,
    Part,
    /// "mornings".
    Parts,
}

impl Item {
    pub(crate) fn new(end: usize, kind: Kind) -> Self {
        Self {
            end,
            kind,
            days: None,
            hours: (0, 0),
            weekdays: Vec::new(),
            time: None,
            yearly: None,
            ordinary: false,
            seasonal: false,
            named: None,
        }
    }

    pub(crate) fn of(end: usize, kind: Kind, days: Option<Days>) -> Option<Self> {
        days.map(|days| Self { days: Some(days), ..Self::new(end, kind) })
    }
}

/// A time of the year by its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Named {
    Month(i8),
    Season(Season),
    Feast(Feast),
}

impl Sentence<'_> {
    /// A date in figures, a day with its month, a name with a year or without, a year, a decade.
    pub(crate) fn stretch(&self, at: usize) -> Option<Item> {
        self.figures(at)
            .or_else(|| self.week_of(at))
            .or_else(|| self.day_and_month(at))
            .or_else(|| self.name(at))
            .or_else(|| self.decade_item(at))
            .or_else(|| {
                let (end, year) = self.year(at)?;
                Item::of(end, Kind::Year, calendar::year(year))
            })
    }

    /// "week of 14 July 2019".
    fn week_of(&self, at: usize) -> Option<Item> {
        let week = self.is(at, &[Class::Unit(Unit::Week)])?;
        let day = self.skip_the(self.next(self.then(week, &[Class::Of, Class::From])?)?);
        let item = self.figures(day).or_else(|| self.day_and_month(day))?;
        let days = item.days.filter(|days| days.from.tomorrow().ok() == Some(days.until))?;
        Item::of(item.end, Kind::Date, calendar::unit_of(Unit::Week, days.from))
    }

    /// `2019-07`, `2019-07-14`, `14.07.2019`, `7/14/2019`.
    fn figures(&self, at: usize) -> Option<Item> {
        let part = |place: usize| {
            let text = self.text(place).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
            Some((text.len(), text.parse::<i16>().ok()?))
        };
        let gap =
            self.gap(at + 1).filter(|gap| matches!(gap, Gap::Dash | Gap::Dot | Gap::Slash))?;
        let (first, second) = (part(at)?, part(at + 1)?);
        let third = part(at + 2).filter(|_| self.gap(at + 2) == Some(gap));
        let year = |year: i16| (1826..=self.today.year()).contains(&year).then_some(year);
        let day = |y: i16, m: i16, d: i16| {
            calendar::day(year(y)?, i8::try_from(m).ok()?, i8::try_from(d).ok()?)
        };
        match (first, second, third) {
            ((4, y), (1..=2, m), Some((1..=2, d))) => Item::of(at + 3, Kind::Date, day(y, m, d)),
            ((4, y), (2, m), None) if gap != Gap::Dot => {
                Item::of(at + 2, Kind::Date, calendar::month(year(y)?, i8::try_from(m).ok()?))
            }
            ((1..=2, a), (1..=2, b), Some((4, y))) => {
                let unclear = gap != Gap::Dot && a != b && a <= 12 && b <= 12;
                let kind = if unclear { Kind::Ambiguous } else { Kind::Date };
                Item::of(at + 3, kind, day(y, b, a).or_else(|| day(y, a, b)))
            }
            _ => None,
        }
    }

    fn month(&self, at: usize) -> Option<(usize, (i8, Mark))> {
        self.find(at, |class, mark| match class {
            Class::Month(month) => Some((month, mark)),
            _ => None,
        })
    }

    /// The year behind a name, with "of" or a comma between.
    fn year_behind(&self, at: usize) -> Option<(usize, i16)> {
        let of = self.skip(at, &[Class::Of, Class::From]);
        let of = self.skip(of, &[Class::The]);
        let found = self.next_loosely(of).and_then(|at| self.year(at))?;
        Some((self.over_new_year(found), found.1))
    }

    /// Behind "2018/19" where that is a year and the next.
    fn over_new_year(&self, (end, year): (usize, i16)) -> usize {
        let gap = matches!(self.gap(end), Some(Gap::Slash | Gap::Dash));
        let next = (year + 1).to_string();
        let fits = self.text(end).is_some_and(|text| text == next || text == &next[2..]);
        if gap && fits { end + 1 } else { end }
    }

    /// "14 July 2019", "July 14, 2019", "14 July".
    fn day_and_month(&self, at: usize) -> Option<Item> {
        let day_first = self.day(at).and_then(|(end, day)| {
            let of = self.skip(end, &[Class::Of]);
            let (end, (month, _)) = self.month(self.next_loosely(of)?)?;
            Some((end, day, month))
        });
        let (end, day, month) = day_first.or_else(|| {
            let (end, (month, _)) = self.month(at)?;
            let (end, day) = self.day(self.next_loosely(end)?)?;
            Some((end, day, month))
        })?;
        if day > last_day(month) {
            return None;
        }
        if let Some((end, year)) = self.year_behind(end) {
            return Item::of(end, Kind::Date, calendar::day(year, month, day));
        }
        let yearly = Some(((month, day), (month, day)));
        Some(Item { yearly, ..Item::new(end, Kind::Day) })
    }

    /// A month, a season or a feast, with its year where that follows.
    fn name(&self, at: usize) -> Option<Item> {
        let (end, (named, mark)) = self.named(at)?;
        let seasonal = matches!(named, Named::Season(_));
        if let Some((end, year)) = self.year_behind(end) {
            let item = Item::of(end, Kind::Date, self.of_year(named, year));
            // "29 February 2019": a day that there was not.
            let has_day = at > 0 && self.next(at).is_some() && self.day(at - 1).is_some();
            let kind = if has_day { Kind::Ambiguous } else { Kind::Date };
            return item.map(|item| Item { seasonal, kind, named: Some(named), ..item });
        }
        if mark == Mark::Short {
            return None;
        }
        let kind = match named {
            Named::Month(_) => Kind::Month,
            Named::Season(_) => Kind::Season,
            Named::Feast(_) => Kind::Feast,
        };
        let (yearly, ordinary) = (self.yearly(named), mark == Mark::Ordinary);
        Some(Item { yearly, ordinary, seasonal, named: Some(named), ..Item::new(end, kind) })
    }

    pub(crate) fn named(&self, at: usize) -> Option<(usize, (Named, Mark))> {
        self.find(at, |class, mark| match class {
            Class::Month(month) => Some((Named::Month(month), mark)),
            Class::Season(season) => Some((Named::Season(season), mark)),
            Class::Feast(feast) => Some((Named::Feast(feast), mark)),
            _ => None,
        })
    }

    pub(crate) fn of_year(&self, named: Named, year: i16) -> Option<Days> {
        match named {
            Named::Month(month) => calendar::month(year, month),
            Named::Season(season) => calendar::season(year, season, self.south),
            Named::Feast(feast) => calendar::feast(year, feast),
        }
    }

    /// Its days in any year; `None` for a feast that moves.
    fn yearly(&self, named: Named) -> Option<((i8, i8), (i8, i8))> {
        let (first, last) = match named {
            Named::Month(month) => (month, month),
            Named::Season(season) => months_of(season, self.south),
            Named::Feast(feast) => return days_of(feast),
        };
        Some(((first, 1), (last, last_day(last))))
    }

    fn decade_item(&self, at: usize) -> Option<Item> {
        let (end, year) = self.decade(at)?;
        // "90s" may stand before a noun; "neunziger Jahre" does not.
        let ordinary = self.text(end - 1).is_some_and(|text| text.ends_with('s'));
        let item = Item::of(end, Kind::Decade, calendar::years(year, 10));
        item.map(|item| Item { ordinary, ..item })
    }
}
