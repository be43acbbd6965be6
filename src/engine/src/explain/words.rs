//! What each word of a sentence does for a score.
//!
//! Words that are compared together have no shares that could be added: the model reads them as one.
//! What can be said honestly is what the score loses when one of them is left out.

use seer_types::Embedding;

use crate::literal::is_telling;
use crate::query_embedding::QueryPoint;
use crate::ranking::Question;
use crate::{EngineError, Library, Timings};

/// Words of one query that are left out, at the most: each takes a pass through the text tower.
const MOST: usize = 12;

/// What a score loses without a word.
#[derive(Clone, PartialEq, Debug)]
pub struct WordShare {
    /// The word as it was compared.
    pub word: String,
    /// The score minus that of the query without it; below 0 for a word that speaks against the
    /// photo.
    pub share: f32,
}

/// The query's point without each of its words.
#[derive(Default)]
pub(super) struct Without {
    words: Vec<(String, Embedding)>,
}

impl Without {
    /// For a photo's point and its score.
    pub(super) fn shares(&self, (photo, score): (&Embedding, f32)) -> Vec<WordShare> {
        let share = |(word, point): &(String, Embedding)| {
            let without = point.cosine(photo).ok()?;
            Some(WordShare { word: word.clone(), share: score - without })
        };
        self.words.iter().filter_map(share).collect()
    }
}

/// A word that is left out of a text that is wanted.
pub(crate) struct LeftOut {
    /// The place of the text among those that are wanted.
    place: usize,
    word: String,
    /// The text without it.
    pub(crate) text: String,
}

/// The texts of a question with one telling word left out of each; none of texts of one word.
pub(crate) fn left_out(question: &Question<'_>) -> Vec<LeftOut> {
    let wanted = question.meant.terms.iter().filter(|term| term.weight > 0.0).enumerate();
    let each = wanted.flat_map(|(place, term)| {
        let words: Vec<&str> = term.text.split_whitespace().collect();
        let count = if words.len() > 1 { words.len() } else { 0 };
        (0..count).filter_map(move |at| {
            let word = words[at].trim_matches(|c: char| !c.is_alphanumeric());
            let rest = [&words[..at], &words[at + 1..]].concat().join(" ");
            is_telling(word).then(|| LeftOut { place, word: word.to_owned(), text: rest })
        })
    });
    each.take(MOST).collect()
}

impl Library {
    /// The question's point without each telling word.
    pub(super) fn without_each_word(
        &self,
        question: &Question<'_>,
        point: &QueryPoint,
    ) -> Result<Without, EngineError> {
        let left_out = left_out(question);
        let Some(reading) = question.reading.filter(|_| !left_out.is_empty()) else {
            return Ok(Without::default());
        };
        let model = self.model()?;
        let texts: Vec<&str> = left_out.iter().map(|one| one.text.as_str()).collect();
        let (space, reader) = (model.fingerprint(), reading.reader(&model)?);
        let encoded = self.encode_texts(space, &reader, &texts, &mut Timings::default())?;
        let mut words = Vec::new();
        for (LeftOut { place, word, .. }, text) in left_out.into_iter().zip(encoded) {
            let mut parts = point.parts.clone();
            let Some((whole, _)) = parts.texts.get_mut(place) else { continue };
            *whole = text;
            // Parts that cancel each other out without the word have no point to compare with.
            words.extend(parts.mixed(model.relevance()).ok().map(|mixed| (word, mixed)));
        }
        Ok(Without { words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sort;
    use crate::query::parse;

    #[test]
    fn telling_words_of_wanted_texts_are_left_out_one_by_one() {
        let query = parse("two dogs on the beach, red^0.5 -cat ext:jpg").unwrap();
        let question = Question {
            query: &query,
            meant: &query,
            reading: None,
            pictures: &[],
            allowed: None,
            wanted: 1,
            sort: Sort::Relevance,
            photos: 1,
            explain: true,
        };
        let found: Vec<(usize, String, String)> =
            left_out(&question).into_iter().map(|one| (one.place, one.word, one.text)).collect();
        let texts = [
            ("two", "dogs on the beach,"),
            ("dogs", "two on the beach,"),
            ("beach", "two dogs on the"),
        ];
        let right = texts.map(|(word, text)| (0, word.to_owned(), text.to_owned()));
        assert_eq!(found, right);
    }
}
