//! Times of day as they follow a date.

/// Words for the second half of the day, in front of the time or behind it.
const AFTERNOON: [&str; 5] = ["pm", "p.m", "下午", "午後", "오후"];
/// Words for its first half.
const MORNING: [&str; 5] = ["am", "a.m", "上午", "午前", "오전"];

/// Hour, minute and second: "16:20:05", "16-20-05", "16h20", "162005", "04:20:05 PM". A missing
/// second is zero; `None` without a minute. Whether there is such a time is not asked.
pub(super) fn read(text: &str) -> Option<(u32, u32, u32)> {
    let (hour, minute, second) = fields(text)?;
    Some((in_24_hours(hour, text), minute, second))
}

fn fields(text: &str) -> Option<(u32, u32, u32)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (first, rest) = digits(&text[start..]);
    if first.len() >= 4 {
        let field = |range| first.get(range).and_then(|field: &str| field.parse().ok());
        let second = if first.len() >= 6 { field(4..6)? } else { 0 };
        return Some((field(0..2)?, field(2..4)?, second));
    }
    let (separator, minute, rest) = next(rest)?;
    // A sign, or a second kind of separator, begins the zone.
    if separator.contains('+') {
        return None;
    }
    let is_word = |text: &str| text.chars().all(char::is_alphabetic);
    let second = next(rest)
        .filter(|(other, ..)| *other == separator || is_word(other) && is_word(separator))
        .map_or(0, |(_, second, _)| second);
    Some((first.parse().ok()?, minute, second))
}

/// The digits that a text begins with, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// A separator without the blanks around it, and one or two digits.
fn next(text: &str) -> Option<(&str, u32, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (separator, rest) = text.split_at(start);
    let (digits, rest) = digits(rest);
    let separator = separator.trim();
    let is_close = separator.chars().count() == 1 && digits.len() <= 2;
    is_close.then_some(())?;
    Some((separator, digits.parse().ok()?, rest))
}

/// The hour of the day, where the text says which half of it is meant.
pub(super) fn in_24_hours(hour: u32, text: &str) -> u32 {
    let lower = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match hour {
        12 if says(&MORNING) => 0,
        1..12 if says(&AFTERNOON) => hour + 12,
        hour => hour,
    }
}
