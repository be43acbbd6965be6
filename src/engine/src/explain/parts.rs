//! What each part of a query has of a score.
//!
//! A query's point is a weighted sum of its parts, brought to unit length, so a photo's cosine to it
//! is the sum of weight x cosine over the parts. The weights are read back from the point: they solve
//! `G w = b`, where `G` has the cosines of the parts to each other and `b` those to the point. So they
//! hold however the point was mixed.

use seer_types::Embedding;

use crate::emphasis::layers;
use crate::linear_system::solved;
use crate::query::Like;
use crate::query_embedding::{NEUTRAL, QueryPoint, pushed_from};
use crate::ranking::Question;
use crate::{Picture, mixing::Parts};

/// Added to the diagonal: of parts that are the same each gets half.
const RIDGE: f64 = 1e-7;
/// What is left over by less than this is rounding.
const ROUNDING: f32 = 2e-3;

/// What a part of a query is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartKind {
    /// A text that is wanted.
    Words,
    /// A text to push away from.
    Excluded,
    /// Any photo: what is wanted where a query only excludes.
    AnyPhoto,
    /// A photo of the library.
    Photo,
    /// A picture that came with the query.
    Picture,
    /// A photo that was marked as right.
    More,
    /// A photo that was marked as wrong.
    Less,
    /// What no other part explains.
    Rest,
}

/// What a part of a query has of a photo's score.
#[derive(Clone, PartialEq, Debug)]
pub struct PartShare {
    /// What it is.
    pub kind: PartKind,
    /// The text; of a photo its id; of a picture its number among the query's, from 1 on.
    pub text: String,
    /// How much it counts in the query's point; below 0 for what is excluded.
    pub weight: f32,
    /// The photo's cosine to it, -1 to 1.
    pub cosine: f32,
    /// Weight times cosine: the shares of all parts add up to the score.
    pub share: f32,
}

/// The parts of a query with their weights.
#[derive(Default)]
pub(super) struct WeightedParts {
    parts: Vec<Weighted>,
}

struct Weighted {
    kind: PartKind,
    text: String,
    /// One, or several for a text that is read as several.
    points: Vec<(Embedding, f32)>,
}

impl WeightedParts {
    pub(super) fn of(question: &Question<'_>, point: &QueryPoint) -> Self {
        let points = points(&point.parts);
        let weights = weights(&points, &point.embedding);
        let mut rest = points.into_iter().cloned().zip(weights);
        let named = names(question, &point.parts).into_iter().map(|(kind, text, count)| Weighted {
            kind,
            text,
            points: rest.by_ref().take(count).collect(),
        });
        Self { parts: named.collect() }
    }

    /// For a photo's point and its score.
    pub(super) fn shares(&self, (photo, score): (&Embedding, f32)) -> Vec<PartShare> {
        let share = |part: &Weighted| {
            let cosine = |(point, weight): &(Embedding, f32)| weight * dot(point, photo);
            let share: f32 = part.points.iter().map(cosine).sum();
            let weight: f32 = part.points.iter().map(|(_, weight)| weight).sum();
            let cosine = if weight == 0.0 { 0.0 } else { share / weight };
            PartShare { kind: part.kind, text: part.text.clone(), weight, cosine, share }
        };
        let mut shares: Vec<PartShare> = self.parts.iter().map(share).collect();
        let rest = score - shares.iter().map(|part| part.share).sum::<f32>();
        if rest.abs() > ROUNDING {
            let text = String::new();
            shares.push(PartShare {
                kind: PartKind::Rest,
                text,
                weight: 0.0,
                cosine: 0.0,
                share: rest,
            });
        }
        shares
    }
}

/// Texts that are wanted, pictures, texts that are excluded, photos that were marked as right and as
/// wrong.
fn points(parts: &Parts) -> Vec<&Embedding> {
    let Parts { texts, pictures, excluded, more, less } = parts;
    [texts, pictures, excluded, more, less].into_iter().flatten().map(|(point, _)| point).collect()
}

/// What the points of parts are, and how many of them are one part, in the order of [`points`].
fn names(question: &Question<'_>, parts: &Parts) -> Vec<(PartKind, String, usize)> {
    let terms = &question.meant.terms;
    let mut names: Vec<_> =
        layers(terms).into_iter().map(|(text, _)| (PartKind::Words, text, 1)).collect();
    if names.len() < parts.texts.len() {
        names.push((PartKind::AnyPhoto, NEUTRAL.to_owned(), 1));
    }
    names.extend(pictures(question));
    let excluded = terms.iter().filter(|term| term.weight < 0.0).map(|term| {
        let count = pushed_from(&term.text, -term.weight).len();
        (PartKind::Excluded, term.text.clone(), count)
    });
    names.extend(excluded);
    names.extend(photos(&question.query.more, PartKind::More));
    names.extend(photos(&question.query.less, PartKind::Less));
    names
}

/// Photos of the library that count.
fn photos(likes: &[Like], kind: PartKind) -> impl Iterator<Item = (PartKind, String, usize)> {
    let counting = likes.iter().filter(|like| like.weight > 0.0);
    counting.map(move |like| (kind, like.id.clone(), 1))
}

/// The pictures in the order in which they are parts: photos of the library first.
fn pictures(question: &Question<'_>) -> Vec<(PartKind, String, usize)> {
    let liked = photos(&question.query.likes, PartKind::Photo);
    let given = question.pictures.iter().filter_map(|picture| match picture {
        Picture::Photo(id) => Some((PartKind::Photo, id.to_string(), 1)),
        Picture::Bytes(_) => None,
    });
    let others = question.pictures.iter().enumerate().filter_map(|(at, picture)| match picture {
        Picture::Bytes(_) => Some((PartKind::Picture, (at + 1).to_string(), 1)),
        Picture::Photo(_) => None,
    });
    liked.chain(given).chain(others).collect()
}

/// The weights with which the points add up to `sum`.
fn weights(points: &[&Embedding], sum: &Embedding) -> Vec<f32> {
    let row = |(at, one): (usize, &&Embedding)| {
        let mut row: Vec<f64> = points.iter().map(|other| f64::from(dot(one, other))).collect();
        row[at] += RIDGE;
        row
    };
    let matrix = points.iter().enumerate().map(row).collect();
    let right = points.iter().map(|one| f64::from(dot(one, sum))).collect();
    solved(matrix, right).into_iter().map(|weight| weight as f32).collect()
}

fn dot(one: &Embedding, other: &Embedding) -> f32 {
    one.cosine(other).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use seer_types::ModelFingerprint;

    use super::*;

    fn point(values: &[f32]) -> Embedding {
        Embedding::new(ModelFingerprint([1; 16]), values.to_vec()).unwrap()
    }

    #[test]
    fn weights_are_read_back_from_the_sum() {
        let parts = [point(&[1.0, 0.0, 0.2]), point(&[0.9, 0.3, 0.0]), point(&[0.0, 1.0, 1.0])];
        let given = [1.0, 0.4, -0.6];
        let sum: Vec<(&Embedding, f32)> = parts.iter().zip(given).collect();
        let sum = Embedding::weighted_sum(&sum).unwrap();
        let found = weights(&parts.iter().collect::<Vec<_>>(), &sum);
        let scale = found[0] / given[0];
        for (found, given) in found.iter().zip(given) {
            assert!((found - scale * given).abs() < 1e-4, "{found}, not {}", scale * given);
        }
    }

    #[test]
    fn parts_that_are_the_same_share() {
        let (one, other) = (point(&[1.0, 0.0]), point(&[0.0, 1.0]));
        let sum = Embedding::weighted_sum(&[(&one, 2.0), (&other, 1.0)]).unwrap();
        let found = weights(&[&one, &one, &other], &sum);
        assert!((found[0] - found[1]).abs() < 1e-3, "{found:?}");
        assert!((found[0] + found[1] - 2.0 * found[2]).abs() < 1e-3, "{found:?}");
    }
}
