//! Words that name times which come again: days of the week, parts of the day.

use crate::lexicon::{Class, Mark, Part};
use crate::meaning::Minute;
use crate::sentence::Sentence;
use crate::stretches::{Item, Kind};

const HOUR: Minute = 60;

/// When a part of the day is.
fn hours(part: Part) -> (Minute, Minute) {
    match part {
        Part::Morning => (5 * HOUR, 12 * HOUR),
        Part::Noon => (11 * HOUR, 14 * HOUR),
        Part::Afternoon => (12 * HOUR, 18 * HOUR),
        Part::Evening => (18 * HOUR, 23 * HOUR),
        Part::Night => (22 * HOUR, 5 * HOUR),
    }
}

impl Sentence<'_> {
    /// Days of the week, weekends, parts of the day.
    pub(crate) fn recurring(&self, at: usize) -> Option<Item> {
        self.find(at, |class, mark| {
            let (kind, weekdays, part) = match class {
                Class::Weekday(day) => (Kind::Weekday, vec![day.unsigned_abs()], None),
                Class::Weekdays(day) if mark == Mark::Each => {
                    (Kind::Each, vec![day.unsigned_abs()], None)
                }
                Class::Weekdays(day) => (Kind::Weekdays, vec![day.unsigned_abs()], None),
                Class::Weekend => (Kind::Weekend, vec![6, 7], None),
                Class::Weekends => (Kind::Weekends, vec![6, 7], None),
                Class::Part(part) => (Kind::Part, Vec::new(), Some(part)),
                Class::Parts(part) => (Kind::Parts, Vec::new(), Some(part)),
                _ => return None,
            };
            Some(Item { weekdays, time: part.map(hours), ..Item::new(0, kind) })
        })
        .map(|(end, item)| Item { end, ..item })
    }

    /// A part of the day of what was read. The night of a certain day ends on the next.
    pub(crate) fn at_part(&self, item: Item, end: usize, part: Part) -> Item {
        if item.days.is_some() && part == Part::Night {
            return Item { end, hours: (18, 6), ..item };
        }
        Item { end, time: Some(hours(part)), ..item }
    }

    /// The part of the day behind what was read: "yesterday evening", "Sunday mornings",
    /// "ayer por la tarde".
    pub(crate) fn with_part(&self, item: Item) -> Item {
        if item.time.is_some() || item.hours != (0, 0) || !has_parts(&item) {
            return item;
        }
        let between = [Class::At, Class::In, Class::On];
        let at = self.skip(self.skip(item.end, &between), &[Class::The]);
        let Some(at) = self.next(at) else { return item };
        let found = self.find(at, |class, _| match class {
            Class::Part(part) => Some((part, item.kind)),
            Class::Parts(part) => Some((part, Kind::Parts)),
            _ => None,
        });
        match found {
            Some((end, (part, kind))) => self.at_part(Item { kind, ..item }, end, part),
            None => item,
        }
    }
}

/// Whether it is about single days.
fn has_parts(item: &Item) -> bool {
    let is_day = |days: &crate::calendar::Days| days.from.tomorrow().ok() == Some(days.until);
    item.days.as_ref().is_some_and(is_day) || !item.weekdays.is_empty()
}
