//! Ranking by words: BM25 over all words of a photo.
//!
//! Names, folders, tags, caption, camera and lens count with different weights (see
//! `document.rs`). For each word the better of its exact form and its English stem counts, the
//! stem for less, so that "dogs" finds "dog" after "dogs"; the words' scores add up. BM25 as in
//! tantivy with k1 = 1.2, without the part that favours short texts: a long path or many tags make
//! no photo a worse answer. Photos without any of the words are no answers.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};

use roaring::RoaringBitmap;
use seer_types::RowId;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::{Language, StopWordFilter, TextAnalyzer, TokenStream};
use tantivy::{DocId, Score, SegmentReader, Term};

use crate::evaluate::{row_column, row_of};
use crate::schema::{Fields, stemming};
use crate::words::{WordTokenizer, words_of_both};

/// What a stem is worth beside the word itself.
const STEM: f32 = 0.8;

/// Share of the one that is not the better.
const OTHER: f32 = 0.1;

/// One answer of the ranking.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ranked {
    /// The photo.
    pub row: RowId,
    /// BM25, above 0; only comparable within one answer.
    pub score: f32,
}

/// Better first: higher score, then lower row.
impl Ranked {
    fn order(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.row.cmp(&other.row))
    }
}

/// The query for some words; `None` when there is none to look for.
pub(crate) fn query(fields: &Fields, text: &str) -> Option<BooleanQuery> {
    let clauses: Vec<(Occur, Box<dyn Query>)> = wanted(text)
        .into_iter()
        .map(|word| (Occur::Should, Box::new(word_query(fields, &word)) as Box<dyn Query>))
        .collect();
    (!clauses.is_empty()).then(|| BooleanQuery::new(clauses))
}

/// The words of both readings, each once, without "the" and its kind unless there is nothing else.
fn wanted(text: &str) -> Vec<String> {
    let mut all = words_of_both(text);
    let mut seen = HashSet::new();
    all.retain(|word| seen.insert(word.clone()));
    let telling: Vec<String> = all.iter().filter(|word| !is_stop_word(word)).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// Whether a word says nothing by itself: "the", "of" and their kind, in English.
pub fn is_stop_word(word: &str) -> bool {
    let Some(filter) = StopWordFilter::new(Language::English) else { return false };
    let mut analyzer = TextAnalyzer::builder(WordTokenizer(words_of_both)).filter(filter).build();
    !analyzer.token_stream(word).advance()
}

fn stem(word: &str) -> Option<String> {
    let mut analyzer = stemming();
    let mut stream = analyzer.token_stream(word);
    stream.advance().then(|| stream.token().text.clone())
}

fn word_query(fields: &Fields, word: &str) -> DisjunctionMaxQuery {
    let in_field = |field: Field, word: &str, boost: f32| -> Box<dyn Query> {
        let term = Term::from_field_text(field, word);
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        Box::new(BoostQuery::new(Box::new(query), boost))
    };
    let mut parts = vec![in_field(fields.ranked, word, 1.0)];
    parts.extend(stem(word).map(|stem| in_field(fields.stems, &stem, STEM)));
    DisjunctionMaxQuery::with_tie_breaker(parts, OTHER)
}

/// Keeps the best `k` rows of those allowed.
pub(crate) struct Best<'a> {
    pub(crate) k: usize,
    pub(crate) within: Option<&'a RoaringBitmap>,
}

/// The best of one segment.
pub(crate) struct SegmentBest {
    k: usize,
    /// Rows allowed; collectors of segments may not borrow.
    within: Option<RoaringBitmap>,
    row: Column<u64>,
    /// Worst on top.
    heap: BinaryHeap<ByRank>,
}

struct ByRank(Ranked);

impl PartialEq for ByRank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ByRank {}

impl PartialOrd for ByRank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByRank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order(&other.0)
    }
}

impl Collector for Best<'_> {
    type Fruit = Vec<Ranked>;
    type Child = SegmentBest;

    fn for_segment(&self, _: u32, reader: &SegmentReader) -> tantivy::Result<SegmentBest> {
        Ok(SegmentBest {
            k: self.k,
            within: self.within.cloned(),
            row: row_column(reader)?,
            heap: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        let mut all: Vec<Ranked> = fruits.into_iter().flatten().collect();
        all.sort_unstable_by(Ranked::order);
        all.truncate(self.k);
        Ok(all)
    }
}

impl SegmentCollector for SegmentBest {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(row) = row_of(&self.row, doc) else { return };
        if self.within.as_ref().is_some_and(|within| !within.contains(row)) {
            return;
        }
        self.heap.push(ByRank(Ranked { row: RowId(row), score }));
        if self.heap.len() > self.k {
            self.heap.pop();
        }
    }

    fn harvest(self) -> Vec<Ranked> {
        self.heap.into_iter().map(|ranked| ranked.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_count_only_when_alone() {
        assert_eq!(wanted("the dog on the beach"), ["dog", "beach"]);
        assert_eq!(wanted("The The"), ["the"]);
        assert_eq!(wanted("iPhone"), ["i", "phone", "iphone"]);
        assert_eq!(wanted("?!"), [""; 0]);
        assert_eq!(stem("dogs").as_deref(), Some("dog"));
    }

    #[test]
    fn ties_go_to_the_lower_row() {
        let ranked = |row, score| Ranked { row: RowId(row), score };
        let mut all = [ranked(3, 1.0), ranked(1, 1.0), ranked(2, 2.0)];
        all.sort_by(Ranked::order);
        assert_eq!(all.map(|r| r.row.0), [2, 1, 3]);
    }
}
