//! Words as queries over labelled pictures: how well `seer search` finds what a word means.
//!
//! Pictures are ordered as a search orders them: by cosine, and by the probability of the classes
//! that the word names where the model tells classes apart. Words in file names count for nothing,
//! and no picture is left out. Of equal scores the earlier picture comes first.

use std::path::PathBuf;

use seer_encoders::Model;
use seer_store::probability_among;
use seer_types::Embedding;
use serde::Serialize;

use crate::EngineError;
use crate::analyses::Seen;
use crate::dot::cosines;
use crate::encode_files::see_all;
use crate::eval::AsRead;
use crate::eval::rank::{Recall, rank, recall};
use crate::named::Named;

/// A query with its right answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The query.
    pub text: String,
    /// The pictures that show it, by their number; at least one.
    pub right: Vec<usize>,
}

/// What a measurement gave; shares from 0 to 1, means over the words.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct NamesReport {
    /// Words asked.
    pub words: usize,
    /// How many of them name classes of the model.
    pub known: usize,
    /// Pictures asked for.
    pub pictures: usize,
    /// Words with a right picture among the first.
    pub recall: Recall,
    /// The same by cosine alone.
    pub recall_by_cosine: Recall,
    /// Right ones among the first five.
    pub precision_at_5: f64,
    /// Right ones among the first ten, of as many as there can be.
    pub attained_at_10: f64,
    /// For each picture as a query, the share of the five nearest others with its label; pictures
    /// without another of their label do not count. Means over the pictures.
    pub similar_at_5: f64,
}

/// Measures a model on words and pictures; `labels` say which pictures show the same, one for
/// each. `progress` hears of words and pictures encoded, and of all to encode.
///
/// # Errors
/// A picture that cannot be read or decoded (a measurement that skips some is no measurement),
/// with its path; or the model.
pub fn names(
    model: &Model,
    words: &[Word],
    pictures: &[PathBuf],
    labels: &[usize],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<NamesReport, EngineError> {
    let total = words.len() + pictures.len();
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let queries = super::encode_texts(model, &texts, None, &|done| progress(done, total))?;
    let seen = see_all(model, pictures, &|done| progress(words.len() + done, total))?;
    let embeddings: Vec<Embedding> = seen.iter().map(|seen| seen.embedding.clone()).collect();
    let name = |query: &AsRead| query.may_name.then(|| Named::in_text(&query.words, model));
    let named: Vec<Option<Named>> = queries.iter().map(|query| name(query).flatten()).collect();
    let (mut ranks, mut by_cosine) = (Vec::new(), Vec::new());
    let (mut precision, mut attained) = (0.0, 0.0);
    for ((word, query), named) in words.iter().zip(&queries).zip(&named) {
        let mut scores = cosines(&query.embedding, &embeddings);
        by_cosine.push(rank(&scores, &word.right));
        if let Some(named) = named {
            raise(&mut scores, named, &seen);
        }
        ranks.push(rank(&scores, &word.right));
        precision += share_of_first(&scores, &word.right, 5, 5);
        attained += share_of_first(&scores, &word.right, 10, word.right.len());
    }
    let count = words.len().max(1) as f64;
    Ok(NamesReport {
        words: words.len(),
        known: named.iter().flatten().count(),
        pictures: pictures.len(),
        recall: recall(&ranks),
        recall_by_cosine: recall(&by_cosine),
        precision_at_5: precision / count,
        attained_at_10: attained / count,
        similar_at_5: similar(&likenesses(&seen), labels),
    })
}

/// Adds to cosines what the classes of the pictures say of the named ones.
fn raise(scores: &mut [f32], named: &Named, seen: &[Seen]) {
    for (score, seen) in scores.iter_mut().zip(seen) {
        *score += named.weight * probability_among(&seen.classes, &named.classes).sqrt();
    }
}

/// The embeddings by which pictures are compared with pictures.
fn likenesses(seen: &[Seen]) -> Vec<Embedding> {
    seen.iter().map(|seen| seen.likeness.as_ref().unwrap_or(&seen.embedding).clone()).collect()
}

/// The first `k` pictures.
fn first(scores: &[f32], k: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    order.truncate(k);
    order
}

/// Right ones among the first `k`, of `k` or of `possible`, whichever is less.
fn share_of_first(scores: &[f32], right: &[usize], k: usize, possible: usize) -> f64 {
    let found = first(scores, k).iter().filter(|picture| right.contains(picture)).count();
    found as f64 / k.min(possible).max(1) as f64
}

fn similar(embeddings: &[Embedding], labels: &[usize]) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0f64);
    for (picture, embedding) in embeddings.iter().enumerate() {
        let own = |other: &usize| *other != picture && labels[*other] == labels[picture];
        let alike: Vec<usize> = (0..labels.len()).filter(own).collect();
        if alike.is_empty() {
            continue;
        }
        let mut scores = cosines(embedding, embeddings);
        scores[picture] = f32::NEG_INFINITY;
        sum += share_of_first(&scores, &alike, 5, alike.len());
        count += 1.0;
    }
    sum / count.max(1.0)
}

#[cfg(test)]
mod tests {
    use seer_types::{ModelFingerprint, PhotoClass};

    use super::*;

    fn at(x: f32, y: f32) -> Embedding {
        Embedding::new(ModelFingerprint([0; 16]), vec![x, y]).unwrap()
    }

    #[test]
    fn classes_raise_pictures() {
        let named =
            Named { name: "cat".into(), classes: vec!["cat".into()], akin: false, weight: 0.5 };
        let class = |probability| vec![PhotoClass { names: "cat".into(), probability }];
        let seen = [(1.0, 0.0, vec![]), (0.0, 1.0, class(0.25))];
        let seen =
            seen.map(|(x, y, classes)| Seen { embedding: at(x, y), likeness: None, classes });
        let mut scores = [0.1, 0.0];
        raise(&mut scores, &named, &seen);
        assert_eq!(scores, [0.1, 0.25]);
    }

    #[test]
    fn shares_are_of_what_is_possible() {
        let scores = [0.1, 0.9, 0.5, 0.7];
        assert_eq!(first(&scores, 3), [1, 3, 2]);
        assert_eq!(share_of_first(&scores, &[1, 2], 2, 2), 0.5);
        assert_eq!(share_of_first(&scores, &[1], 2, 1), 1.0);
        assert_eq!(share_of_first(&scores, &[1], 2, 2), 0.5);
    }

    #[test]
    fn a_picture_is_no_answer_to_itself() {
        let pictures = [at(1.0, 0.0), at(0.9, 0.1), at(0.0, 1.0), at(0.1, 0.9), at(-1.0, 0.0)];
        assert_eq!(similar(&pictures, &[0, 0, 1, 1, 2]), 1.0, "one other each, and one alone");
        assert_eq!(similar(&pictures[..3], &[0, 1, 0]), 1.0, "two others at most");
    }
}
