//! The words of seven languages and what they can be.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::tokens::tokens;

/// How many languages there are.
pub(crate) const LANGUAGES: u8 = 7;

const TABLES: [&str; LANGUAGES as usize] = [
    include_str!("words/en.txt"),
    include_str!("words/de.txt"),
    include_str!("words/fr.txt"),
    include_str!("words/es.txt"),
    include_str!("words/it.txt"),
    include_str!("words/pt.txt"),
    include_str!("words/nl.txt"),
];

/// The most words of an entry.
pub(crate) const LONGEST: usize = 5;

/// What words can be in a sentence about time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    /// 1 to 12.
    Month(i8),
    Season(Season),
    /// 1 to 7, from Monday.
    Weekday(i8),
    /// "Sundays".
    Weekdays(i8),
    Weekend,
    Weekends,
    /// "morning".
    Part(Part),
    /// "mornings".
    Parts(Part),
    Feast(Feast),
    Unit(Unit),
    Number(i64),
    /// Its first year.
    Decade(i16),
    /// "années", before a number.
    DecadeWord,
    /// "novanta" behind "anni": a decade there, else a number.
    DecadeBehind(i16),
    Last,
    Past,
    This,
    Ago,
    /// "il y a", before the number.
    AgoBefore,
    Yesterday,
    DayBefore,
    Today,
    Tonight,
    LastNight,
    In,
    Of,
    From,
    On,
    At,
    Over,
    The,
    To,
    And,
    Or,
    /// "more than", before a count of what is ago.
    MoreThan,
    LessThan,
    Half,
    ThisMorning,
    Between,
    Since,
    Until,
    Before,
    After,
    Onwards,
    Every,
    Taken,
    Photos,
    /// Words of a request that say nothing of what is asked for: "show me".
    Asking,
    Am,
    Pm,
    OClock,
    /// "files", behind a format.
    Files,
    /// "my", before a camera.
    Own,
    /// "with", before a camera.
    With,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    Morning,
    Noon,
    Afternoon,
    Evening,
    Night,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Feast {
    Christmas,
    ChristmasEve,
    ChristmasDay,
    BoxingDay,
    NewYearsEve,
    NewYearsDay,
    NewYear,
    Halloween,
    ValentinesDay,
    Easter,
    Thanksgiving,
}

/// How a word may be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    None,
    /// Beside a day or a year only: "mar".
    Short,
    /// An ordinary word as well: "may".
    Ordinary,
    /// Says "each of them" by itself: "sonntags".
    Each,
}

/// One meaning of some words in one language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) language: u8,
    pub(crate) class: Class,
    pub(crate) mark: Mark,
}

static ENTRIES: LazyLock<HashMap<String, Vec<Entry>>> = LazyLock::new(|| {
    let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
    for (language, table) in (0..).zip(TABLES) {
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, words)) = line.split_once(": ") else { continue };
            let Some(class) = class(name) else { continue };
            for word in words.split(',') {
                let entry = Entry { language, class, mark: mark(word) };
                entries.entry(key(word)).or_default().push(entry);
            }
        }
    }
    entries
});

/// What words, as [`key`] makes them, can be.
pub(crate) fn entries(key: &str) -> &'static [Entry] {
    ENTRIES.get(key).map_or(&[], Vec::as_slice)
}

fn key(words: &str) -> String {
    let words: Vec<String> = tokens(words).into_iter().map(|token| token.text).collect();
    words.join(" ")
}

fn mark(word: &str) -> Mark {
    match word.chars().next_back() {
        Some('*') => Mark::Short,
        Some('?') => Mark::Ordinary,
        Some('!') => Mark::Each,
        _ => Mark::None,
    }
}

/// A class by its name in the tables.
fn class(name: &str) -> Option<Class> {
    let (kind, which) = name.split_once(' ').unwrap_or((name, ""));
    Some(match kind {
        "month" => Class::Month(which.parse().ok()?),
        "season" => Class::Season(season(which)?),
        "weekday" => Class::Weekday(which.parse().ok()?),
        "weekdays" => Class::Weekdays(which.parse().ok()?),
        "weekend" => Class::Weekend,
        "weekends" => Class::Weekends,
        "part" => Class::Part(part(which)?),
        "parts" => Class::Parts(part(which)?),
        "feast" => Class::Feast(feast(which)?),
        "unit" => Class::Unit(unit(which)?),
        "number" => Class::Number(which.parse().ok()?),
        "decade" => Class::Decade(which.parse().ok()?),
        "decade-word" => Class::DecadeWord,
        "decade-behind" => Class::DecadeBehind(which.parse().ok()?),
        "last" => Class::Last,
        "past" => Class::Past,
        "this" => Class::This,
        "ago" => Class::Ago,
        "ago-before" => Class::AgoBefore,
        "yesterday" => Class::Yesterday,
        "day-before" => Class::DayBefore,
        "today" => Class::Today,
        "tonight" => Class::Tonight,
        "last-night" => Class::LastNight,
        "in" => Class::In,
        "of" => Class::Of,
        "from" => Class::From,
        "on" => Class::On,
        "at" => Class::At,
        "over" => Class::Over,
        "the" => Class::The,
        "to" => Class::To,
        "and" => Class::And,
        "or" => Class::Or,
        "more-than" => Class::MoreThan,
        "less-than" => Class::LessThan,
        "half" => Class::Half,
        "this-morning" => Class::ThisMorning,
        "between" => Class::Between,
        "since" => Class::Since,
        "until" => Class::Until,
        "before" => Class::Before,
        "after" => Class::After,
        "onwards" => Class::Onwards,
        "every" => Class::Every,
        "taken" => Class::Taken,
        "photos" => Class::Photos,
        "asking" => Class::Asking,
        "am" => Class::Am,
        "pm" => Class::Pm,
        "oclock" => Class::OClock,
        "files" => Class::Files,
        "own" => Class::Own,
        "with" => Class::With,
        _ => return None,
    })
}

fn season(name: &str) -> Option<Season> {
    Some(match name {
        "spring" => Season::Spring,
        "summer" => Season::Summer,
        "autumn" => Season::Autumn,
        "winter" => Season::Winter,
        _ => return None,
    })
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "morning" => Part::Morning,
        "noon" => Part::Noon,
        "afternoon" => Part::Afternoon,
        "evening" => Part::Evening,
        "night" => Part::Night,
        _ => return None,
    })
}

fn unit(name: &str) -> Option<Unit> {
    Some(match name {
        "day" => Unit::Day,
        "week" => Unit::Week,
        "month" => Unit::Month,
        "year" => Unit::Year,
        _ => return None,
    })
}

fn feast(name: &str) -> Option<Feast> {
    Some(match name {
        "christmas" => Feast::Christmas,
        "christmas-eve" => Feast::ChristmasEve,
        "christmas-day" => Feast::ChristmasDay,
        "boxing-day" => Feast::BoxingDay,
        "new-years-eve" => Feast::NewYearsEve,
        "new-years-day" => Feast::NewYearsDay,
        "new-year" => Feast::NewYear,
        "halloween" => Feast::Halloween,
        "valentines-day" => Feast::ValentinesDay,
        "easter" => Feast::Easter,
        "thanksgiving" => Feast::Thanksgiving,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_understood() {
        for (language, table) in TABLES.iter().enumerate() {
            for line in table.lines().filter(|line| !line.starts_with('#')) {
                let (name, words) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
                assert!(class(name).is_some(), "{language}: {line}");
                for word in words.split(',') {
                    let key = key(word);
                    let count = key.split(' ').count();
                    assert!(!key.is_empty() && count <= LONGEST, "{language}: {word}");
                }
            }
            let months = |n: i8| {
                let of = |e: &Entry| e.language == language as u8 && e.class == Class::Month(n);
                ENTRIES.values().flatten().any(of)
            };
            assert!((1..=12).all(months), "{language}");
        }
    }
}
