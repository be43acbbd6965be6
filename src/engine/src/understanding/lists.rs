//! Readings that belong together: names of places with "or" or "and" between, of which any is meant.

use super::as_filters::grouped;
use super::found::Found;

/// Words between the names of a list.
const AND_OR: [&str; 16] = [
    "and", "or", "&", "und", "oder", "et", "ou", "y", "e", "o", "u", "ed", "oppure", "en", "of",
    "and/or",
];

/// Words before two names that are the ends of a way.
const BETWEEN: [&str; 6] = ["between", "zwischen", "entre", "tra", "fra", "tussen"];

/// Places that are named together, as one reading; `found` is in the order of the words.
pub(super) fn joined(text: &str, found: Vec<Found>) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for one in found {
        match all.pop() {
            Some(last) if belong_together(text, &last, &one) => all.push(either(text, last, one)),
            last => all.extend(last.into_iter().chain([one])),
        }
    }
    all
}

fn belong_together(text: &str, last: &Found, one: &Found) -> bool {
    let is_place =
        |found: &Found| found.filters.starts_with("place:") || found.filters.starts_with("(place:");
    let between = text[last.pieces.end..one.pieces.start].trim().to_lowercase();
    let has_comma = text[last.words.end..one.words.start].contains(',');
    is_place(last)
        && is_place(one)
        && (AND_OR.contains(&&*between) || between.is_empty() && has_comma)
}

/// One reading of both. The two ends of a way are no places of a photo for certain.
fn either(text: &str, last: Found, one: Found) -> Found {
    let inner = last.filters.strip_prefix('(').and_then(|filters| filters.strip_suffix(')'));
    let filters = format!("({} OR {})", inner.unwrap_or(&last.filters), grouped(&one.filters));
    let before = text[..last.pieces.start].split_whitespace().next_back().unwrap_or("");
    let is_way = BETWEEN.contains(&before.to_lowercase().as_str());
    let sure = last.sure && one.sure && !is_way;
    Found {
        words: last.words.start..one.words.end,
        pieces: last.pieces.start..one.pieces.end,
        filters,
        sure,
        stays: !sure,
        ..last
    }
}
