//! `key:value` to a filter.

use seer_store::{Filter, Orientation};

use super::values::{coordinates, date_range, number_range, size_range};
use super::{QueryError, times};

/// Every key with an example, for help texts and suggestions.
const KEYS: &[(&str, &str)] = &[
    ("path", "path:holiday - the path contains this"),
    ("folder", "folder:2019 - a folder on the path has this name"),
    ("name", "name:img_1234 - words of the file name"),
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
    ("text", "text:birthday - words in names, folders, tags or caption"),
    ("near", "near:48.86,2.35 or near:48.86,2.35,10km - taken there (5 km unless said)"),
    ("size", "size:>2mb - file size"),
    ("width", "width:>=1920 - pixels across"),
    ("height", "height:<1000 - pixels down"),
    ("orientation", "orientation:landscape - or portrait, square"),
    ("like", "like:ID - looks like that photo"),
    ("words", "words:\"last summer\" - what the photos show, never read as a date or a name"),
    ("lang", "lang:de - the words are German; else seer looks what they are"),
];

/// # Errors
/// Unknown key, or a value the key cannot take; `source` is the text as typed.
pub(super) fn filter(key: &str, value: &str, source: &str) -> Result<Filter, QueryError> {
    let error = |message: String| QueryError::new(source, message);
    let text = || value.to_string();
    Ok(match key {
        "path" => Filter::Path(text()),
        "folder" => Filter::Folder(text()),
        "name" => Filter::Name(text()),
        "ext" => any_of(value, extension),
        "type" | "format" => any_of(value, format),
        "camera" => Filter::Camera(text()),
        "lens" => Filter::Lens(text()),
        "tag" => Filter::Tag(text()),
        "text" => Filter::Text(text()),
        "after" => Filter::Taken { from: Some(times::moment(value).map_err(error)?), until: None },
        "before" => Filter::Taken { from: None, until: Some(times::moment(value).map_err(error)?) },
        "date" | "year" => {
            let (from, until) = date_range(value).map_err(error)?;
            Filter::Taken { from: Some(from), until: Some(until) }
        }
        "weekday" => times::weekdays(value).map_err(error)?,
        "time" => times::time(value).map_err(error)?,
        "month" => times::months(value).map_err(error)?,
        "day" => times::days(value).map_err(error)?,
        "near" => {
            let (center, km) = coordinates(value).map_err(error)?;
            Filter::Near { center, km }
        }
        "size" => {
            let (min, max) = size_range(value).map_err(error)?;
            Filter::FileSize { min, max }
        }
        "width" => {
            let (min, max) = number_range(value).map_err(error)?;
            Filter::Width { min, max }
        }
        "height" => {
            let (min, max) = number_range(value).map_err(error)?;
            Filter::Height { min, max }
        }
        "orientation" => Filter::Orientation(match value.to_ascii_lowercase().as_str() {
            "landscape" => Orientation::Landscape,
            "portrait" => Orientation::Portrait,
            "square" => Orientation::Square,
            _ => return Err(error("write landscape, portrait or square".into())),
        }),
        _ => return Err(error(unknown(key))),
    })
}

/// A known key with nothing behind its colon is half a filter, not a word.
pub(super) fn refuse_empty(word: &str) -> Result<(), QueryError> {
    let Some(key) = word.strip_suffix(':') else { return Ok(()) };
    match KEYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
        Some((_, example)) => {
            let message = format!("the value is missing right behind the colon; {example}");
            Err(QueryError::new(word, message))
        }
        None => Ok(()),
    }
}

/// Endings that mean the same format, whichever is written.
const SAME_ENDING: [&[&str]; 3] = [&["jpg", "jpeg"], &["tif", "tiff"], &["heic", "heif"]];

fn extension(value: &str) -> Filter {
    let value = value.trim_start_matches('.').to_lowercase();
    match SAME_ENDING.iter().find(|same| same.contains(&value.as_str())) {
        Some(same) => Filter::Any(same.iter().map(|e| Filter::Extension((*e).into())).collect()),
        None => Filter::Extension(value),
    }
}

fn format(value: &str) -> Filter {
    Filter::Format(match value.to_lowercase().as_str() {
        "jpg" => "jpeg".into(),
        "tif" => "tiff".into(),
        other => other.into(),
    })
}

fn any_of(value: &str, one: impl Fn(&str) -> Filter) -> Filter {
    let mut filters: Vec<Filter> = value.split(',').filter(|v| !v.is_empty()).map(&one).collect();
    if filters.len() == 1 { filters.remove(0) } else { Filter::Any(filters) }
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

    #[test]
    fn every_documented_key_is_understood() {
        for (key, example) in KEYS {
            let value = example.split([' ', ';']).next().unwrap().split_once(':').unwrap().1;
            if !["like", "lang", "words"].contains(key) {
                assert!(filter(key, value, example).is_ok(), "{example}");
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
