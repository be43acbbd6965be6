//! How well each photo of an answer fits, and whether the answer is there at all.
//!
//! Ranking says which photo fits best; a band says how well. The model's [`Relevance`] says it of each
//! photo by its cosine and classes, and of the best ones together whether they show what was asked for
//! at all.

use std::collections::HashMap;

use seer_encoders::{Best, Fit, Model, Relevance, Spread, TextKind};
use seer_types::{Embedding, PhotoId};

use crate::dot::cosines;
use crate::literal::Literal;
use crate::named::Named;
use crate::query::ParsedQuery;

/// How well a photo fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Band {
    /// It shows what was asked for, or its names hold all of the words.
    Strong,
    /// It probably shows it.
    Likely,
    /// It is only among the nearest.
    Weak,
}

/// Photos by which an answer is judged, at the most,
const BEST: u64 = 10;
/// and one for so many that were compared.
const PHOTOS_PER_BEST: u64 = 50;
/// Probabilities of classes by which it is judged.
const SHOWN: usize = 3;
/// A query of at most so many words is one of few words.
const FEW_WORDS: usize = 3;
/// A photo whose names hold at least this share of the words is never weak.
pub(crate) const LITERAL: f32 = 0.5;

/// What the words of one query mean to the photos of one library.
pub(crate) struct Judge<'a> {
    relevance: &'a Relevance,
    kind: TextKind,
    spread: Spread,
    /// Photos that were compared.
    photos: u64,
}

/// What the photos of one answer are judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grounds {
    /// Whether the answer clearly shows what was asked for at all.
    pub(crate) clear: bool,
    /// Whether the query names classes, whose probabilities count.
    pub(crate) named: bool,
    /// How the query lies to photos that were not asked for.
    pub(crate) spread: Spread,
}

impl<'a> Judge<'a> {
    /// `None` where there is nothing to judge by: a model that was not measured, or a query with
    /// pictures, whose cosines are others than those of words.
    pub(crate) fn of(
        model: &'a Model,
        query: &ParsedQuery,
        named: Option<&Named>,
        embedding: &Embedding,
        photos: u64,
    ) -> Option<Self> {
        let relevance = model.relevance()?;
        let words = query.words();
        if words.is_empty() || !query.likes.is_empty() || embedding.model() != model.fingerprint() {
            return None;
        }
        let kind = match named {
            Some(named) if named.akin => TextKind::Akin,
            Some(_) => TextKind::Named,
            None if words.split_whitespace().count() <= FEW_WORDS => TextKind::Words,
            None => TextKind::Sentence,
        };
        let spread = Spread::of(cosines(embedding, relevance.pictures()));
        Some(Self { relevance, kind, spread, photos })
    }

    /// What the answer as a whole is judged by. `near`: the cosines of the photos nearest to the
    /// query, the best first.
    pub(crate) fn grounds(&self, near: &[f32], probabilities: &HashMap<PhotoId, f32>) -> Grounds {
        let named = matches!(self.kind, TextKind::Named | TextKind::Akin);
        Grounds { clear: self.is_clear(near, probabilities), named, spread: self.spread }
    }

    /// The band of each photo by meaning, in their order: no photo fits better than the one before
    /// it.
    pub(crate) fn bands(
        &self,
        ranked: &[(PhotoId, f32)],
        grounds: &Grounds,
        probabilities: &HashMap<PhotoId, f32>,
    ) -> Vec<Band> {
        if !grounds.clear {
            return vec![Band::Weak; ranked.len()];
        }
        let mut so_far = Band::Strong;
        let band = |(id, cosine): &(PhotoId, f32)| {
            let shown = probabilities.get(id).copied().unwrap_or(0.0);
            let fit = self.relevance.of_photo(self.kind, &self.spread, *cosine, shown, self.photos);
            let band = match fit {
                Fit::Strong => Band::Strong,
                Fit::Likely => Band::Likely,
                Fit::Weak => Band::Weak,
            };
            so_far = so_far.max(band);
            so_far
        };
        ranked.iter().map(band).collect()
    }

    fn is_clear(&self, near: &[f32], probabilities: &HashMap<PhotoId, f32>) -> bool {
        let mut shown: Vec<f32> = probabilities.values().copied().collect();
        shown.sort_unstable_by(|a, b| b.total_cmp(a));
        shown.truncate(SHOWN);
        // Of few photos, few can show it: their mean must not be that of all others.
        let count = (self.photos / PHOTOS_PER_BEST).clamp(1, BEST) as usize;
        let cosines = &near[..near.len().min(count)];
        let best = Best { cosines, shown: &shown, photos: self.photos };
        self.relevance.is_clear(self.kind, &self.spread, best)
    }
}

/// Photos whose names hold the words fit, whatever they show: all of the words strongly.
pub(crate) fn raise(bands: &mut HashMap<PhotoId, Band>, literal: &[Literal]) {
    for Literal { id, share, .. } in literal.iter().filter(|literal| literal.share >= LITERAL) {
        let band = if *share > 0.99 { Band::Strong } else { Band::Likely };
        let known = bands.entry(*id).or_insert(band);
        *known = band.min(*known);
    }
}

/// The photos that fit in front of those that are only near; both in the order they had.
pub(crate) fn relevant_first(
    photos: Vec<(PhotoId, f32)>,
    bands: &HashMap<PhotoId, Band>,
) -> Vec<(PhotoId, f32)> {
    let is_weak = |id: &PhotoId| bands.get(id).is_none_or(|band| *band == Band::Weak);
    let (weak, fits): (Vec<_>, Vec<_>) = photos.into_iter().partition(|(id, _)| is_weak(id));
    fits.into_iter().chain(weak).collect()
}
