//! Dates as cameras and programs write them, in one way or another.

use seer_types::LocalTime;

use super::clock;
use super::moment::Moment;

/// Photography is younger; earlier years are cameras without a clock.
const FIRST_YEAR: u32 = 1820;
/// Characters that are looked at.
const LONGEST: usize = 100;

/// The names of the months in English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic
/// languages and Polish; the first three letters are enough, and so are the forms of three.
const MONTHS: [&[&str]; 12] = [
    &["january", "jänner", "enero", "gennaio", "styczeń", "stycznia"],
    &["february", "février", "fevereiro", "luty", "lutego"],
    &["march", "märz", "mrz", "maart", "mrt", "março", "marzo", "marzec", "marca"],
    &["april", "avril", "abril", "kwiecień", "kwietnia"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj", "maja"],
    &["june", "juni", "juin", "giugno", "junho", "czerwiec", "czerwca"],
    &["july", "juli", "juillet", "luglio", "lipiec", "lipca"],
    &["august", "août", "agosto", "sierpień", "sierpnia"],
    &["september", "settembre", "setembro", "wrzesień", "września"],
    &["october", "oktober", "ottobre", "outubro", "październik", "października"],
    &["november", "listopad", "listopada"],
    &[
        "december",
        "dezember",
        "décembre",
        "diciembre",
        "dicembre",
        "dezembro",
        "desember",
        "grudzień",
        "grudnia",
    ],
];

/// Reads "2019:07:14 16:20:00" (EXIF), "2019-07-14T16:20:00.12+02:00" (XMP), "20190714" (IPTC),
/// "Sun, 14 Jul 2019 16:20:00 GMT" (PNG), "14.07.2019 4:20 PM" and their like.
///
/// What is missing, blank or impossible is unknown, and what stands before it is kept: a year alone
/// is a date. Days and months that could be either way round are unknown. Fractions and zones are
/// dropped. `None` without a year, and for years before 1820.
pub(super) fn parse(text: &str) -> Option<Moment> {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let text = text[..end].trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let moment = in_columns(text)
        .or_else(|| with_month_name(text))
        .or_else(|| in_numbers(text, &groups(text)))?;
    (moment.year() >= FIRST_YEAR).then_some(moment)
}

/// "2019:07:14 ...", where blanks stand for what is not known.
fn in_columns(text: &str) -> Option<Moment> {
    let field = |range: std::ops::Range<usize>| number(text.get(range)?.trim());
    let (first, second) = (text.get(4..5)?, text.get(7..8)?);
    if first != second || !matches!(first, ":" | "-" | "/" | "." | " ") {
        return None;
    }
    let is_column = |range: std::ops::Range<usize>| {
        text.get(range).is_some_and(|field| field.chars().all(|c| c == ' ' || c.is_ascii_digit()))
    };
    // A third column is two characters wide and ends there.
    let is_wider = text.as_bytes().get(10).is_some_and(u8::is_ascii_digit);
    if !is_column(5..7) || is_wider {
        return None;
    }
    let day = if is_column(8..10) { field(8..10) } else { field(8..9) };
    let rest = text.get(10..).unwrap_or("");
    let has_hour = !rest.trim_start().starts_with(':');
    let time = if has_hour { clock::read(rest) } else { None };
    Moment::new(number(&text[..4])?, field(5..7), day, time)
}

/// A run of digits and where it begins.
#[derive(Clone, Copy)]
struct Group<'a> {
    digits: &'a str,
    start: usize,
}

impl Group<'_> {
    fn end(&self) -> usize {
        self.start + self.digits.len()
    }
}

fn groups(text: &str) -> Vec<Group<'_>> {
    let mut all = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().chain([b' ']).enumerate() {
        match (byte.is_ascii_digit(), start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                all.push(Group { digits: &text[begin..at], start: begin });
                start = None;
            }
            _ => {}
        }
    }
    all
}

/// Digits alone, in whichever order the length of the first ones suggests.
fn in_numbers(text: &str, all: &[Group]) -> Option<Moment> {
    let first = all.first()?;
    match first.digits.len() {
        4 => year_first(text, all),
        6 | 8 | 12 | 14 => run_together(text, first),
        10 | 13 if first.digits.starts_with('1') => since_1970(first.digits),
        1 | 2 => year_last(text, all),
        _ => None,
    }
}

/// "2019-7-4 ...", "2019年7月4日 ...".
fn year_first(text: &str, all: &[Group]) -> Option<Moment> {
    // A time may follow what is known of the date.
    let is_date = |group: &&Group| {
        let before = &text[..group.start];
        group.digits.len() <= 2 && !before.ends_with(['T', 't'])
    };
    let field = |at: usize| all.get(at).filter(is_date);
    let month = field(1);
    let day = month.and_then(|_| field(2));
    let last = day.or(month).unwrap_or(&all[0]);
    let value = |group: Option<&Group>| group.and_then(|group| number(group.digits));
    let time = clock::read(&text[last.end()..]);
    Moment::new(number(all[0].digits)?, value(month), value(day), time)
}

/// "20190714 ...", "20190714162000", "201907".
fn run_together(text: &str, group: &Group) -> Option<Moment> {
    let (date, time) = group.digits.split_at(group.digits.len().min(8));
    let rest = &text[group.end()..];
    let time = if time.is_empty() { clock::read(rest) } else { clock::read(time) };
    let field = |range| number(date.get(range)?);
    Moment::new(field(0..4)?, field(4..6), field(6..8), time)
}

/// Seconds or milliseconds since 1970, in UTC.
fn since_1970(digits: &str) -> Option<Moment> {
    let seconds: i64 = digits.get(..10)?.parse().ok()?;
    let (year, month, day, hour, minute, second) = LocalTime::from_seconds(seconds).civil();
    Moment::new(u32::try_from(year).ok()?, Some(month), Some(day), Some((hour, minute, second)))
}

/// "14.07.2019 ...", "7/14/2019 ...".
fn year_last(text: &str, all: &[Group]) -> Option<Moment> {
    let [first, second, year, ..] = all else { return None };
    let (a, b) = (number(first.digits)?, number(second.digits)?);
    // Of two digits it could be the day of a date that begins with the year.
    let is_year = match year.digits.len() {
        4 => true,
        2 => a <= 12 && b > 12 && text[first.end()..].starts_with('/'),
        _ => false,
    };
    if !is_year {
        return None;
    }
    let has_points = text[first.end()..].starts_with('.');
    let (month, day) = match (a, b) {
        (13.., _) => (Some(b), Some(a)),
        (_, 13..) => (Some(a), Some(b)),
        _ if a == b || has_points => (Some(b), Some(a)),
        _ => (None, None),
    };
    Moment::new(whole_year(year.digits)?, month, day, clock::read(&text[year.end()..]))
}

/// "Sun, 14 Jul 2019 16:20:00 GMT", "Sun Jul 14 16:20:00 2019", "July 14, 2019".
fn with_month_name(text: &str) -> Option<Moment> {
    let words = text.split(|c: char| !c.is_alphabetic());
    // Some weekdays in front of the date are spelled like months: "mar", for "martes".
    let month = words.filter(|word| word.chars().count() >= 3).filter_map(month_of).next_back()?;
    let all = groups(text);
    let clock_at = all.windows(2).find(|pair| &text[pair[0].end()..pair[1].start] == ":");
    let clock_at = clock_at.map_or(text.len(), |pair| pair[0].start);
    let mut short = all.iter().filter(|group| group.digits.len() <= 2 && group.start < clock_at);
    let day = short.next();
    let year = all.iter().find(|group| group.digits.len() == 4).or_else(|| short.next())?;
    let time = clock::read(&text[clock_at..]);
    let day = day.and_then(|day| number(day.digits));
    Moment::new(whole_year(year.digits)?, Some(month as u32 + 1), day, time)
}

/// The month, from 0, that a word in lower or upper case names or abbreviates.
fn month_of(word: &str) -> Option<usize> {
    let word = word.to_lowercase();
    MONTHS.iter().position(|names| names.iter().any(|name| name.starts_with(&word)))
}

/// A year of two digits is one from 1970 to 2069.
fn whole_year(digits: &str) -> Option<u32> {
    match (digits.len(), number(digits)?) {
        (2, year @ 70..) => Some(1900 + year),
        (2, year) => Some(2000 + year),
        (_, year) => Some(year),
    }
}

fn number(digits: &str) -> Option<u32> {
    let are_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if are_digits { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seer_types::DateSource;

    fn read(text: &str) -> Option<String> {
        Some(parse(text)?.taken(DateSource::ExifOriginal)?.to_string())
    }

    #[test]
    fn what_cameras_and_programs_write_is_read() {
        let cases = [
            ("2019:07:14 16:20:05", "2019-07-14T16:20:05"),
            ("2019:07:14 16:20:05\0", "2019-07-14T16:20:05"),
            ("2019-07-14T16:20:05.123+02:00", "2019-07-14T16:20:05"),
            ("2019-07-14T16:20Z", "2019-07-14T16:20:00"),
            ("2019-07-14T16:20-05:00", "2019-07-14T16:20:00"),
            ("2019/07/14 6:20:05", "2019-07-14T06:20:05"),
            ("2019: 7: 4  6:20: 5", "2019-07-04T06:20:05"),
            ("2019-7-4 16:20:05", "2019-07-04T16:20:05"),
            ("2019.07.14 16.20.05", "2019-07-14T16:20:05"),
            ("2019-07-14 16-20-05", "2019-07-14T16:20:05"),
            ("2019:07:14 16:20:05 DST", "2019-07-14T16:20:05"),
            ("2019:07:14 16:20:05ÿÿÿ", "2019-07-14T16:20:05"),
            ("2013:07:14 04:20:05 PM", "2013-07-14T16:20:05"),
            ("2013:07:14 12:20:05 a.m.", "2013-07-14T00:20:05"),
            ("2013:07:14 下午 4:20:05", "2013-07-14T16:20:05"),
            ("2013:07:14 오전 4:20:05", "2013-07-14T04:20:05"),
            ("2016:07:14 24:15:30", "2016-07-14T00:15:30"),
            ("2016:12:31 23:59:60", "2016-12-31T23:59:59"),
            ("20190714", "2019-07-14"),
            ("20190714162005", "2019-07-14T16:20:05"),
            ("20190714T162005Z", "2019-07-14T16:20:05"),
            ("20040226 093646+0100", "2004-02-26T09:36:46"),
            ("2019年7月4日 16时20分05秒", "2019-07-04T16:20:05"),
            ("Sun, 14 Jul 2019 16:20:05 +0200", "2019-07-14T16:20:05"),
            ("Sun Jul 14 16:20:05 2019", "2019-07-14T16:20:05"),
            ("Sun 14 July 2019 04:20:05 PM CEST", "2019-07-14T16:20:05"),
            ("July 4, 2019", "2019-07-04"),
            ("14 Jul 19 16:20:05 GMT", "2019-07-14T16:20:05"),
            ("1563121205", "2019-07-14T16:20:05"),
            ("14-Jul-2019 16:20", "2019-07-14T16:20:00"),
            ("7/14/2019 4:20 PM", "2019-07-14T16:20:00"),
            ("04.07.2019 16:20:05", "2019-07-04T16:20:05"),
            ("2019. 7. 14. 16:20:05", "2019-07-14T16:20:05"),
            ("2019: 7: 14 16:20:05", "2019-07-14T16:20:05"),
            ("2019/ 7/ 24 10:00", "2019-07-24T10:00:00"),
            ("2019-07- 14", "2019-07-14"),
            ("2019:07:14 12:20:05 Amsterdam", "2019-07-14T12:20:05"),
            ("2019:07:14 12:20:05 America/Lima", "2019-07-14T12:20:05"),
            ("Sun, 14 Jul 2019 12:20:05 AMT", "2019-07-14T12:20:05"),
            ("2019:07:14 04:20:05.123 p. m.", "2019-07-14T16:20:05"),
            ("14 Mär 2019 16:20:05", "2019-03-14T16:20:05"),
            ("So 12 Mai 2019 16:20:05 CEST", "2019-05-12T16:20:05"),
            ("dim. 14 juil. 2019 16:20:05", "2019-07-14T16:20:05"),
            ("mar 16 jul 2019 16:20:05 CEST", "2019-07-16T16:20:05"),
            ("14. Juli 2019 16:20:05", "2019-07-14T16:20:05"),
            ("gio 04 ott 2018 09:00:00", "2018-10-04T09:00:00"),
            ("7/14/19 16:20:05", "2019-07-14T16:20:05"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_good_of_a_date_stays() {
        let cases = [
            ("1976", "1976"),
            ("1993:07", "1993-07"),
            ("1993-07", "1993-07"),
            ("1993:00:00 00:00:00", "1993"),
            ("1993:07:00 00:00:00", "1993-07"),
            ("1993:  :     :  :  ", "1993"),
            ("1993:07:   16:20:05", "1993-07"),
            ("2019:07:14", "2019-07-14"),
            ("2019:07:14   :  :  ", "2019-07-14"),
            ("2019:07:14   :20:05", "2019-07-14"),
            ("2019:01:01 25:00:00", "2019-01-01"),
            ("2019:01:01 11:61:00", "2019-01-01"),
            ("2019:01:01 noon", "2019-01-01"),
            ("2019:02:30 10:00:00", "2019-02"),
            ("2019:13:14 00:00:00", "2019"),
            ("04/07/2019", "2019"),
            ("1993-07T16:20", "1993-07"),
            ("July 2019", "2019-07"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn garbage_is_unknown() {
        let cases = [
            "",
            "0000:00:00 00:00:00",
            "0000:07:14 00:00:00",
            "    :  :     :  :  ",
            "1601:01:01 00:00:00",
            "99999999999:01:01 00:00:00",
            "yesterday",
            "may",
            "ÿÿÿÿ:ÿÿ:ÿÿ ÿÿ:ÿÿ:ÿÿ",
            "12:30",
            "äöüß:äö:äö",
            "19/07/14",
            "07/08/09",
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
