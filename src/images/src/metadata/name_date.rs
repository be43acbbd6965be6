//! Dates in the names of files: messengers, screenshots and cameras write them there, and often
//! nowhere else.

use seer_types::{DateSource, LocalTime, Taken};

use super::clock;
use super::moment::Moment;

/// Names are younger than digital cameras.
const FIRST_YEAR: i32 = 1995;
/// Characters of a name that are looked at.
const LONGEST: usize = 400;
/// Words before milliseconds or seconds since 1970 of which it is known that they are those.
const CLOCKS: [&str; 8] =
    ["mmexport", "img", "image", "camera", "vid", "video", "photo", "picture"];

/// When a picture was taken, by its file's name (with or without the extension); `today` by the
/// clock of this machine.
///
/// Read are year, month and day, with the time behind them or without, from 1995 to tomorrow:
/// `IMG_20190714_162005.jpg`, `IMG-20190714-WA0001.jpg`, `PXL_20190714_162005123.jpg`,
/// `Screenshot 2019-07-14 at 4.20.05 PM.png`, `photo_2019-07-14_16-20-05.jpg`. The day may stand
/// first where it cannot be taken for the month. Milliseconds since 1970 (`mmexport1563121205123.jpg`)
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

/// A piece of a name whose characters are of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token<'a> {
    Digits(&'a str),
    Letters(&'a str),
    /// What is between words.
    Other(&'a str),
}

fn tokens(name: &str) -> Vec<Token<'_>> {
    let kind = |c: char| match c {
        '0'..='9' => 0,
        c if c.is_alphabetic() => 1,
        _ => 2,
    };
    let mut all = Vec::new();
    let mut start = 0;
    let mut chars = name.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if chars.peek().is_some_and(|(_, next)| kind(*next) == kind(c)) {
            continue;
        }
        let text = &name[start..end];
        all.push(match kind(c) {
            0 => Token::Digits(text),
            1 => Token::Letters(text),
            _ => Token::Other(text),
        });
        start = end;
    }
    all
}

/// The date that begins with this token.
fn date_at(all: &[Token], at: usize) -> Option<Moment> {
    let Token::Digits(first) = *all.get(at)? else { return None };
    if !begins_word(all, at) {
        return None;
    }
    let (moment, next) = match first.len() {
        8 => with_time(day_of(first)?, all, at + 1),
        // Hours and minutes, seconds, milliseconds.
        12 | 14 | 17 => {
            let time = clock::read(&first[8..first.len().min(14)]);
            (day_of(&first[..8])?.at(time).filter(Moment::has_time)?, at + 1)
        }
        10 | 13 => return since_1970(all, at, first),
        1 | 2 | 4 => {
            let (day, next) = in_parts(all, at)?;
            with_time(day, all, next)
        }
        _ => return None,
    };
    ends_word(all, next).then_some(moment)
}

/// Whether digits may begin here: not behind a mix of letters and digits, nor behind letters that
/// could be digits themselves, as in a hash.
fn begins_word(all: &[Token], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| all.get(at));
    match before(1) {
        Some(Token::Letters(word)) => {
            !is_hexadecimal(word) && !matches!(before(2), Some(Token::Digits(_)))
        }
        _ => true,
    }
}

/// Whether a date may end before this token.
fn ends_word(all: &[Token], at: usize) -> bool {
    match all.get(at) {
        Some(Token::Letters(word)) => {
            !is_hexadecimal(word) && !matches!(all.get(at + 1), Some(Token::Digits(_)))
        }
        Some(Token::Digits(_)) => false,
        _ => true,
    }
}

fn is_hexadecimal(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_hexdigit())
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

/// "2019-07-14", "14.07.2019", "2019年7月14日", and the token behind it.
fn in_parts(all: &[Token], at: usize) -> Option<(Moment, usize)> {
    let [Token::Digits(a), one, Token::Digits(b), two, Token::Digits(c)] = *all.get(at..at + 5)?
    else {
        return None;
    };
    let is_written_out = (one, two) == (Token::Letters("年"), Token::Letters("月"));
    let is_separator = matches!(one, Token::Other("-" | "_" | "." | " " | "/" | ":"));
    if !(is_written_out || is_separator && one == two) || b.len() > 2 {
        return None;
    }
    let value = |digits: &str| digits.parse::<u32>().ok();
    let (year, (month, day)) = match (a.len(), c.len()) {
        (4, 1 | 2) => (value(a)?, (value(b)?, value(c)?)),
        (1 | 2, 4) => (value(c)?, month_and_day(value(a)?, value(b)?)?),
        _ => return None,
    };
    let moment = Moment::new(year, Some(month), Some(day), None).filter(Moment::has_day)?;
    let is_day = matches!(all.get(at + 5), Some(Token::Letters("日")));
    Some((moment, at + 5 + usize::from(is_written_out && is_day)))
}

/// The time behind a date, where there is one, and the token behind both.
fn with_time(day: Moment, all: &[Token], at: usize) -> (Moment, usize) {
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

/// Milliseconds since 1970, or seconds behind a word that says so.
fn since_1970(all: &[Token], at: usize, digits: &str) -> Option<Moment> {
    let word_before = all[..at].iter().rev().find_map(|token| match token {
        Token::Letters(word) => Some(word.to_lowercase()),
        _ => None,
    });
    let is_known = word_before.is_some_and(|word| CLOCKS.contains(&word.as_str()));
    let value: i64 = digits.parse().ok()?;
    let seconds = match digits.len() {
        13 if digits.starts_with('1') => value / 1000,
        10 if is_known => value,
        _ => return None,
    };
    if !ends_word(all, at + 1) {
        return None;
    }
    let (year, month, day, hour, minute, second) = LocalTime::from_seconds(seconds).civil();
    Moment::new(u32::try_from(year).ok()?, Some(month), Some(day), Some((hour, minute, second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Option<String> {
        let today = LocalTime::from_civil(2026, 11, 30, 12, 0, 0).unwrap();
        date_from_name(name, today).map(|taken| taken.to_string())
    }

    #[test]
    fn messengers_screenshots_and_cameras_are_read() {
        let second = "2019-07-14T16:20:05";
        let names = [
            "IMG_20190714_162005.jpg",
            "IMG_20190714_162005_1.jpg",
            "IMG_20190714_162005_HDR.jpg",
            "IMG_20190714_162005~2.jpg",
            "IMG20190714162005.jpg",
            "20190714_162005.jpg",
            "20190714_162005(0).jpg",
            "20190714162005.jpg",
            "20190714-162005.jpg",
            "20190714T162005Z.jpg",
            "PXL_20190714_162005123.jpg",
            "PXL_20190714_162005123.MP.jpg",
            "PXL_20190714_162005123.NIGHT.jpg",
            "VID_20190714_162005.mp4",
            "MVIMG_20190714_162005.jpg",
            "PANO_20190714_162005.jpg",
            "DJI_20190714162005_0001_D.JPG",
            "WP_20190714_16_20_05_Pro.jpg",
            "C360_2019-07-14-16-20-05-123.jpg",
            "Screenshot_20190714-162005_Maps.png",
            "Screenshot_20190714-162005.png",
            "Screenshot_20190714_162005_com.android.chrome.jpg",
            "Screenshot_2019-07-14-16-20-05-123_com.miui.home.jpg",
            "Screenshot_2019-07-14-16-20-05.png",
            "Screenshot 2019-07-14 at 16.20.05.png",
            "Screenshot 2019-07-14 at 4.20.05 PM.png",
            "Screenshot 2019-07-14 at 4.20.05\u{202f}PM (2).png",
            "Screen Shot 2019-07-14 at 4.20.05 PM.png",
            "Bildschirmfoto 2019-07-14 um 16.20.05.png",
            "Captura de pantalla 2019-07-14 a las 16.20.05.png",
            "Capture d’écran 2019-07-14 à 16.20.05.png",
            "スクリーンショット 2019-07-14 16.20.05.png",
            "截屏2019-07-14 16.20.05.png",
            "Screenshot from 2019-07-14 16-20-05.png",
            "Screenshot 2019-07-14 162005.png",
            "2019-07-14 16.20.05.jpg",
            "2019-07-14 16.20.05-1.jpg",
            "2019-07-14_16-20-05.jpg",
            "2019_07_14_16_20_05.jpg",
            "2019-07-14T16:20:05.jpg",
            "2019-07-14 16h20m05s.jpg",
            "WhatsApp Image 2019-07-14 at 16.20.05.jpeg",
            "WhatsApp Image 2019-07-14 at 4.20.05 PM (1).jpeg",
            "signal-2019-07-14-162005.jpg",
            "signal-2019-07-14-16-20-05-123.jpg",
            "photo_2019-07-14_16-20-05.jpg",
            "photo_2019-07-14_16-20-05 (2).jpg",
            "photo_1@14-07-2019_16-20-05.jpg",
            "mmexport1563121205123.jpg",
            "FB_IMG_1563121205123.jpg",
            "wx_camera_1563121205123.jpg",
            "IMG_1563121205.jpg",
            "2019-07-14 16.20.05",
        ];
        for name in names {
            assert_eq!(read(name).as_deref(), Some(second), "{name}");
        }
    }

    #[test]
    fn a_day_alone_is_a_day() {
        let names = [
            "IMG-20190714-WA0001.jpg",
            "VID-20190714-WA0001.mp4",
            "20190714_0001.jpg",
            "20190714.jpg",
            "2019-07-14.jpg",
            "2019-7-14 beach.jpg",
            "Beach 14.07.2019.jpg",
            "07-14-2019.jpg",
            "scan 14072019.jpg",
            "2019年7月14日.jpg",
            "20190714-991234.jpg",
            "Anna, 2019-07-14, by the sea 2.jpg",
        ];
        for name in names {
            assert_eq!(read(name).as_deref(), Some("2019-07-14"), "{name}");
        }
        let first = "party 2019-07-13 and 2019-07-14.jpg";
        assert_eq!(read(first).as_deref(), Some("2019-07-13"));
        let exact = "2019-07-13 IMG_20190714_162005.jpg";
        assert_eq!(read(exact).as_deref(), Some("2019-07-14T16:20:05"));
        assert_eq!(read("20261201.jpg").as_deref(), Some("2026-12-01"));
    }

    #[test]
    fn other_numbers_are_no_date() {
        let names = [
            "",
            "IMG_0001.jpg",
            "IMG_1234.jpg",
            "DSC01273.jpg",
            "P1090714.JPG",
            "20261202.jpg",
            "20191345.jpg",
            "19940714.jpg",
            "120190714.jpg",
            "201907141.jpg",
            "5f20190714ab3c.jpg",
            "fade20190714.jpg",
            "04-07-2019.jpg",
            "04072019.jpg",
            "2019.jpg",
            "2019-07.jpg",
            "9781234567897.jpg",
            "4006381333931.jpg",
            "1563121205.jpg",
            "1920x1080.jpg",
            "wallpaper 1920-10-80.jpg",
            "img_12345678.jpg",
        ];
        for name in names {
            assert_eq!(read(name), None, "{name}");
        }
    }
}
