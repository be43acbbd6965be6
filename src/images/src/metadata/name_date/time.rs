//! The time behind a date in a name.

use super::super::clock;
use super::super::moment::Moment;
use super::tokens::Token;

/// The time behind a date, where there is one, and the token behind both.
pub(super) fn with_time(day: Moment, all: &[Token], at: usize) -> (Moment, usize) {
    let Some(start) = time_start(all, at) else { return (day, at) };
    match time_at(all, start) {
        Some((time, next)) => {
            let timed = day.at(Some(time)).filter(Moment::has_time);
            timed.map_or((day, at), |timed| (timed, next))
        }
        None => (day, at),
    }
}

/// Where the first digits behind a date stand: behind a sign, or short words ("at", "um", "a las").
fn time_start(all: &[Token], at: usize) -> Option<usize> {
    let mut at = at;
    for _ in 0..6 {
        match all.get(at)? {
            Token::Digits(_) => return Some(at),
            Token::Letters(word) if word.chars().count() > 5 => return None,
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
    let (has_second, is_time) = match separator {
        Token::Other("." | ":" | "\u{a789}") => (all.get(at + 3) == Some(&separator), true),
        Token::Other("-" | "_" | " ") => {
            let same = all.get(at + 3) == Some(&separator);
            (same, same && first.len() == 2)
        }
        Token::Letters(word) => (
            matches!(all.get(at + 3), Some(Token::Letters(_))),
            matches!(word, "h" | "H" | "时" | "時"),
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
    }
    let (hour, next) = half_of_day(hour, all, next);
    Some(((hour, minute, second.unwrap_or(0)), next))
}

/// "PM" behind a time, after a blank of any kind or none.
fn half_of_day(hour: u32, all: &[Token], at: usize) -> (u32, usize) {
    let is_blank = matches!(all.get(at), Some(Token::Other(text)) if text.trim().is_empty());
    let at_word = at + usize::from(is_blank);
    match all.get(at_word) {
        Some(Token::Letters(word)) if ["am", "pm"].contains(&word.to_lowercase().as_str()) => {
            (clock::in_24_hours(hour, word), at_word + 1)
        }
        _ => (hour, at),
    }
}
