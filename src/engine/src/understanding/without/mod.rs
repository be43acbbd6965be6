//! Words that leave something out of the photos: "without people", "and no cars", "ohne Schnee".
//!
//! They are read as a person writes it: `-people`, `-words:"red cars"`. What is left out is the next
//! one to three words, up to a sign, a small word such as "in", or the end. The rules are in
//! `docs/QUERY.md`.

mod sentence;
mod word;
mod words;

use std::ops::Range;

use seer_language::{Guess, guess};

use self::sentence::{Sentence, kind};
use self::word::words;
use self::words::LANGUAGES;
use super::found::Found;

/// The readings in a query's plain runs. `taken`: words that are read otherwise; what is left out
/// ends in front of them.
pub(super) fn exclusions(text: &str, runs: &[Range<usize>], taken: &[Range<usize>]) -> Vec<Found> {
    let mut all = Vec::new();
    for run in runs {
        let words = words(text, run, taken);
        if !words.iter().any(|word| LANGUAGES.iter().any(|language| kind(language, word).is_some()))
        {
            continue;
        }
        let english = guess(&text[run.clone()]) == Guess::English;
        for language in &LANGUAGES {
            // "sans", "sin" and "no" are words of several languages.
            let sentence = Sentence { text, words: &words, language, english };
            all.extend((0..words.len()).flat_map(|at| sentence.at(at)));
        }
    }
    let mut settled: Vec<Found> = Vec::new();
    for one in all {
        let meets = |other: &Found| {
            other.pieces.start < one.pieces.end && one.pieces.start < other.pieces.end
        };
        if !settled.iter().any(meets) {
            settled.push(one);
        }
    }
    settled
}

/// As a person writes that it is not wanted.
fn written(thing: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-'’".contains(c);
    match thing.chars().all(plain) {
        true => format!("-{thing}"),
        false => format!("-words:\"{thing}\""),
    }
}

#[cfg(test)]
mod tests;
