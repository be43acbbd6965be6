//! Photos that a query's words name outright: in a file name, a folder, a tag or a caption.
//!
//! A model cannot know that a folder is called "Grandma" or a scan "IMG 2041"; the keyword index
//! does. How much such a photo rises depends on two things: how many of the query's words it has
//! (rare words count more), and how few other photos have as many. One of a thousand photos in a
//! folder "beach" is hardly lifted by the word "beach", one of three tagged "grandma" is.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use seer_store::Filter;
use seer_types::RowId;

use crate::query::ParsedQuery;
use crate::{EngineError, Library};

/// Words looked up, at the most.
const WORDS: usize = 8;
/// A word that more photos have says too little about each of them.
const COMMON: u64 = 1000;

/// English words that say nothing by themselves.
const STOP_WORDS: [&str; 33] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "to", "was", "will", "with",
];

/// A photo that has words of the query.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Literal {
    pub(crate) row: RowId,
    /// The share of the query's words that it has, each counted by its rarity: above 0, up to 1.
    pub(crate) share: f32,
    /// How many photos have as large a share, itself included: 1 is the best.
    pub(crate) place: usize,
}

impl Library {
    /// The photos that have words of the query, in no order; none where the query is no text.
    pub(crate) fn literal(
        &self,
        query: &ParsedQuery,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Vec<Literal>, EngineError> {
        if !query.likes.is_empty() {
            return Ok(Vec::new());
        }
        let mut sets = Vec::new();
        for word in words(query) {
            let filter = Filter::Text(word);
            let mut rows = self.ask_words(|words| words.filter(&filter))?;
            if let Some(allowed) = allowed {
                rows &= allowed;
            }
            sets.push(rows);
        }
        Ok(shares(&sets, self.catalog.counts().photos))
    }
}

/// The telling words of the parts that are asked for, each once.
fn words(query: &ParsedQuery) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let asked = query.terms.iter().filter(|term| term.weight > 0.0);
    for word in asked.flat_map(|term| term.text.split_whitespace()) {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let telling = word.chars().count() > 1 && !STOP_WORDS.contains(&word.as_str());
        if telling && !words.contains(&word) && words.len() < WORDS {
            words.push(word);
        }
    }
    words
}

/// Shares and places from the rows of each word, in a library of so many photos.
fn shares(sets: &[RoaringBitmap], photos: u64) -> Vec<Literal> {
    let rarity = |rows: &RoaringBitmap| (1.0 + photos as f32 / rows.len().max(1) as f32).ln();
    let whole: f32 = sets.iter().map(rarity).sum();
    let mut found: HashMap<u32, f32> = HashMap::new();
    for rows in sets.iter().filter(|rows| rows.len() <= COMMON) {
        found.extend(rows.iter().map(|row| (row, 0.0)));
    }
    for (row, share) in &mut found {
        let has = sets.iter().filter(|rows| rows.contains(*row));
        *share = (has.map(rarity).sum::<f32>() / whole).min(1.0);
    }
    let mut sorted: Vec<f32> = found.values().copied().collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let place = |share: f32| sorted.partition_point(|other| *other >= share);
    found
        .into_iter()
        .map(|(row, share)| Literal { row: RowId(row), share, place: place(share) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse;

    fn rows(rows: &[u32]) -> RoaringBitmap {
        rows.iter().copied().collect()
    }

    #[test]
    fn only_telling_words_that_are_asked_for_count() {
        let query = parse("a Dog on the beach, dog -cat ext:jpg").unwrap();
        assert_eq!(words(&query), ["dog", "beach"]);
        assert!(words(&parse("the -dog").unwrap()).is_empty());
    }

    #[test]
    fn rare_words_and_many_words_make_the_share() {
        let found = shares(&[rows(&[1, 2, 3]), rows(&[3])], 100);
        let of = |row| found.iter().find(|l| l.row == RowId(row)).copied().unwrap();
        assert_eq!((of(3).share, of(3).place), (1.0, 1));
        // ln(1 + 100/3) / (ln(1 + 100/3) + ln(1 + 100))
        assert!((of(1).share - 0.433_8).abs() < 1e-3, "{:?}", of(1));
        assert_eq!((of(1).place, of(2).place), (3, 3), "equals share the last place");
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_common_word_brings_nobody_and_an_unknown_one_halves_the_rest() {
        assert!(shares(&[(0..5000).collect()], 10_000).is_empty());
        assert!(shares(&[], 10).is_empty());
        let found = shares(&[rows(&[7]), rows(&[])], 100);
        assert_eq!(found, [Literal { row: RowId(7), share: 0.5, place: 1 }]);
    }
}
