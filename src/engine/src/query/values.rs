//! Values of filters: dates, numbers, sizes, places.

use seer_types::LocalTime;

/// What [`date_range`] reads, or `2008..2010`, `2019-07..`, `..2019-07-14`, both ends included: from the
/// first second to the first second after.
pub(super) fn dates(text: &str) -> Result<(Option<LocalTime>, Option<LocalTime>), String> {
    let Some((first, last)) = text.split_once("..") else {
        return date_range(text).map(|(from, until)| (Some(from), Some(until)));
    };
    let end = |text: &str| match text.trim() {
        "" => Ok(None),
        date => date_range(date).map(Some),
    };
    match (end(first)?.map(|(from, _)| from), end(last)?.map(|(_, until)| until)) {
        (None, None) => Err("\"..\" stands between two dates, as in 2008..2010".to_owned()),
        (Some(from), Some(until)) if from >= until => {
            Err(format!("\"{text}\" ends before it begins; write the earlier date first"))
        }
        ends => Ok(ends),
    }
}

/// `2019`, `2019-07` or `2019-07-14`: from its first second to the first second after it.
pub(super) fn date_range(text: &str) -> Result<(LocalTime, LocalTime), String> {
    let wrong = || format!("\"{text}\" is no date; write 2019, 2019-07 or 2019-07-14");
    let parts: Vec<u32> = text
        .split('-')
        .map(|part| part.parse().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())))
        .collect::<Option<_>>()
        .ok_or_else(wrong)?;
    if text.split('-').next().map(str::len) != Some(4) {
        return Err(wrong());
    }
    let at = |y: u32, m: u32, d: u32| {
        LocalTime::from_civil(i32::try_from(y).unwrap_or(0), m, d, 0, 0, 0).ok_or_else(wrong)
    };
    match parts[..] {
        [y] => Ok((at(y, 1, 1)?, at(y + 1, 1, 1)?)),
        [y, m] => {
            let until = if m == 12 { at(y + 1, 1, 1)? } else { at(y, m + 1, 1)? };
            Ok((at(y, m, 1)?, until))
        }
        [y, m, d] => {
            let from = at(y, m, d)?;
            Ok((from, LocalTime::from_seconds(from.seconds() + 86_400)))
        }
        _ => Err(wrong()),
    }
}

type Range<T> = (Option<T>, Option<T>);

/// `>100`, `>=100`, `<100`, `<=100`, `100..200`, `100`: inclusive bounds.
pub(super) fn number_range(text: &str) -> Result<Range<u32>, String> {
    let wrong = || format!("\"{text}\" is no number; write >1000, <1000, 1000..2000 or 1000");
    let number = |t: &str| t.trim().parse::<u32>().ok().map(u64::from);
    let (min, max) = range(text, number).ok_or_else(wrong)?;
    Ok((min.map(to_u32), max.map(to_u32)))
}

fn to_u32(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Like [`number_range`] with `kb`, `mb`, `gb` (powers of 1000): `>2mb`, `<500kb`.
pub(super) fn size_range(text: &str) -> Result<Range<u64>, String> {
    let wrong = || format!("\"{text}\" is no size; write >2mb, <500kb or 1mb..5mb");
    range(text, bytes).ok_or_else(wrong)
}

fn bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let factor = match unit {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        _ => return None,
    };
    let number: f64 = text[..text.len() - unit.len()].parse().ok()?;
    Some((number * factor) as u64)
}

fn range(text: &str, number: impl Fn(&str) -> Option<u64>) -> Option<Range<u64>> {
    if let Some(rest) = text.strip_prefix(">=") {
        return Some((Some(number(rest)?), None));
    }
    if let Some(rest) = text.strip_prefix("<=") {
        return Some((None, Some(number(rest)?)));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return Some((Some(number(rest)?.saturating_add(1)), None));
    }
    if let Some(rest) = text.strip_prefix('<') {
        return Some((None, Some(number(rest)?.checked_sub(1)?)));
    }
    if let Some((from, to)) = text.split_once("..") {
        return Some((Some(number(from)?), Some(number(to)?)));
    }
    let exact = number(text)?;
    Some((Some(exact), Some(exact)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str) -> (String, String) {
        let (from, until) = date_range(text).unwrap();
        (from.to_string(), until.to_string())
    }

    #[test]
    fn dates_span_what_they_name() {
        assert_eq!(dates("2019"), ("2019-01-01T00:00:00".into(), "2020-01-01T00:00:00".into()));
        assert_eq!(dates("2019-12"), ("2019-12-01T00:00:00".into(), "2020-01-01T00:00:00".into()));
        let ends = |text: &str| {
            let (from, until) = super::dates(text).unwrap();
            let day = |time: Option<LocalTime>| time.map(|time| time.to_string()[..10].to_owned());
            (day(from).unwrap_or_default(), day(until).unwrap_or_default())
        };
        assert_eq!(ends("2008..2010"), ("2008-01-01".into(), "2011-01-01".into()));
        assert_eq!(ends("2019-07 .. 2019-07-14"), ("2019-07-01".into(), "2019-07-15".into()));
        assert_eq!(ends("2008.."), ("2008-01-01".into(), String::new()));
        assert_eq!(ends("..2008"), (String::new(), "2009-01-01".into()));
        for wrong in ["..", "2010..2008", "2008..x", "x..", "2008...2009"] {
            assert!(super::dates(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            dates("2020-02-29"),
            ("2020-02-29T00:00:00".into(), "2020-03-01T00:00:00".into())
        );
        for wrong in ["19", "2019-13", "2019-02-30", "2019-1-1-1", "x", "", "+2019", "2019-"] {
            assert!(date_range(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn bounds_are_inclusive() {
        assert_eq!(number_range(">100"), Ok((Some(101), None)));
        assert_eq!(number_range("<=100"), Ok((None, Some(100))));
        assert_eq!(number_range("5..9"), Ok((Some(5), Some(9))));
        assert_eq!(number_range("7"), Ok((Some(7), Some(7))));
        assert!(number_range("<0").is_err());
        assert_eq!(size_range(">2mb"), Ok((Some(2_000_001), None)));
        assert_eq!(size_range("<1.5kb"), Ok((None, Some(1499))));
        assert!(size_range(">2 parsecs").is_err());
    }
}
