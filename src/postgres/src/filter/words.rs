//! Conditions on words.
//!
//! A text is stored as its words with spaces around them, ` beach party `, and a run of words is
//! found as a text in that. Words hold no space, so this finds runs and nothing else; the index of
//! words only says where to look. (A `tsvector` would forget: positions end at 16,383, and of a word
//! at 256 of them.)

use seer_store::terms::{PART_OF_TEXT, line_needle, needle, readings, spaced};

use super::both;
use super::files::Of;
use crate::connect::Params;

/// All words of a photo's texts, as the index has them.
const WORDS: &str = "string_to_array(p.words || ' ' || p.names || ' ' || p.folders, ' ')";

/// The words one after the other in any of the texts.
pub(super) fn text(text: &str, of: Of, params: &mut Params) -> String {
    let runs = readings(text).into_iter().map(|words| {
        let phrase = params.text(spaced(&words));
        let name = name(&words, PART_OF_TEXT, of, params);
        let line = line(&words, params);
        let words = params.texts(words);
        let folders = of.folders();
        let others = format!("strpos(p.words, {phrase}) > 0 or strpos({folders}, {phrase}) > 0");
        format!("({WORDS} @> {words} and ({others}) or {name} or {line})")
    });
    both(runs.collect(), " or ", "false")
}

/// The words one after the other in a line read in the picture; see [`line_needle`].
fn line(words: &[String], params: &mut Params) -> String {
    match line_needle(words) {
        Some(needle) => {
            format!("(p.lines <> '' and strpos(p.lines, {}) > 0)", params.text(needle))
        }
        None => "false".to_owned(),
    }
}

/// The words of a text one after the other in a column of words.
pub(super) fn run(column: &str, text: &str, params: &mut Params) -> String {
    let runs = readings(text).into_iter();
    let runs = runs.map(|words| format!("strpos({column}, {}) > 0", params.text(spaced(&words))));
    both(runs.collect(), " or ", "false")
}

/// The words one after the other in the name of a file; see [`needle`].
pub(super) fn name(words: &[String], part: usize, of: Of, params: &mut Params) -> String {
    let Some(needle) = needle(words, part) else { return "false".to_owned() };
    let whole = whole_words(words, &needle);
    let place = format!("strpos({}, {}) > 0", of.names(), params.text(needle));
    match whole.is_empty() {
        true => format!("({place})"),
        false => format!("({WORDS} @> {} and {place})", params.texts(whole)),
    }
}

/// Those of the words that are not at an end where a number may go on.
fn whole_words(words: &[String], needle: &str) -> Vec<String> {
    let from = usize::from(!needle.starts_with(' '));
    let until = words.len() - usize::from(!needle.ends_with(' '));
    words.get(from..until).unwrap_or_default().to_vec()
}

/// All words in the set of a camera's or lens's words, the last one by its beginning.
pub(super) fn gear(column: &str, text: &str, params: &mut Params) -> String {
    let mut has = |needle: String| format!("strpos({column}, {}) > 0", params.text(needle));
    let all = |words: Vec<String>| {
        let mut parts: Vec<String> = Vec::new();
        for (place, word) in words.iter().enumerate() {
            let last = place + 1 == words.len();
            parts.push(has(if last { format!(" {word}") } else { spaced(&[word]) }));
        }
        both(parts, " and ", "false")
    };
    let readings: Vec<String> = readings(text).into_iter().map(all).collect();
    both(readings, " or ", "false")
}
