//! What each word of a sentence does for a score.
//!
//! Words that are compared together have no shares that could be added: the model reads them as one.
//! What can be said honestly is what the score loses when one of them is left out.

use seer_types::Embedding;

use crate::emphasis::layers;
use crate::literal::is_telling;
use crate::mixing::Parts;
use crate::query::Term;
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

/// A word that is left out of those that are wanted.
pub(crate) struct LeftOut {
    word: String,
    /// The texts without it, with their weights.
    pub(crate) texts: Vec<(String, f32)>,
}

/// The texts of a question with one telling word left out of each; none where one word is wanted.
pub(crate) fn left_out(question: &Question<'_>) -> Vec<LeftOut> {
    let terms = &question.meant.terms;
    let words = |term: &Term| term.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let wanted = terms.iter().enumerate().filter(|(_, term)| term.weight > 0.0);
    let each: Vec<(usize, usize, String)> = wanted
        .flat_map(|(place, term)| {
            words(term).into_iter().enumerate().map(move |(at, word)| (place, at, word))
        })
        .collect();
    if each.len() < 2 {
        return Vec::new();
    }
    let without = |(place, at, word): (usize, usize, String)| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let mut terms = terms.clone();
        let mut rest = words(&terms[place]);
        rest.remove(at);
        terms[place].text = rest.join(" ");
        terms.retain(|term| !term.text.is_empty());
        is_telling(word).then(|| LeftOut { word: word.to_owned(), texts: layers(&terms) })
    };
    each.into_iter().filter_map(without).take(MOST).collect()
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
        let texts = left_out.iter().flat_map(|one| &one.texts);
        let texts: Vec<&str> = texts.map(|(text, _)| text.as_str()).collect();
        let (space, reader) = (model.fingerprint(), reading.reader(&model)?);
        let encoded = self.encode_texts(space, &reader, &texts, &mut Timings::default())?;
        let mut encoded = encoded.into_iter();
        let mut words = Vec::new();
        for LeftOut { word, texts } in left_out {
            let weights = texts.into_iter().map(|(_, weight)| weight);
            let texts = encoded.by_ref().take(weights.len()).zip(weights).collect();
            let parts = Parts { texts, ..point.parts.clone() };
            // Parts that cancel each other out without the word have no point to compare with.
            words.extend(parts.mixed(model.relevance()).ok().map(|mixed| (word, mixed.point)));
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
        let found: Vec<(String, String)> =
            left_out(&question).into_iter().map(|one| (one.word, one.texts[0].0.clone())).collect();
        let right = [
            ("two", "dogs on the beach, red"),
            ("dogs", "two on the beach, red"),
            ("beach", "two dogs on the red"),
            ("red", "two dogs on the beach,"),
        ];
        assert_eq!(found, right.map(|(word, text)| (word.to_owned(), text.to_owned())));
    }
}
