//! Times of day as they follow a date.

/// A half of the day, for hours up to twelve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Half {
    Morning,
    Afternoon,
}

/// Words for the halves, in front of the time or behind it; in Latin and Greek letters also with points.
const HALVES: [(&str, Half); 17] = [
    ("am", Half::Morning),
    ("pm", Half::Afternoon),
    ("上午", Half::Morning),
    ("凌晨", Half::Morning),
    ("清晨", Half::Morning),
    ("早上", Half::Morning),
    ("下午", Half::Afternoon),
    ("晚上", Half::Afternoon),
    ("午前", Half::Morning),
    ("午後", Half::Afternoon),
    ("오전", Half::Morning),
    ("오후", Half::Afternoon),
    ("öö", Half::Morning),
    ("ös", Half::Afternoon),
    ("πμ", Half::Morning),
    ("μμ", Half::Afternoon),
    ("م", Half::Afternoon),
];

/// Hour, minute and second: "16:20:05", "16-20-05", "16h20", "162005", "04:20:05 PM". A missing
/// second is zero; `None` without a minute. Whether there is such a time is not asked.
pub(super) fn read(text: &str) -> Option<(u32, u32, u32)> {
    let ((hour, minute, second), before, after) = fields(text)?;
    Some((in_24_hours(hour, before, after), minute, second))
}

/// A time as it is written, with what stands before and behind it.
type Written<'a> = ((u32, u32, u32), &'a str, &'a str);

fn fields(text: &str) -> Option<Written<'_>> {
    let (before, text) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
    let (first, rest) = digits(text);
    if first.len() >= 4 {
        let field = |range| first.get(range).and_then(|field: &str| field.parse().ok());
        let second = if first.len() >= 6 { field(4..6)? } else { 0 };
        return Some(((field(0..2)?, field(2..4)?, second), before, rest));
    }
    let (separator, minute, rest) = next(rest)?;
    // A sign, or a second kind of separator, begins the zone.
    if separator.contains('+') {
        return None;
    }
    let is_word = |text: &str| text.chars().all(char::is_alphabetic);
    let (second, rest) = next(rest)
        .filter(|(other, ..)| *other == separator || is_word(other) && is_word(separator))
        .map_or((0, rest), |(_, second, rest)| (second, rest));
    Some(((first.parse().ok()?, minute, second), before, rest))
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

/// The hour of the day, where what stands before or behind the time says which half of it is meant.
pub(super) fn in_24_hours(hour: u32, before: &str, after: &str) -> u32 {
    match half_before(before).or_else(|| half_behind(after)) {
        Some(Half::Morning) if hour == 12 => 0,
        Some(Half::Afternoon) if (1..12).contains(&hour) => hour + 12,
        _ => hour,
    }
}

/// The last letters are such a word, or end with one in a script without blanks.
fn half_before(text: &str) -> Option<Half> {
    let text = text.trim_end().to_lowercase();
    let last = text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let is_one = |word: &str| last == word || word.len() > 4 && last.ends_with(word);
    HALVES.iter().find(|(word, _)| is_one(word)).map(|(_, half)| *half)
}

/// The first letters are such a word, behind the fraction of a second.
fn half_behind(text: &str) -> Option<Half> {
    let fraction = text.strip_prefix(['.', ',']).map(digits);
    let text = fraction.filter(|(digits, _)| !digits.is_empty()).map_or(text, |(_, rest)| rest);
    HALVES.iter().find(|(word, _)| begins_with(text, word)).map(|(_, half)| *half)
}

/// "PM", "p.m.", "p. m.", and no letter behind it.
fn begins_with(text: &str, word: &str) -> bool {
    let mut rest = text.trim_start();
    for (place, letter) in word.chars().enumerate() {
        if place > 0 {
            rest = rest.strip_prefix('.').map_or(rest, str::trim_start);
        }
        let mut chars = rest.chars();
        if !chars.next().is_some_and(|c| c.to_lowercase().eq([letter])) {
            return false;
        }
        rest = chars.as_str();
    }
    !rest.starts_with(char::is_alphabetic)
}
