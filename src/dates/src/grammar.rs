//! Which words of a text say when, and how sure that is.
//!
//! A reading is a name of a time, or two as the ends of a range, with the small words before it.
//! What decides whether it is sure is written in `docs/QUERY.md`.

use jiff::civil::{Date, Time};
use jiff::{Span, ToSpan};

use crate::calendar::local;
use crate::lexicon::{Class, LANGUAGES, Unit};
use crate::lists::meanings;
use crate::meaning::{Meaning, Reading};
use crate::sentence::{Sentence, lexemes};
use crate::stretches::{Item, Kind};
use crate::tokens::{Gap, Token};

/// "in the 90s", "from 2019": from this year on photos are taken, not shown, by digital cameras.
const DIGITAL: i16 = 1995;

/// All readings of a text, from left to right.
pub(crate) fn readings(tokens: &[Token], today: Date, south: bool) -> Vec<Reading> {
    let lexemes = lexemes(tokens);
    let language = |language| Sentence::new(tokens, &lexemes, today, south, language);
    let languages: Vec<Sentence> = (0..LANGUAGES).map(language).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let phrases = languages.iter().filter_map(|sentence| sentence.phrase(at));
        match phrases.max_by_key(|phrase| (phrase.end, phrase.sure)) {
            Some(phrase) => {
                at = phrase.end;
                found.push(phrase.reading);
            }
            None => at += 1,
        }
    }
    found
}

/// A reading with the place behind it.
struct Phrase {
    end: usize,
    sure: bool,
    reading: Reading,
}

/// A name, what it says with the small words before it (of several meanings any may hold), and whether
/// that is sure.
pub(crate) type Read = (Item, Vec<Meaning>, bool);

/// The small words before a name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lead {
    taken: bool,
    within: bool,
    from: bool,
    on: bool,
    at: bool,
    every: bool,
    the: bool,
}

impl Lead {
    pub(crate) fn any(self) -> bool {
        self.taken || self.within || self.from || self.on || self.at || self.every
    }
}

impl Sentence<'_> {
    /// The reading that begins at a place.
    fn phrase(&self, start: usize) -> Option<Phrase> {
        if !self.gap(start)?.is_open() {
            return None;
        }
        let one = self.range(start).or_else(|| self.single(start));
        let end = one.as_ref().map_or(start, |(item, ..)| item.end);
        let list = self.listed(start).filter(|(item, ..)| item.end > end);
        let (item, meanings, sure) = list.or(one)?;
        let last = &self.tokens[item.end - 1];
        // "last year's": the s belongs to it.
        let is_s = |token: &Token| token.text == "s" && token.gap == Gap::Apostrophe && token.ends;
        let s = self.tokens.get(item.end).filter(|token| is_s(token));
        if !last.ends && s.is_none() {
            return None;
        }
        let range = self.tokens[start].range.start..s.unwrap_or(last).range.end;
        let end = item.end + usize::from(s.is_some());
        let reading = Reading { range, meanings, sure, seasonal: item.seasonal };
        Some(Phrase { end, sure, reading })
    }

    pub(crate) fn item(&self, at: usize) -> Option<Item> {
        let item = self.relative(at).or_else(|| self.stretch(at)).or_else(|| self.recurring(at))?;
        Some(self.with_part(item))
    }

    /// Behind an article, and behind the word "year" before a year.
    pub(crate) fn skip_the(&self, at: usize) -> usize {
        let article = self.is(at, &[Class::The]).and_then(|end| self.next(end));
        let at = article.unwrap_or(at);
        let word = self.is(at, &[Class::Unit(Unit::Year)]).and_then(|end| self.next(end));
        let decade = self.is(at, &[Class::DecadeWord]).is_some();
        word.filter(|year| self.year(*year).is_some() && !decade).unwrap_or(at)
    }

    /// A name with the small words before it.
    fn single(&self, start: usize) -> Option<Read> {
        let (at, lead) = self.lead(start);
        let item = self.item(at)?;
        let meanings = meanings_of(&item)?;
        let alone = self.is_request(0, start) && self.is_request(item.end, self.tokens.len());
        let sure = self.is_sure(&item, lead, start, alone);
        let said = sure || alone || lead.any() || self.may_be_anywhere(&item);
        let last = item.end == self.tokens.len();
        (said || last).then_some((item, meanings, sure))
    }

    /// Whether a name without a small word before it is offered wherever it stands.
    fn may_be_anywhere(&self, item: &Item) -> bool {
        matches!(item.kind, Kind::Year | Kind::Decade | Kind::Day | Kind::Ambiguous)
    }

    /// Several names with the small words before them.
    fn listed(&self, start: usize) -> Option<Read> {
        let (items, lead) = self.list(start)?;
        let (first, last) = (items.first()?, items.last()?);
        let alone = self.is_request(0, start) && self.is_request(last.end, self.tokens.len());
        let sure = items.iter().any(|item| self.is_sure(item, lead, start, alone));
        let said = sure || alone || lead.any() || self.may_be_anywhere(first);
        let meanings = meanings(&items)?;
        let seasonal = items.iter().any(|item| item.seasonal);
        said.then(|| (Item { seasonal, ..last.clone() }, meanings, sure))
    }

    pub(crate) fn lead(&self, start: usize) -> (usize, Lead) {
        let mut lead = Lead::default();
        let mut at = start;
        if let Some(next) = self.is(at, &[Class::Taken]).and_then(|end| self.next(end)) {
            (at, lead.taken) = (next, true);
        }
        let small = [Class::In, Class::From, Class::On, Class::At, Class::Over, Class::Every];
        if let Some(end) = self.is(at, &small)
            && let Some(next) = self.next(end)
        {
            let is = |class| {
                self.find(at, |found, _| (found == class).then_some(()))
                    .is_some_and(|found| found.0 == end)
            };
            lead.within = is(Class::In);
            lead.from = is(Class::From);
            lead.on = is(Class::On);
            lead.at = is(Class::At) || is(Class::Over);
            lead.every = is(Class::Every);
            at = next;
        }
        lead.the = self.is(at, &[Class::The]).is_some();
        (self.skip_the(at), lead)
    }

    /// Whether words only ask for photos: "show me all photos".
    fn is_request(&self, from: usize, until: usize) -> bool {
        let mut at = from;
        while at < until {
            match self.is(at, &[Class::Photos, Class::Asking]) {
                Some(end) => at = end,
                None => return false,
            }
        }
        true
    }

    fn is_sure(&self, item: &Item, lead: Lead, start: usize, alone: bool) -> bool {
        let photos = start > 0
            && self.is(start - 1, &[Class::Photos]) == Some(start)
            && self.next(start).is_some();
        let asked = lead.taken || photos && lead.from;
        let ordinary = item.ordinary;
        match item.kind {
            Kind::Date | Kind::Each => true,
            Kind::Relative => !ordinary || alone || item.time.is_some(),
            Kind::Ambiguous => false,
            Kind::Today => asked || alone || start == 0 || item.end == self.tokens.len(),
            Kind::Year => {
                let digital = item.days.is_some_and(|days| days.from.year() >= DIGITAL);
                alone || asked || photos || lead.within || lead.from && digital
            }
            Kind::Decade => asked || lead.within && (lead.the || !ordinary),
            Kind::Month => (lead.within || lead.every || asked) && !ordinary,
            Kind::Day => lead.on || lead.every || asked,
            Kind::Season => lead.every || lead.taken,
            Kind::Feast => lead.on && !lead.at || lead.every || asked,
            Kind::Weekday | Kind::Weekend => lead.every,
            Kind::Weekdays => lead.on || lead.every || lead.the || asked,
            Kind::Weekends => lead.on || lead.at || lead.every || asked,
            Kind::Part => lead.taken || lead.every,
            Kind::Parts => lead.any(),
        }
    }
}

fn hours(hours: u8) -> Span {
    i64::from(hours).hours()
}

/// What a name says, as the only meaning.
pub(crate) fn meanings_of(item: &Item) -> Option<Vec<Meaning>> {
    meaning(item).map(|meaning| vec![meaning])
}

/// What a name says; `None` where that is nothing, as for a feast that moves.
pub(crate) fn meaning(item: &Item) -> Option<Meaning> {
    let moment = |day: Date, moved: u8| {
        local(day.to_datetime(Time::midnight()).checked_add(hours(moved)).ok()?)
    };
    let (from, until) = match item.days {
        Some(days) => {
            (Some(moment(days.from, item.hours.0)?), Some(moment(days.until, item.hours.1)?))
        }
        None => (None, None),
    };
    let unsigned = |(month, day): (i8, i8)| (month.unsigned_abs(), day.unsigned_abs());
    // Days of the year say nothing more where the years are known.
    let days = item.yearly.filter(|_| item.days.is_none());
    let days = days.map(|(first, last)| (unsigned(first), unsigned(last)));
    let weekdays = if item.days.is_none() { item.weekdays.clone() } else { Vec::new() };
    let meaning = Meaning { from, until, weekdays, time: item.time, days };
    (meaning != Meaning::default()).then_some(meaning)
}
