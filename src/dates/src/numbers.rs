//! Numbers in a sentence: days, years, decades, times of day.

use crate::lexicon::Class;
use crate::meaning::Minute;
use crate::sentence::Sentence;
use crate::tokens::Gap;

/// The first year that a photo can be of.
const FIRST_YEAR: i16 = 1826;

/// What may stand behind the number of a day.
const ORDINALS: [&str; 11] = ["", "st", "nd", "rd", "th", "er", "e", "o", "a", "ste", "de"];

impl Sentence<'_> {
    /// A count in digits or in words.
    pub(crate) fn count(&self, at: usize) -> Option<(usize, i64)> {
        if let Some(number) = self.digits(at, 1..=3) {
            return Some((at + 1, number.into()));
        }
        self.find(at, |class, _| match class {
            Class::Number(number) => Some(number),
            _ => None,
        })
    }

    fn digits(&self, at: usize, lengths: std::ops::RangeInclusive<usize>) -> Option<i16> {
        let text = self.text(at)?;
        let fits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| text.parse().ok()).flatten()
    }

    /// A day of a month: "14", "14th", "1er".
    pub(crate) fn day(&self, at: usize) -> Option<(usize, i8)> {
        let text = self.text(at)?;
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let ordinal = ORDINALS.contains(&&text[digits..]);
        let day = text[..digits].parse().ok().filter(|day| (1..=31).contains(day) && ordinal);
        day.filter(|_| digits < 3).map(|day| (at + 1, day))
    }

    /// A year that photos can be of, up to this one; of two digits behind an apostrophe.
    pub(crate) fn year(&self, at: usize) -> Option<(usize, i16)> {
        let year = match self.gap(at)? {
            Gap::Quote => self.digits(at, 2..=2).map(|year| self.century(year)),
            _ => None,
        };
        let year = year.or_else(|| self.digits(at, 4..=4))?;
        (FIRST_YEAR..=self.today.year()).contains(&year).then_some((at + 1, year))
    }

    /// The last year up to this one that ends in two digits.
    fn century(&self, year: i16) -> i16 {
        let this = self.today.year();
        let of_this = this - this % 100 + year;
        if of_this > this { of_this - 100 } else { of_this }
    }

    /// The first year of a decade: "90s", "1990er", "années 90".
    pub(crate) fn decade(&self, at: usize) -> Option<(usize, i16)> {
        let named = self.find(at, |class, _| match class {
            Class::Decade(year) => Some(year),
            _ => None,
        });
        if let Some((end, year)) = named {
            return Some((self.skip(end, &[Class::DecadeWord]), year));
        }
        if let Some(behind) = self.is(at, &[Class::DecadeWord]) {
            let behind = self.next(behind)?;
            let named = self.find(behind, |class, _| match class {
                Class::DecadeBehind(year) => Some(year),
                _ => None,
            });
            if named.is_some() {
                return named;
            }
            let text = self.text(behind)?;
            return self.decade_of(text).map(|year| (behind + 1, year));
        }
        let text = self.text(at)?;
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let ending = ["s", "er", "ern"].contains(&&text[digits..]);
        let year = self.decade_of(&text[..digits]).filter(|_| ending)?;
        Some((self.skip(at + 1, &[Class::DecadeWord]), year))
    }

    /// Two digits are of the last century, but for those of this one's past decades that nobody
    /// means of the last: "00s", "10s".
    fn decade_of(&self, digits: &str) -> Option<i16> {
        let number: i16 = digits.parse().ok().filter(|number| number % 10 == 0)?;
        let year = match digits.len() {
            2 if number >= 30 => 1900 + number,
            2 if number <= 10 => 2000 + number,
            4 => number,
            _ => return None,
        };
        (FIRST_YEAR - 6..=self.today.year()).contains(&year).then_some(year)
    }

    /// A time of day: "22:00", "10 pm", "10pm", "22h30", "22 Uhr".
    pub(crate) fn clock(&self, at: usize) -> Option<(usize, Minute)> {
        let text = self.text(at)?;
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let hour: u16 = text[..digits].parse().ok().filter(|_| digits < 3)?;
        let (mut end, mut minute, mut plain) = (at + 1, 0, true);
        let mut ending = &text[digits..];
        if ending.is_empty() && self.gap(end) == Some(Gap::Colon) {
            minute = self.digits(end, 2..=2).filter(|minute| *minute < 60)?.cast_unsigned();
            (end, plain) = (end + 1, false);
        } else if let Some(rest) = ending.strip_prefix('h') {
            minute = if rest.is_empty() { 0 } else { rest.parse().ok().filter(|m| *m < 60)? };
            (ending, plain) = ("", false);
        }
        let half = match ending {
            "am" => Some(0),
            "pm" => Some(12),
            "" => None,
            _ => return None,
        };
        let half = half.or_else(|| {
            let (behind, half) = self.find(self.next(end)?, |class, _| match class {
                Class::Am => Some(0),
                Class::Pm => Some(12),
                _ => None,
            })?;
            end = behind;
            Some(half)
        });
        if let Some(behind) = self.then(end, &[Class::OClock]).filter(|_| half.is_none()) {
            (end, plain) = (behind, false);
        }
        let hour = match half {
            Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
            None if hour <= 24 && !plain => hour,
            _ => return None,
        };
        let minutes = hour * 60 + minute;
        (minutes <= 1440).then_some((end, minutes))
    }

    /// An hour without "pm", whose half of the day the end of its range tells.
    pub(crate) fn bare_hour(&self, at: usize) -> Option<(usize, Minute)> {
        let hour = self.digits(at, 1..=2)?.cast_unsigned();
        (hour <= 24).then_some((at + 1, hour * 60))
    }
}
