//! `key:value` to a filter.

use seer_store::fold::fold;
use seer_store::{Filter, Orientation};

use super::marks::is_colon;
use super::values::{dates, number_range, size_range};
use super::{QueryError, places, texts, times};

/// Every key with an example, for help texts and suggestions.
const KEYS: &[(&str, &str)] = &[
    ("path", "path:holiday - the path contains this; * and ? stand for characters: path:*.jpg"),
    ("folder", "folder:2019 - a folder on the path has this name; folder:2019* begins with it"),
    ("name", "name:img_1234 - words of the file name and parts of its numbers; name:img* for *"),
    ("ext", "ext:png - file name extension; ext:jpg,png for either"),
    ("type", "type:jpeg - format by content"),
    ("after", "after:2019-07 - taken on or after"),
    ("before", "before:2020 - taken before"),
    ("date", "date:2019-07 - taken in that year, month or day"),
    ("year", "year:2019 - taken in that year"),
    ("weekday", "weekday:sat,sun - taken on these days of the week"),
    ("time", "time:22:00..05:00 - taken at this time of day"),
    ("month", "month:6..8 - taken in these months of any year"),
    ("day", "day:12-24..12-26 - taken on these days of any year"),
    ("camera", "camera:canon - camera make or model"),
    ("lens", "lens:50mm - lens name"),
    ("tag", "tag:family - keyword stored in the file"),
    ("person", "person:\"marie curie\" - words of a name of somebody in the picture"),
    ("place", "place:lisbon - words of the name of the place where it was taken"),
    ("rating", "rating:>=4 - stars, 1 to 5"),
    ("album", "album:\"summer 2019\" - photos that were picked for this album"),
    ("text", "text:birthday - words in names, folders, tags, captions or the picture itself"),
    ("near", "near:lisbon or near:48.86,2.35,10km - taken there (within 5 km or more unless said)"),
    ("box", "box:47.2,10.5,48.1,12 - taken in this box: south, west, north, east in degrees"),
    ("size", "size:>2mb - file size"),
    ("width", "width:>=1920 - pixels across"),
    ("height", "height:<1000 - pixels down"),
    ("orientation", "orientation:landscape - or portrait, square"),
    ("like", "like:ID - looks like that photo"),
    ("more", "more:ID - that photo is right; more like it"),
    ("less", "less:ID - that photo is wrong; less like it"),
    ("hidden", "hidden:yes - the photos that are hidden from searches"),
    ("words", "words:\"last summer\" - what the photos show, never read as a date or a name"),
    ("lang", "lang:de - the words are German; else seer looks what they are"),
];

/// # Errors
/// Unknown key, or a value the key cannot take; `source` is the text as typed.
pub(super) fn filter(key: &str, value: &str, source: &str) -> Result<Filter, QueryError> {
    let error = |message: String| QueryError::new(source, message);
    let words = || texts::words(value).map_err(error);
    let number = fold(value);
    Ok(match key {
        "path" => Filter::Path(texts::path(value).map_err(error)?),
        "folder" => Filter::Folder(texts::path(value).map_err(error)?),
        "name" => Filter::Name(texts::name(value).map_err(error)?),
        "ext" => any_of(value, extension).map_err(error)?,
        "type" | "format" => any_of(value, format).map_err(error)?,
        "camera" => Filter::Camera(words()?),
        "lens" => Filter::Lens(words()?),
        "tag" => Filter::Tag(texts::tag(value).map_err(error)?),
        "person" | "people" => Filter::Person(words()?),
        "place" => places::place(&words()?),
        "rating" => rating(&number).map_err(error)?,
        "text" => Filter::Text(words()?),
        "after" => {
            Filter::Taken { from: Some(times::moment(&number).map_err(error)?), until: None }
        }
        "before" => {
            Filter::Taken { from: None, until: Some(times::moment(&number).map_err(error)?) }
        }
        "date" | "year" => {
            let (from, until) = dates(&number).map_err(error)?;
            Filter::Taken { from, until }
        }
        "weekday" => times::weekdays(value).map_err(error)?,
        "time" => times::time(value).map_err(error)?,
        "month" => times::months(value).map_err(error)?,
        "day" => times::days(value).map_err(error)?,
        "near" => places::near(&number).map_err(error)?,
        "box" => places::inside(&number).map_err(error)?,
        "size" => {
            let (min, max) = size_range(&number).map_err(error)?;
            Filter::FileSize { min, max }
        }
        "width" => {
            let (min, max) = number_range(&number).map_err(error)?;
            Filter::Width { min, max }
        }
        "height" => {
            let (min, max) = number_range(&number).map_err(error)?;
            Filter::Height { min, max }
        }
        "orientation" => Filter::Orientation(match number.as_str() {
            "landscape" => Orientation::Landscape,
            "portrait" => Orientation::Portrait,
            "square" => Orientation::Square,
            _ => return Err(error("write landscape, portrait or square".into())),
        }),
        _ => return Err(error(unknown(key))),
    })
}

/// # Errors
/// Not a number of stars, nor a range of them.
fn rating(value: &str) -> Result<Filter, String> {
    let (min, max) = number_range(value.trim_end_matches(['*', '★']))?;
    let stars = |stars: u32| u8::try_from(stars).unwrap_or(u8::MAX);
    Ok(Filter::Rating { min: min.map(stars), max: max.map(stars) })
}

/// Whether a key says how to search, and is no condition on photos.
pub(super) fn is_aside(key: &str) -> bool {
    matches!(key, "like" | "more" | "less" | "lang" | "words" | "hidden")
}

/// Text in quotes.
///
/// # Errors
/// It has no letter or digit, or a `*`; `source` is the text as typed.
pub(super) fn quoted(text: &str, source: &str) -> Result<Filter, QueryError> {
    texts::words(text).map(Filter::Text).map_err(|message| QueryError::new(source, message))
}

/// A known key in a word is half a filter: nothing is behind its colon, or something before it.
pub(super) fn refuse_half(word: &str) -> Result<(), QueryError> {
    let colons = word.char_indices().filter(|(_, c)| is_colon(*c));
    let mut messages = colons.filter_map(|(at, colon)| {
        let (before, value) = (&word[..at], &word[at + colon.len_utf8()..]);
        what_is_half(before, value)
    });
    match messages.next() {
        Some(message) => Err(QueryError::new(word, message)),
        None => Ok(()),
    }
}

/// What is wrong with a word that has a colon between these.
fn what_is_half(before: &str, value: &str) -> Option<String> {
    let letters = before.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (before, key) = before.split_at(letters);
    let (key, example) = KEYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(key))?;
    if before.is_empty() && value.is_empty() {
        return Some(format!("the value is missing right behind the colon; {example}"));
    }
    let is_address = value.starts_with("//") || before.ends_with(char::is_alphanumeric);
    (!is_address).then(|| {
        format!("a filter stands alone; put a space before {key}:, or a single - to exclude")
    })
}

/// Endings that mean the same format, whichever is written.
const SAME_ENDING: [&[&str]; 3] = [&["jpg", "jpeg"], &["tif", "tiff"], &["heic", "heif"]];

fn extension(value: &str) -> Filter {
    let value = fold(value.trim_start_matches('.'));
    match SAME_ENDING.iter().find(|same| same.contains(&value.as_str())) {
        Some(same) => Filter::Any(same.iter().map(|e| Filter::Extension((*e).into())).collect()),
        None => Filter::Extension(value),
    }
}

fn format(value: &str) -> Filter {
    Filter::Format(match fold(value).as_str() {
        "jpg" => "jpeg".into(),
        "tif" => "tiff".into(),
        other => other.into(),
    })
}

/// # Errors
/// One of them has no letter or digit, or a `*`.
fn any_of(value: &str, one: impl Fn(&str) -> Filter) -> Result<Filter, String> {
    let values = value.split([',', '，', '、']).map(str::trim).filter(|value| !value.is_empty());
    let mut filters: Vec<Filter> = values
        .map(|value| texts::words(value).map(|value| one(&value)))
        .collect::<Result<_, _>>()?;
    match filters.len() {
        0 => texts::words(value).map(|value| one(&value)),
        1 => Ok(filters.remove(0)),
        _ => Ok(Filter::Any(filters)),
    }
}

fn unknown(key: &str) -> String {
    let nearest = KEYS.iter().map(|(k, _)| (strsim::levenshtein(key, k), *k)).min();
    let known: Vec<&str> = KEYS.iter().map(|(k, _)| *k).collect();
    match nearest {
        Some((far, nearest)) if far <= 2 => {
            format!("there is no filter \"{key}\"; did you mean {nearest}:?")
        }
        _ => format!(
            "there is no filter \"{key}\"; known are {}; to search for the words themselves, \
             put a space after the colon",
            known.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    #[test]
    fn every_documented_key_is_understood() {
        for (key, example) in KEYS {
            let (written, _) = example.split_once(" - ").unwrap();
            if !is_aside(key) {
                let parsed = parse(written.split(';').next().unwrap()).unwrap();
                assert!(!parsed.filters.is_empty() && !parsed.has_meaning(), "{example}");
            }
        }
    }

    #[test]
    fn a_list_of_extensions_is_either() {
        let Filter::Any(list) = filter("ext", "jpg,.png", "").unwrap() else { panic!("a list") };
        assert!(matches!(&list[0], Filter::Any(same) if same.len() == 2), "jpg and jpeg");
        assert!(matches!(&list[1], Filter::Extension(png) if png == "png"));
    }
}
