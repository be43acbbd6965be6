//! Dates in the names of files: messengers, screenshots and cameras write them there, and often
//! nowhere else.

mod time;
mod tokens;

use seer_types::{DateSource, LocalTime, Taken};

use self::time::with_time;
use self::tokens::{Token, begins_word, ends_word, tokens};
use super::clock;
use super::moment::Moment;

/// Names are younger than digital cameras.
const FIRST_YEAR: i32 = 1995;
/// Characters of a name that are looked at.
const LONGEST: usize = 400;
/// Words before milliseconds or seconds since 1970 of which it is known that they are those.
const CLOCKS: [&str; 8] =
    ["mmexport", "img", "image", "camera", "vid", "video", "photo", "picture"];

/// When a picture was taken, by its file's name (with or without the extension); `today` by the
/// clock of this machine.
///
/// Read are year, month and day, with the time behind them or without, from 1995 to tomorrow:
/// `IMG_20190714_162005.jpg`, `IMG-20190714-WA0001.jpg`, `PXL_20190714_162005123.jpg`,
/// `Screenshot 2019-07-14 at 4.20.05 PM.png`, `photo_2019-07-14_16-20-05.jpg`. The day may stand
/// first where it cannot be taken for the month. Milliseconds since 1970 (`mmexport1563121205123.jpg`)
/// are UTC. Digits that are part of a longer number or of a mix of letters and digits are no
/// date. The first one with a time counts, else the first one.
pub fn date_from_name(name: &str, today: LocalTime) -> Option<Taken> {
    let all = tokens(stem(name));
    let found = (0..all.len()).filter_map(|at| {
        let taken = date_at(&all, at)?.taken(DateSource::FileName)?;
        let tomorrow = LocalTime::from_seconds(today.seconds().saturating_add(86_400));
        let is_past = taken.start.civil().0 >= FIRST_YEAR && taken.start <= end_of_day(tomorrow);
        is_past.then_some(taken)
    });
    // Of equals the last one is taken.
    found.rev().max_by_key(|taken| taken.precision)
}

fn end_of_day(time: LocalTime) -> LocalTime {
    LocalTime::from_seconds(time.seconds().div_euclid(86_400) * 86_400 + 86_399)
}

/// The name without its extension, which has a letter.
fn stem(name: &str) -> &str {
    let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(at, _)| at);
    let name = &name[..end];
    match name.rsplit_once('.') {
        Some((stem, extension)) if extension.contains(|c: char| c.is_ascii_alphabetic()) => stem,
        _ => name,
    }
}

/// The date that begins with this token.
fn date_at(all: &[Token], at: usize) -> Option<Moment> {
    let Token::Digits(first) = *all.get(at)? else { return None };
    if !begins_word(all, at) {
        return None;
    }
    let (moment, next) = match first.len() {
        8 => with_time(day_of(first)?, all, at + 1),
        // Hours and minutes, seconds, milliseconds.
        12 | 14 | 17 => {
            let time = clock::read(&first[8..first.len().min(14)]);
            (day_of(&first[..8])?.at(time).filter(Moment::has_time)?, at + 1)
        }
        10 | 13 => return since_1970(all, at, first),
        1 | 2 | 4 => {
            let (day, next) = in_parts(all, at).or_else(|| in_halves(all, at))?;
            with_time(day, all, next)
        }
        _ => return None,
    };
    ends_word(all, next).then_some(moment)
}

/// Year, month and day together, or day and month before the year.
fn day_of(digits: &str) -> Option<Moment> {
    let field = |range: std::ops::Range<usize>| digits.get(range)?.parse().ok();
    let day = |year: u32, month, day| {
        let moment = Moment::new(year, Some(month), Some(day), None)?;
        (year >= FIRST_YEAR as u32 && moment.has_day()).then_some(moment)
    };
    let (year, month) = (field(0..4)?, field(4..6)?);
    day(year, month, field(6..8)?).or_else(|| {
        let (month, date) = month_and_day(field(0..2)?, field(2..4)?)?;
        day(field(4..8)?, month, date)
    })
}

/// Two numbers of which one can only be the day.
fn month_and_day(a: u32, b: u32) -> Option<(u32, u32)> {
    match (a, b) {
        (13..=31, 1..=12) => Some((b, a)),
        (1..=12, 13..=31) => Some((a, b)),
        _ if a == b => Some((a, b)),
        _ => None,
    }
}

/// "2019-07-14", "14.07.2019", "2019年7月14日", and the token behind it.
fn in_parts(all: &[Token], at: usize) -> Option<(Moment, usize)> {
    let [Token::Digits(a), one, Token::Digits(b), two, Token::Digits(c)] = *all.get(at..at + 5)?
    else {
        return None;
    };
    let is_written_out = (one, two) == (Token::Letters("年"), Token::Letters("月"));
    let is_separator = matches!(one, Token::Other("-" | "_" | "." | " " | "/" | ":"));
    if !(is_written_out || is_separator && one == two) || b.len() > 2 {
        return None;
    }
    let value = |digits: &str| digits.parse::<u32>().ok();
    let (year, (month, day)) = match (a.len(), c.len()) {
        (4, 1 | 2) => (value(a)?, (value(b)?, value(c)?)),
        (1 | 2, 4) => (value(c)?, month_and_day(value(a)?, value(b)?)?),
        _ => return None,
    };
    let moment = Moment::new(year, Some(month), Some(day), None).filter(Moment::has_day)?;
    let is_day = matches!(all.get(at + 5), Some(Token::Letters("日")));
    Some((moment, at + 5 + usize::from(is_written_out && is_day)))
}

/// "2019_0714" in front of a time, as cameras in cars write it.
fn in_halves(all: &[Token], at: usize) -> Option<(Moment, usize)> {
    let [Token::Digits(year), Token::Other("_" | "-"), Token::Digits(day)] =
        *all.get(at..at + 3)?
    else {
        return None;
    };
    let is_date = year.len() == 4 && day.len() == 4;
    let date = day_of(&format!("{year}{day}")).filter(|_| is_date)?;
    with_time(date, all, at + 3).0.has_time().then_some((date, at + 3))
}

/// Milliseconds since 1970, or seconds behind a word that says so.
fn since_1970(all: &[Token], at: usize, digits: &str) -> Option<Moment> {
    let word_before = all[..at].iter().rev().find_map(|token| match token {
        Token::Letters(word) => Some(word.to_lowercase()),
        _ => None,
    });
    let is_known = word_before.is_some_and(|word| CLOCKS.contains(&word.as_str()));
    let value: i64 = digits.parse().ok()?;
    let seconds = match digits.len() {
        13 if digits.starts_with('1') => value / 1000,
        10 if is_known => value,
        _ => return None,
    };
    if !ends_word(all, at + 1) {
        return None;
    }
    let (year, month, day, hour, minute, second) = LocalTime::from_seconds(seconds).civil();
    Moment::new(u32::try_from(year).ok()?, Some(month), Some(day), Some((hour, minute, second)))
}

#[cfg(test)]
mod tests;
