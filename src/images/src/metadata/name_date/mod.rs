//! Dates in the names of files: messengers, screenshots and cameras write them there, and often
//! nowhere else.

mod time;
mod tokens;

use seer_types::{DateSource, LocalTime, Taken};

use self::time::with_time;
use self::tokens::{Token, begins_word, ends_time, ends_word, tokens};
use super::clock;
use super::moment::Moment;

/// Names are younger than digital cameras.
const FIRST_YEAR: i32 = 1995;
/// Characters of a name that are looked at.
const LONGEST: usize = 400;
/// Words before milliseconds or seconds since 1970 of which it is known that they are those.
const CLOCKS: [&str; 9] =
    ["mmexport", "img", "image", "camera", "vid", "video", "photo", "picture", "final"];

/// When a picture was taken, by its file's name (with or without the extension); `today` by the
/// clock of this machine.
///
/// Read are year, month and day, with the time behind them or without, from 1995 to tomorrow:
/// `IMG_20190714_162005.jpg`, `IMG-20190714-WA0001.jpg`, `PXL_20190714_162005123.jpg`,
/// `Screenshot 2019-07-14 at 4.20.05 PM.png`, `photo_2019-07-14_16-20-05.jpg`. The day may stand
/// first where it cannot be taken for the month, and does so with points between. Milliseconds since 1970 (`mmexport1563121205123.jpg`)
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
    let (day, next) = match first.len() {
        8 => (day_of(first)?, at + 1),
        // Hours and minutes, seconds, hundredths or milliseconds.
        12 | 14 | 16 | 17 => {
            let time = clock::read(&first[8..first.len().min(14)]);
            let moment = day_of(&first[..8])?.at(time).filter(Moment::has_time)?;
            return ends_time(all, at + 1).then_some(moment);
        }
        10 | 13 => return since_1970(all, at, first),
        1 | 2 | 4 => in_parts(all, at)
            .or_else(|| in_written_parts(all, at))
            .or_else(|| in_halves(all, at))?,
        _ => return None,
    };
    let timed = with_time(day, all, next).map(|(moment, _)| moment);
    timed.or_else(|| ends_word(all, next).then_some(day))
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

/// "2019-07-14", "14.07.2019", and the token behind it.
fn in_parts(all: &[Token], at: usize) -> Option<(Moment, usize)> {
    let [Token::Digits(a), one, Token::Digits(b), two, Token::Digits(c)] = *all.get(at..at + 5)?
    else {
        return None;
    };
    let is_separator = matches!(one, Token::Other("-" | "_" | "." | " " | "/" | ":"));
    if !is_separator || one != two || b.len() > 2 {
        return None;
    }
    let value = |digits: &str| digits.parse::<u32>().ok();
    let (year, (month, day)) = match (a.len(), c.len()) {
        (4, 1 | 2) => (value(a)?, (value(b)?, value(c)?)),
        (1 | 2, 4) if is_day_first(all, at, one) => (value(c)?, (value(b)?, value(a)?)),
        (1 | 2, 4) => (value(c)?, month_and_day(value(a)?, value(b)?)?),
        _ => return None,
    };
    let moment = Moment::new(year, Some(month), Some(day), None).filter(Moment::has_day)?;
    Some((moment, at + 5))
}

/// With points the day comes first, and so it does behind the "@" of Telegram.
fn is_day_first(all: &[Token], at: usize, separator: Token) -> bool {
    let before = at.checked_sub(1).and_then(|before| all.get(before));
    separator == Token::Other(".")
        || matches!(before, Some(Token::Other(text)) if text.ends_with('@'))
}

/// "2019年7月14日", "2019년 7월 14일", and the token behind it.
fn in_written_parts(all: &[Token], at: usize) -> Option<(Moment, usize)> {
    let (year, next) = number_before(all, at, ["年", "년"])?;
    let (month, next) = number_before(all, next, ["月", "월"])?;
    let (day, next) = number_at(all, next)?;
    let has_word = matches!(all.get(next), Some(Token::Letters("日" | "일")));
    let moment = Moment::new(year, Some(month), Some(day), None).filter(Moment::has_day)?;
    Some((moment, next + usize::from(has_word)))
}

/// A number before one of these words, and the token behind both.
fn number_before(all: &[Token], at: usize, words: [&str; 2]) -> Option<(u32, usize)> {
    let (value, next) = number_at(all, at)?;
    let is_word = matches!(all.get(next), Some(Token::Letters(word)) if words.contains(word));
    is_word.then_some((value, next + 1))
}

/// A number, behind a blank or not, and the token behind it.
fn number_at(all: &[Token], at: usize) -> Option<(u32, usize)> {
    let at = at + usize::from(all.get(at) == Some(&Token::Other(" ")));
    match *all.get(at)? {
        Token::Digits(digits) if digits.len() <= 4 => Some((digits.parse().ok()?, at + 1)),
        _ => None,
    }
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
    with_time(date, all, at + 3).map(|_| (date, at + 3))
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
        13 if digits.starts_with('1') && !is_among_ids(all, at) => value / 1000,
        10 if is_known => value,
        _ => return None,
    };
    if !ends_word(all, at + 1) {
        return None;
    }
    let (year, month, day, hour, minute, second) = LocalTime::from_seconds(seconds).civil();
    Moment::new(u32::try_from(year).ok()?, Some(month), Some(day), Some((hour, minute, second)))
}

/// Whether a number stands beside others as long, or before the letter that names a size: then it is the
/// number of a photo, as Facebook gives them ("24301_1382013453211_1208303244_n.jpg").
fn is_among_ids(all: &[Token], at: usize) -> bool {
    let is_long = |(place, token): (usize, &Token)| {
        place != at && matches!(token, Token::Digits(digits) if digits.len() > 4)
    };
    let names_size = matches!(
        all.get(at + 1..at + 3),
        Some([Token::Other("_"), Token::Letters("n" | "o" | "s" | "a" | "b" | "t" | "q")])
    );
    names_size || all.iter().enumerate().any(is_long)
}

#[cfg(test)]
mod tests;
