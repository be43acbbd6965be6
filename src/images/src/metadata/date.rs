//! Dates as cameras and tools write them.

use seer_types::LocalTime;

/// Photography is younger; earlier years are cameras without a clock.
const FIRST_YEAR: u32 = 1820;

/// Reads "2019:07:14 16:20:00" (EXIF) and "2019-07-14T16:20:00.12+02:00" (XMP).
///
/// A missing time is midnight, a missing second is zero, fractions and zones are dropped. Blank
/// and impossible dates, and years before 1820, are `None`.
pub(super) fn parse(text: &str) -> Option<LocalTime> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let (date, time) = match text.find([' ', 'T']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => (text, ""),
    };
    let mut date = date.splitn(3, [':', '-', '/', '.']);
    let year = number(date.next()?)?;
    let (month, day) = (number(date.next()?)?, number(date.next()?)?);
    let clock = time.split(['.', '+', '-', 'Z']).next().unwrap_or("");
    let mut fields = clock.split(':').map(str::trim).filter(|field| !field.is_empty());
    let mut next = || fields.next().map_or(Some(0), number);
    let (hour, minute, second) = (next()?, next()?, next()?);
    if !(FIRST_YEAR..=9999).contains(&year) {
        return None;
    }
    LocalTime::from_civil(year as i32, month, day, hour, minute, second)
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cameras_write_is_read() {
        let cases = [
            ("2019:07:14 16:20:05", "2019-07-14T16:20:05"),
            ("2019:07:14 16:20:05\0", "2019-07-14T16:20:05"),
            ("2019-07-14T16:20:05.123+02:00", "2019-07-14T16:20:05"),
            ("2019-07-14T16:20Z", "2019-07-14T16:20:00"),
            ("2019:07:14", "2019-07-14T00:00:00"),
            ("2019/07/14 6:20:05", "2019-07-14T06:20:05"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn garbage_is_unknown() {
        let cases = [
            "",
            "0000:00:00 00:00:00",
            "    :  :     :  :  ",
            "2019:13:14 00:00:00",
            "2019:02:30 00:00:00",
            "2019:01:01 25:00:00",
            "1601:01:01 00:00:00",
            "99999999999:01:01 00:00:00",
            "yesterday",
            "ÿÿÿÿ:ÿÿ:ÿÿ ÿÿ:ÿÿ:ÿÿ",
        ];
        for text in cases {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
