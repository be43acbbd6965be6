//! Queries with a reading applied, taken back or taken up.

use std::ops::Range;

use seer_dates::asks_only;

use super::found::Found;
use crate::query::plain::plain_runs;

/// The query without the words of the readings that are applied. Plain words that are left and only
/// ask for photos ("show me photos") go as well.
pub(super) fn without(text: &str, found: &[Found]) -> String {
    let applied = found.iter().filter(|found| found.sure).map(|found| found.pieces.clone());
    let left = cut(text, applied);
    let runs = plain_runs(&left);
    let words: Vec<&str> = runs.iter().map(|run| &left[run.clone()]).collect();
    if asks_only(&words.join(" ")) { cut(&left, runs.into_iter()) } else { left }
}

fn cut(text: &str, parts: impl Iterator<Item = Range<usize>>) -> String {
    let mut left = String::new();
    let mut end = 0;
    for part in parts {
        left.push_str(&text[end..part.start]);
        end = part.end;
    }
    left.push_str(&text[end..]);
    left
}

/// The query with a reading taken back, if it is applied, or taken up.
pub(super) fn turned_round(text: &str, found: &Found) -> String {
    let (before, behind) = (&text[..found.pieces.start], &text[found.pieces.end..]);
    if found.sure {
        return format!("{before}{}{behind}", kept(&text[found.words.clone()]));
    }
    match found.stays {
        true => format!("{} {}", text.trim_end(), found.filters),
        false => format!("{before}{}{behind}", found.filters),
    }
}

/// Words that are never read.
fn kept(words: &str) -> String {
    let words = words.replace('"', " ");
    match words.contains(char::is_whitespace) {
        true => format!("words:\"{words}\""),
        false => format!("words:{words}"),
    }
}
