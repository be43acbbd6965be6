//! What a person writes for a position: numbers, or the name of a place.

use std::fmt;

use seer_types::Coordinates;

use crate::find::{FoundPlace, find};

/// What was meant.
#[derive(Clone, PartialEq, Debug)]
pub enum Near {
    /// A position in numbers.
    Position(Coordinates),
    /// Places of that name, the best known first; at least one.
    Places(Vec<FoundPlace>),
}

/// Why a text is neither a position nor the name of a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NearError {
    /// Two numbers that are no position.
    OutOfRange,
    /// No place has the name.
    Unknown(String),
}

impl std::error::Error for NearError {}

impl fmt::Display for NearError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NearError::OutOfRange => f.write_str(
                "a position is LATITUDE,LONGITUDE in degrees, from -90 to 90 and from -180 to 180",
            ),
            NearError::Unknown(name) => write!(
                f,
                "no place named {name:?} is known; try a larger town nearby, or LATITUDE,LONGITUDE"
            ),
        }
    }
}

/// Reads "38.7,-9.1", "38.7 -9.1", "38.7° N, 9.1° W", "lisbon", "lisbon, portugal".
pub fn position_or_place(text: &str) -> Result<Near, NearError> {
    if let Some((latitude, longitude)) = numbers(text) {
        let good = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        let position = Near::Position(Coordinates { latitude, longitude });
        return good.then_some(position).ok_or(NearError::OutOfRange);
    }
    let places = find(text);
    if places.is_empty() {
        return Err(NearError::Unknown(text.trim().to_owned()));
    }
    Ok(Near::Places(places))
}

/// Two numbers with a comma, a semicolon or blanks between them, each with an optional letter of the
/// side of the earth.
fn numbers(text: &str) -> Option<(f64, f64)> {
    let text = text.trim();
    let (first, second) = match text.split_once([',', ';']) {
        Some(two) => two,
        None => text.split_once(|c: char| c.is_whitespace() && !text.contains('°'))?,
    };
    Some((number(first, 'N', 'S')?, number(second, 'E', 'W')?))
}

/// A number with a letter of a side of the earth before or behind it.
fn number(text: &str, plus: char, minus: char) -> Option<f64> {
    let is = |c: char, side: char| c.eq_ignore_ascii_case(&side);
    let text = text.trim().replace('−', "-");
    let bare = text.trim_matches(|c: char| c.is_whitespace() || is(c, plus) || is(c, minus));
    let bare = bare.trim_end_matches('°');
    let number: f64 = bare.parse().ok()?;
    let turned = text.len() > bare.len() && text.chars().any(|c| is(c, minus));
    (number.is_finite() && bare.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)))
        .then_some(if turned { -number } else { number })
}
