//! Conditions on words.
//!
//! A text is stored as its words with spaces around them, ` beach party `, and a run of words is
//! found as a text in that. Words hold no space, so this finds runs and nothing else; the index of
//! words only says where to look. (A `tsvector` would forget: positions end at 16,383, and of a word
//! at 256 of them.)

use seer_store::words::{Reading, words};

use crate::connect::Params;
use crate::text::spaced;

/// The words one after the other in any of a photo's texts.
pub(crate) fn text(text: &str, params: &mut Params) -> String {
    let mut readings = vec![words(text, Reading::Split), words(text, Reading::Joined)];
    readings.dedup();
    if readings[0].is_empty() {
        return "true".to_owned();
    }
    let runs: Vec<String> = readings.into_iter().map(|words| run(words, params)).collect();
    format!("({})", runs.join(" or "))
}

fn run(words: Vec<String>, params: &mut Params) -> String {
    let phrase = params.text(spaced(&words));
    let words = params.texts(words);
    format!("(strpos(p.texts, {phrase}) > 0 and string_to_array(p.texts, ' ') @> {words})")
}

/// Each of the words in one of the names of a photo's files.
pub(super) fn name(text: &str, params: &mut Params) -> String {
    let words = words(text, Reading::Split);
    if words.is_empty() {
        return "true".to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    for word in &words {
        let word = params.text(spaced(&[word]));
        parts.push(format!("strpos(p.names, {word}) > 0"));
    }
    // Names are among the texts, which have an index.
    let words = params.texts(words);
    parts.push(format!("string_to_array(p.texts, ' ') @> {words}"));
    format!("({})", parts.join(" and "))
}

/// All words in the set of a camera's or lens's words, the last one by its beginning.
pub(super) fn gear(column: &str, text: &str, params: &mut Params) -> String {
    let mut readings = vec![words(text, Reading::Split), words(text, Reading::Joined)];
    readings.dedup();
    if readings[0].is_empty() {
        return "true".to_owned();
    }
    let mut has = |needle: String| format!("strpos({column}, {}) > 0", params.text(needle));
    let all = |words: &Vec<String>| {
        let mut parts: Vec<String> = Vec::new();
        for (place, word) in words.iter().enumerate() {
            let last = place + 1 == words.len();
            parts.push(has(if last { format!(" {word}") } else { spaced(&[word]) }));
        }
        format!("({})", if parts.is_empty() { "true".to_owned() } else { parts.join(" and ") })
    };
    let readings: Vec<String> = readings.iter().map(all).collect();
    format!("({})", readings.join(" or "))
}
