//! One query over pictures that show it, or over those that do not.

use seer_encoders::{Best, Model, Relevance, TextKind};
use seer_store::probability_among;
use seer_types::Embedding;

use super::JudgedQuery;
use crate::analyses::Seen;
use crate::bands::{Band, Judge, best_of, kind_of};
use crate::dot::dot;
use crate::eval::AsRead;
use crate::named::Named;

/// Photos of an answer that are looked at one by one.
const LOOKED_AT: usize = 30;

/// A query as a search reads it.
pub(super) struct Query {
    pub(super) number: usize,
    pub(super) embedding: Embedding,
    pub(super) kind: TextKind,
    pub(super) right: Vec<usize>,
    named: Option<Named>,
}

impl Query {
    pub(super) fn new(number: usize, query: &JudgedQuery, read: AsRead, model: &Model) -> Self {
        let named = read.may_name.then(|| Named::in_text(&read.words, model)).flatten();
        Self {
            number,
            kind: kind_of(&read.words, named.as_ref()),
            embedding: read.embedding,
            right: query.right.clone(),
            named,
        }
    }

    /// Where it is and where it is not, over equally many pictures: a judgement must not go by their
    /// number. Over all that there are, and over each of these parts of them.
    pub(super) fn trials<'a>(
        &'a self,
        pictures: &[Seen],
        elsewhere: &[Seen],
        parts: &[usize],
    ) -> Vec<Trial<'a>> {
        let mut ranked = self.ranked(pictures);
        self.right.iter().for_each(|right| ranked[*right].is_right = true);
        let (right, others): (Vec<Ranked>, Vec<Ranked>) =
            ranked.into_iter().partition(|one| one.is_right);
        let absent = match elsewhere.is_empty() {
            true => others.clone(),
            false => self.ranked(elsewhere),
        };
        let count = absent.len().min(right.len() + others.len());
        let trial = |part: &usize| {
            let count = count / part;
            let of_right = (right.len() / part).max(1).min(right.len()).min(count);
            let mut present = evenly(&right, of_right);
            present.extend(evenly(&others, count - of_right));
            [(of_right > 0).then_some(present), Some(evenly(&absent, count))]
        };
        let trials = parts.iter().flat_map(trial).flatten().filter(|photos| !photos.is_empty());
        trials.map(|photos| Trial::new(self, photos)).collect()
    }

    /// How many of these pictures come before the first right one, and the share of right ones among
    /// the first ten, of as many as there can be.
    pub(super) fn found(&self, pictures: &[Seen]) -> (usize, f64) {
        let mut ranked = self.ranked(pictures);
        self.right.iter().for_each(|right| ranked[*right].is_right = true);
        self.sort(&mut ranked);
        let rank = ranked.iter().position(|one| one.is_right).unwrap_or(usize::MAX);
        let right = ranked.iter().take(10).filter(|one| one.is_right).count();
        (rank, right as f64 / self.right.len().clamp(1, 10) as f64)
    }

    /// As a search orders them.
    fn sort(&self, pictures: &mut [Ranked]) {
        let weight = self.named.as_ref().map_or(0.0, |named| named.weight);
        let place = |one: &Ranked| one.cosine + weight * one.shown.sqrt();
        pictures.sort_by(|a, b| place(b).total_cmp(&place(a)));
    }

    fn ranked(&self, pictures: &[Seen]) -> Vec<Ranked> {
        let ranked = |seen: &Seen| Ranked {
            cosine: dot(self.embedding.values(), seen.embedding.values()),
            shown: match &self.named {
                Some(named) => probability_among(&seen.classes, &named.classes),
                None => 0.0,
            },
            is_right: false,
        };
        pictures.iter().map(ranked).collect()
    }
}

/// So many of them, evenly spread; all where there are no more.
fn evenly(all: &[Ranked], count: usize) -> Vec<Ranked> {
    let count = count.min(all.len());
    (0..count).map(|i| all[i * all.len() / count]).collect()
}

/// A picture of an answer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Ranked {
    pub(super) cosine: f32,
    /// How likely it shows what the query names.
    pub(super) shown: f32,
    pub(super) is_right: bool,
}

/// A query's answer.
pub(super) struct Trial<'a> {
    pub(super) query: &'a Query,
    /// Whether something right is among the pictures.
    pub(super) is_there: bool,
    /// The first ones, as a search orders them.
    pub(super) first: Vec<Ranked>,
    near: Vec<f32>,
    shown: Vec<f32>,
    photos: u64,
}

/// What was said of an answer.
pub(super) struct Judged {
    /// The higher, the more certainly something is there.
    pub(super) score: f32,
    /// The bands of the first ones; none without a judge.
    pub(super) bands: Vec<Band>,
}

impl<'a> Trial<'a> {
    fn new(query: &'a Query, mut photos: Vec<Ranked>) -> Self {
        let mut near: Vec<f32> = photos.iter().map(|one| one.cosine).collect();
        near.sort_unstable_by(|a, b| b.total_cmp(a));
        let mut shown: Vec<f32> = photos.iter().map(|one| one.shown).collect();
        shown.sort_unstable_by(|a, b| b.total_cmp(a));
        query.sort(&mut photos);
        let is_there = photos.iter().any(|one| one.is_right);
        let count = photos.len() as u64;
        photos.truncate(LOOKED_AT);
        near.truncate(LOOKED_AT);
        shown.truncate(LOOKED_AT);
        Self { query, is_there, first: photos, near, shown, photos: count }
    }

    /// By what the answer is judged.
    pub(super) fn with_best<T>(&self, look: impl FnOnce(Best<'_>) -> T) -> T {
        let mut shown = self.shown.clone();
        look(best_of(&self.near, &mut shown, self.photos))
    }

    pub(super) fn photos(&self) -> u64 {
        self.photos
    }

    pub(super) fn judged(&self, relevance: Option<&Relevance>) -> Judged {
        let Some(relevance) = relevance else {
            return Judged { score: self.with_best(plain_rule), bands: Vec::new() };
        };
        let judge = Judge::new(relevance, self.query.kind, &self.query.embedding, self.photos);
        let ranked = self.first.iter().map(|one| (one.cosine, one.shown));
        let score = self.with_best(|best| judge.clearness(best));
        Judged { score, bands: judge.bands(ranked, score >= 0.0) }
    }
}

/// The mean of the best ten cosines, lowered as there are more photos: what can be said with a model
/// of which nothing else is known. Each tenfold of photos raises the best cosines by about 0.06.
fn plain_rule(best: Best<'_>) -> f32 {
    let mean = best.cosines.iter().sum::<f32>() / best.cosines.len().max(1) as f32;
    mean - 0.028 * (best.photos.max(1) as f32 / 1000.0).ln()
}
