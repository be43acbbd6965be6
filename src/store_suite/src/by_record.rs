//! Filters by a second definition, on records alone: nothing of [`seer_store::Derived`], and of its
//! crate only [`words`] and [`fold`]. Where both definitions agree, neither has a slip.
//!
//! Made for the photos and filters of [`crate::random`]; it knows their one indexed folder.

use seer_store::fold::fold;
use seer_store::words::{Reading, words};
use seer_store::{Bounds, Facet, Filter, Orientation, Recurring};
use seer_types::{Coordinates, LocalTime, PhotoRecord, PlaceName, Precision, Taken};

/// No number is a part of another.
const WHOLE: usize = usize::MAX;

const READINGS: [Reading; 2] = [Reading::Split, Reading::Joined];

/// Whether the photo meets the filter with one of its files.
pub fn meets(record: &PhotoRecord, filter: &Filter) -> bool {
    record.files.iter().any(|file| meets_with(record, &file.path.to_text(), filter))
}

fn meets_with(record: &PhotoRecord, path: &str, filter: &Filter) -> bool {
    let facts = &record.facts;
    match filter {
        Filter::All(parts) => parts.iter().all(|part| meets_with(record, path, part)),
        Filter::Any(parts) => parts.iter().any(|part| meets_with(record, path, part)),
        Filter::Not(part) => !meets_with(record, path, part),
        Filter::Path(text) if is_pattern(text) => some_names(path).iter().any(|n| fits(text, n)),
        Filter::Path(text) => fold(path).contains(&fold(text)),
        Filter::Folder(name) => {
            let (folders, _) = path.rsplit_once('/').unwrap_or_default();
            folders.split('/').any(|folder| match is_pattern(name) {
                true => fits(name, folder),
                false => fold(folder) == fold(name),
            })
        }
        Filter::Below(folder) => {
            let folder = folder.to_text();
            let names: Vec<String> = folder.split('/').map(fold).collect();
            let mut above: Vec<String> = path.split('/').map(fold).collect();
            above.pop();
            above.starts_with(&names)
        }
        Filter::Name(text) if is_pattern(text) => {
            let (name, stem) = (file_name(path), file_name(path).rsplit_once('.'));
            fits(text, name) || stem.is_some_and(|(stem, _)| fits(text, stem))
        }
        Filter::Name(text) => text.split(' ').all(|piece| has_run(file_name(path), piece, 2)),
        Filter::Extension(text) => {
            let name = file_name(path).rsplit_once('.');
            name.is_some_and(|(stem, e)| !stem.is_empty() && fold(e) == fold(text))
        }
        Filter::Format(text) => fold(&facts.format) == fold(text),
        Filter::Taken { from, until } => facts.taken.is_some_and(|taken| {
            from.is_none_or(|from| from <= taken.start)
                && until.is_none_or(|until| last(taken) < until)
        }),
        Filter::Recurring(when) => facts.taken.is_some_and(|taken| is_sure(*when, taken)),
        Filter::Camera(text) => gear(&[&facts.camera_make, &facts.camera_model], text),
        Filter::Lens(text) => gear(&[&facts.lens], text),
        Filter::Tag(text) => {
            tags(record).any(|tag| READINGS.iter().any(|r| words(tag, *r) == words(text, *r)))
        }
        Filter::Person(text) => facts.people.iter().any(|name| has_run(name, text, WHOLE)),
        Filter::Place(text) => places(record).iter().any(|name| has_run(name, text, WHOLE)),
        Filter::Rating { min, max } => {
            facts.rating.is_some_and(|stars| stars > 0 && within(stars, *min, *max))
        }
        Filter::Text(text) => {
            has_run(file_name(path), text, 3)
                || texts(record, path).iter().any(|found| has_run(found, text, WHOLE))
                || facts.text_lines.iter().any(|line| line_has(&line.text, text))
        }
        Filter::Near { center, km } => {
            facts.position.is_some_and(|position| chord_km(*center, position) <= *km)
        }
        Filter::Inside(Bounds { south, west, north, east }) => facts.position.is_some_and(|at| {
            // Going east from its west edge, over the date line if need be.
            let along = |to: f64| if to < *west { to + 360.0 } else { to };
            within(at.latitude, Some(*south), Some(*north)) && along(at.longitude) <= along(*east)
        }),
        Filter::FileSize { min, max } => within(record.size, *min, *max),
        Filter::Width { min, max } => within(facts.width, *min, *max),
        Filter::Height { min, max } => within(facts.height, *min, *max),
        Filter::Orientation(Orientation::Landscape) => facts.width > facts.height,
        Filter::Orientation(Orientation::Portrait) => facts.width < facts.height,
        Filter::Orientation(Orientation::Square) => facts.width == facts.height,
        Filter::Ids(ids) => ids.contains(&record.id),
    }
}

/// The last second of a date.
fn last(taken: Taken) -> LocalTime {
    let (year, month, ..) = taken.start.civil();
    let is_leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0;
    let days = match taken.precision {
        Precision::Second => return taken.start,
        Precision::Day => 1,
        Precision::Month => DAYS[month as usize - 1] - i64::from(month == 2 && !is_leap),
        Precision::Year => 365 + i64::from(is_leap),
    };
    LocalTime::from_seconds(taken.start.seconds() + days * 86_400 - 1)
}

/// Of each month, in a leap year.
const DAYS: [i64; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Whether a date is one of these times whatever of it is not known.
fn is_sure(when: Recurring, taken: Taken) -> bool {
    match (when, taken.precision) {
        (_, Precision::Second) => comes_at(when, taken.start),
        (Recurring::Time { .. }, _) | (_, Precision::Year) => false,
        (_, Precision::Day) => comes_at(when, taken.start),
        (Recurring::Weekdays(_), Precision::Month) => false,
        (Recurring::Days { .. }, Precision::Month) => {
            let (_, month, ..) = taken.start.civil();
            let day = |day| LocalTime::from_civil(2020, month, day, 0, 0, 0);
            (1..=31).filter_map(day).all(|day| comes_at(when, day))
        }
    }
}

/// A date written as one number, for comparison.
fn comes_at(when: Recurring, taken: LocalTime) -> bool {
    let (year, month, day, hour, minute, second) = taken.civil();
    let between = |value: u32, first: u32, last: u32| match first <= last {
        true => first <= value && value <= last,
        false => first <= value || value <= last,
    };
    match when {
        Recurring::Weekdays(days) => days.has(sakamoto(year, month, day)),
        Recurring::Time { from, until } if from == until => true,
        Recurring::Time { from, until } => {
            between(hour * 3600 + minute * 60 + second, from, (until + 86_399) % 86_400)
        }
        Recurring::Days { from, until } => {
            let number = |(month, day): (u8, u8)| u32::from(month) * 100 + u32::from(day);
            between(month * 100 + day, number(from), number(until))
        }
    }
}

/// Sakamoto's day of the week: 1 is Monday.
fn sakamoto(year: i32, month: u32, day: u32) -> u8 {
    let year = if month < 3 { year - 1 } else { year };
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month as usize - 1];
    let sum = year + year / 4 - year / 100 + year / 400 + shift + day as i32;
    ((sum + 6) % 7 + 1) as u8
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn both(text: &str) -> Vec<String> {
    READINGS.iter().flat_map(|reading| words(text, *reading)).collect()
}

fn gear(texts: &[&Option<String>], wanted: &str) -> bool {
    let known: Vec<String> = texts.iter().filter_map(|t| t.as_deref()).flat_map(both).collect();
    READINGS.iter().any(|reading| {
        let wanted = words(wanted, *reading);
        let last = wanted.len().saturating_sub(1);
        wanted.iter().enumerate().all(|(place, word)| {
            known.iter().any(|k| k == word || place == last && k.starts_with(word.as_str()))
        })
    })
}

/// The tags, and each name of a likely class.
fn tags(record: &PhotoRecord) -> impl Iterator<Item = &str> {
    let likely = record.facts.classes.iter().filter(|class| class.probability >= 0.2);
    let classes = likely.flat_map(|class| class.names.split(", "));
    record.facts.tags.iter().map(String::as_str).chain(classes)
}

/// What the photo is counted by.
pub fn values(record: &PhotoRecord) -> Vec<(Facet, String)> {
    let facts = &record.facts;
    let mut values = vec![(Facet::Format, facts.format.clone())];
    values.extend(facts.tags.iter().map(|tag| (Facet::Tag, tag.clone())));
    values.extend(facts.people.iter().map(|name| (Facet::Person, name.clone())));
    let likely = facts.classes.iter().filter(|class| class.probability >= 0.2);
    let first = likely.filter_map(|class| class.names.split(", ").next());
    values.extend(first.map(|name| (Facet::Class, name.to_owned())));
    let name = |name: &Option<PlaceName>| name.as_ref().map(|name| name.english.clone());
    let (city, country) =
        facts.place.as_ref().map(|at| (name(&at.city), name(&at.country))).unwrap_or_default();
    let camera = match (&facts.camera_make, &facts.camera_model) {
        (Some(make), Some(model)) if make == "Canon" && model.starts_with("Canon ") => {
            Some(model.clone())
        }
        (Some(make), Some(model)) if make.starts_with("NIKON ") && model.starts_with("NIKON ") => {
            Some(model.clone())
        }
        (Some(make), Some(model)) => Some([make.as_str(), model].join(" ")),
        (make, model) => make.clone().or(model.clone()),
    };
    values.extend(camera.map(|camera| (Facet::Camera, camera)));
    let town = [city.clone(), country.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    values.extend(city.map(|_| (Facet::City, town)));
    values.extend(country.map(|country| (Facet::Country, country)));
    values
}

/// Names of places, as written and by the position.
fn places(record: &PhotoRecord) -> Vec<String> {
    let mut names = record.facts.locations.clone();
    if let Some(place) = &record.facts.place {
        for name in
            [&place.district, &place.city, &place.region, &place.country].into_iter().flatten()
        {
            names.push(name.english.clone());
            names.extend(name.local.clone());
        }
    }
    names
}

/// Whether a phrase stands in a line, where words of four characters at its ends may be parts.
fn line_has(line: &str, phrase: &str) -> bool {
    READINGS.iter().any(|of_phrase| {
        let phrase = words(phrase, *of_phrase);
        let (Some(first), Some(last)) = (phrase.first(), phrase.last()) else { return false };
        let open = |word: &str| word.chars().count() >= 4;
        let wanted = format!(
            "{}{}{}",
            if open(first) { "" } else { "#" },
            phrase.join("#"),
            if open(last) { "" } else { "#" }
        );
        READINGS.iter().any(|r| format!("#{}#", words(line, *r).join("#")).contains(&wanted))
    })
}

/// Folders below the root's parent, and all that was written.
fn texts(record: &PhotoRecord, path: &str) -> Vec<String> {
    let facts = &record.facts;
    let mut texts = facts.tags.clone();
    texts.extend(facts.caption.clone());
    texts.extend(facts.descriptions.iter().cloned());
    texts.extend(facts.generated_caption.clone());
    texts.extend(facts.people.iter().cloned());
    texts.extend(facts.locations.iter().cloned());
    let (folders, _) = path.rsplit_once('/').unwrap_or_default();
    let below = folders.strip_prefix("/home/me/").unwrap_or(folders);
    texts.extend(below.split('/').map(Into::into));
    texts
}

/// Numbers of at least `part` digits at the ends of the phrase may be parts of those in the text.
fn has_run(text: &str, phrase: &str, part: usize) -> bool {
    let is_part = |word: &str| word.len() >= part && word.bytes().all(|b| b.is_ascii_digit());
    let same = |wanted: &[String], place: usize, word: &str| {
        let one = wanted[place].as_str();
        let (first, last) = (place == 0 && is_part(one), place + 1 == wanted.len() && is_part(one));
        match (first, last) {
            (true, true) => word.contains(one),
            (true, false) => word.ends_with(one),
            (false, true) => word.starts_with(one),
            (false, false) => word == one,
        }
    };
    READINGS.iter().any(|of_phrase| {
        let phrase = words(phrase, *of_phrase);
        !phrase.is_empty()
            && READINGS.iter().any(|of_text| {
                let text = words(text, *of_text);
                let mut runs = text.windows(phrase.len());
                runs.any(|run| run.iter().enumerate().all(|(at, word)| same(&phrase, at, word)))
            })
    })
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// The names of a path, and all that follow each other, with slashes between them.
fn some_names(path: &str) -> Vec<String> {
    let names: Vec<&str> = path.split('/').collect();
    let runs = (0..names.len()).flat_map(|from| (from..names.len()).map(move |to| (from, to)));
    runs.map(|(from, to)| names[from..=to].join("/")).collect()
}

/// Whether a pattern without slashes fits all of a text.
fn fits(pattern: &str, text: &str) -> bool {
    fn rest_fits(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            (['*', '*', rest @ ..], _) => (0..=text.len()).any(|n| rest_fits(rest, &text[n..])),
            (['*', rest @ ..], _) => (0..=text.len())
                .take_while(|n| *n == 0 || text[n - 1] != '/')
                .any(|n| rest_fits(rest, &text[n..])),
            (['?', rest @ ..], [c, text @ ..]) => *c != '/' && rest_fits(rest, text),
            ([wanted, rest @ ..], [c, text @ ..]) => wanted == c && rest_fits(rest, text),
            (_, []) => false,
        }
    }
    let chars = |text: &str| fold(text).chars().collect::<Vec<char>>();
    rest_fits(&chars(pattern), &chars(text))
}

fn within<T: PartialOrd>(value: T, min: Option<T>, max: Option<T>) -> bool {
    min.is_none_or(|min| min <= value) && max.is_none_or(|max| value <= max)
}

/// Distance by way of the straight line through the earth: 2 R asin(|a - b| / 2).
fn chord_km(a: Coordinates, b: Coordinates) -> f64 {
    let point = |place: Coordinates| {
        let (latitude, longitude) = (place.latitude.to_radians(), place.longitude.to_radians());
        let level = latitude.cos();
        [level * longitude.cos(), level * longitude.sin(), latitude.sin()]
    };
    let squares = point(a).into_iter().zip(point(b)).map(|(x, y)| (x - y) * (x - y));
    2.0 * 6371.0088 * (squares.sum::<f64>().sqrt() / 2.0).min(1.0).asin()
}
