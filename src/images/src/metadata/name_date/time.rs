//! The time behind a date in a name.

use super::super::clock;
use super::super::moment::Moment;
use super::tokens::{Token, ends_time, joined};

/// Words before a time that are longer than others ("um", "at", "a las").
const LONG_WORDS: [&str; 3] = ["klokken", "klokka", "klukkan"];

/// The time behind a date, where there is one and the name may go on behind it, and the token behind it.
pub(super) fn with_time(day: Moment, all: &[Token], at: usize) -> Option<(Moment, usize)> {
    let (time, next) = time_at(all, time_start(all, at)?)?;
    let timed = day.at(Some(time)).filter(Moment::has_time)?;
    ends_time(all, next).then_some((timed, next))
}

/// Where the first digits behind a date stand: behind a sign, or short words.
fn time_start(all: &[Token], at: usize) -> Option<usize> {
    let is_long = |word: &str| {
        word.chars().count() > 5 && !LONG_WORDS.contains(&word.to_lowercase().as_str())
    };
    let mut at = at;
    // "a la(s) " are seven.
    for _ in 0..8 {
        match all.get(at)? {
            Token::Digits(_) => return Some(at),
            Token::Letters(word) if is_long(word) => return None,
            Token::Other(between) if between.chars().count() > 3 => return None,
            _ => at += 1,
        }
    }
    None
}

/// "162005", "162005123", "16.20.05", "4.20.05 PM", "16-20-05", "16h20m05s".
fn time_at(all: &[Token], at: usize) -> Option<((u32, u32, u32), usize)> {
    let Token::Digits(first) = *all.get(at)? else { return None };
    if matches!(first.len(), 6 | 9) {
        return Some((clock::read(&first[..6])?, at + 1));
    }
    if first.len() > 2 {
        return None;
    }
    let hour: u32 = first.parse().ok()?;
    let two_digits = |at: usize| match all.get(at) {
        Some(Token::Digits(text)) if text.len() == 2 => text.parse::<u32>().ok(),
        _ => None,
    };
    let separator = *all.get(at + 1)?;
    let minute = two_digits(at + 2)?;
    let is_repeated = all.get(at + 3) == Some(&separator);
    let is_two_digits = first.len() == 2;
    let (has_second, is_time) = match separator {
        Token::Other("." | ":" | "\u{a789}") => (is_repeated, true),
        Token::Other("-" | "_" | " ") => {
            (is_repeated, is_repeated && (is_two_digits || says_half(all, at, at + 5)))
        }
        Token::Letters(word) => (
            matches!(all.get(at + 3), Some(Token::Letters(_))),
            matches!(word, "h" | "H" | "时" | "時" | "点" | "點"),
        ),
        _ => return None,
    };
    let second = if has_second { two_digits(at + 4) } else { None };
    let is_whole =
        second.is_some() || matches!(separator, Token::Other("." | ":") | Token::Letters(_));
    if !is_time || !is_whole {
        return None;
    }
    let mut next = if second.is_some() { at + 5 } else { at + 3 };
    if matches!((separator, all.get(next)), (Token::Letters(_), Some(Token::Letters(_)))) {
        next += 1;
        // Milliseconds.
        next += usize::from(matches!(all.get(next), Some(Token::Digits(text)) if text.len() == 3));
    }
    let hour = in_24_hours(hour, all, at, next);
    Some(((hour, minute, second.unwrap_or(0)), next))
}

/// The hour of the day of a time from token `at` to token `next`.
fn in_24_hours(hour: u32, all: &[Token], at: usize, next: usize) -> u32 {
    let before = joined(&all[at.saturating_sub(2)..at]);
    let behind = joined(&all[next.min(all.len())..(next + 4).min(all.len())]);
    clock::in_24_hours(hour, &before, &behind)
}

/// Whether such a time says which half of the day it is in.
fn says_half(all: &[Token], at: usize, next: usize) -> bool {
    in_24_hours(1, all, at, next) != 1 || in_24_hours(12, all, at, next) != 12
}
