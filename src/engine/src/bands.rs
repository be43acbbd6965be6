//! How well each photo of an answer fits, and whether the answer is there at all.
//!
//! Ranking says which photo fits best; a band says how well. The model's [`Relevance`] says it of each
//! photo by its cosine and classes, and of the best ones together whether they show what was asked for
//! at all.

use std::collections::{HashMap, HashSet};

use seer_encoders::{Best, Fit, Model, OnePhoto, Relevance, Spread, TextKind};
use seer_types::{Embedding, PhotoId};

use crate::dot::cosines;
use crate::literal::Literal;
use crate::named::Named;
use crate::query::ParsedQuery;

/// How well a photo fits: a query of words, or of pictures alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Band {
    /// It shows what was asked for, or its names hold all of the words.
    Strong,
    /// It probably shows it, or something similar to the picture.
    Likely,
    /// It is only among the nearest.
    Weak,
}

impl From<Fit> for Band {
    fn from(fit: Fit) -> Self {
        match fit {
            Fit::Strong => Self::Strong,
            Fit::Likely => Self::Likely,
            Fit::Weak => Self::Weak,
        }
    }
}

/// Photos by which an answer is judged, at the most,
const BEST: u64 = 10;
/// and one for so many that were compared.
const PHOTOS_PER_BEST: u64 = 50;
/// Probabilities of classes by which it is judged.
const SHOWN: usize = 3;
/// A query of at most so many words is one of few words.
const FEW_WORDS: usize = 3;
/// Where so many photos in a row are weak, those that fit end.
const GAP: usize = 5;
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
        Some(Self::new(relevance, kind_of(&words, named), embedding, photos))
    }

    /// `embedding`: the query's, in the space of the reference pictures.
    pub(crate) fn new(
        relevance: &'a Relevance,
        kind: TextKind,
        embedding: &Embedding,
        photos: u64,
    ) -> Self {
        let spread = Spread::of(cosines(embedding, relevance.pictures()));
        Self { relevance, kind, spread, photos }
    }

    /// What the answer as a whole is judged by. `near`: the cosines of the photos nearest to the
    /// query, the best first.
    pub(crate) fn grounds(&self, near: &[f32], probabilities: &HashMap<PhotoId, f32>) -> Grounds {
        let mut shown: Vec<f32> = probabilities.values().copied().collect();
        let clear = self.clearness(best_of(near, &mut shown, self.photos)) >= 0.0;
        let named = matches!(self.kind, TextKind::Named | TextKind::Akin);
        Grounds { clear, named, spread: self.spread }
    }

    /// The band of each photo of an answer, the best first.
    pub(crate) fn photos(
        &self,
        ranked: &[(PhotoId, f32)],
        grounds: &Grounds,
        probabilities: &HashMap<PhotoId, f32>,
    ) -> Vec<Band> {
        let shown = |id| probabilities.get(id).copied().unwrap_or(0.0);
        self.bands(ranked.iter().map(|(id, cosine)| (*cosine, shown(id))), grounds.clear)
    }

    /// The literal hits that do not show what was asked for, where other photos do; none where no
    /// photo fits by what it shows: then names know more. `others`: those beyond the photos in `bands`.
    pub(crate) fn doubted(
        &self,
        literal: &[Literal],
        others: &[(PhotoId, f32)],
        bands: &HashMap<PhotoId, Band>,
        probabilities: &HashMap<PhotoId, f32>,
    ) -> HashSet<PhotoId> {
        if bands.values().all(|band| *band == Band::Weak) {
            return HashSet::new();
        }
        let weak = |id: &PhotoId| bands.get(id) == Some(&Band::Weak);
        let near = literal.iter().map(|hit| hit.id).filter(weak);
        let by_itself = |(id, cosine): &&(PhotoId, f32)| {
            let shown = probabilities.get(id).copied().unwrap_or(0.0);
            let odds = self.odds(*cosine, shown);
            self.relevance.fit(self.kind, odds, f32::INFINITY) == Fit::Weak
        };
        near.chain(others.iter().filter(by_itself).map(|(id, _)| *id)).collect()
    }

    /// Log odds that one photo shows it.
    fn odds(&self, cosine: f32, shown: f32) -> f32 {
        let photo = OnePhoto { cosine, shown, photos: self.photos };
        self.relevance.photo_odds(self.kind, &self.spread, photo)
    }

    /// See [`Relevance::clearness`].
    pub(crate) fn clearness(&self, best: Best<'_>) -> f32 {
        self.relevance.clearness(self.kind, &self.spread, best)
    }

    /// The band of each photo by meaning, in their order. `ranked`: cosine, and probability of what
    /// the query names; `clear`: whether the answer clearly shows it at all.
    pub(crate) fn bands(&self, ranked: impl Iterator<Item = (f32, f32)>, clear: bool) -> Vec<Band> {
        if !clear {
            return vec![Band::Weak; ranked.count()];
        }
        let odds: Vec<f32> = ranked.map(|(cosine, shown)| self.odds(cosine, shown)).collect();
        let best = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let bands = odds.iter().map(|odds| self.relevance.fit(self.kind, *odds, best).into());
        up_to_the_end(bands.collect())
    }
}

/// The order is the ranking's, so photos that fit have none behind them that do not: the fitting ones end
/// where [`GAP`] in a row are weak, and a weak one before that is likely, as those behind it are.
fn up_to_the_end(mut bands: Vec<Band>) -> Vec<Band> {
    let is_weak = |band: &Band| *band == Band::Weak;
    let gap = bands.windows(GAP).position(|row| row.iter().all(is_weak)).unwrap_or(bands.len());
    let end = bands[..gap].iter().rposition(|band| !is_weak(band)).map_or(0, |last| last + 1);
    bands[..end].iter_mut().filter(|band| is_weak(band)).for_each(|band| *band = Band::Likely);
    bands[end..].fill(Band::Weak);
    bands
}

/// The band of each photo of an answer to pictures without words; `None` where the model was not
/// measured in the space in which they were compared.
pub(crate) fn of_likeness(
    model: &Model,
    query: &Embedding,
    ranked: &[(PhotoId, f32)],
) -> Option<Vec<Band>> {
    let measured_in = model.likeness_space().map_or(model.fingerprint(), |space| space.fingerprint);
    let bars = model.relevance()?.likeness().filter(|_| query.model() == measured_in)?;
    Some(ranked.iter().map(|(_, cosine)| bars.fit(*cosine).into()).collect())
}

/// What a query of these words asks for.
pub(crate) fn kind_of(words: &str, named: Option<&Named>) -> TextKind {
    match named {
        Some(named) if named.akin => TextKind::Akin,
        Some(_) => TextKind::Named,
        None if words.split_whitespace().count() <= FEW_WORDS => TextKind::Words,
        None => TextKind::Sentence,
    }
}

/// The photos by which an answer is judged. `near`: cosines, the highest first; `shown`:
/// probabilities of what the query names, in any order, which are sorted; `photos`: how many were
/// compared.
pub(crate) fn best_of<'a>(near: &'a [f32], shown: &'a mut [f32], photos: u64) -> Best<'a> {
    shown.sort_unstable_by(|a, b| b.total_cmp(a));
    // Of few photos, few can show it: their mean must not be that of all others.
    let count = (photos / PHOTOS_PER_BEST).clamp(1, BEST) as usize;
    let (cosines, shown) = (&near[..near.len().min(count)], &shown[..shown.len().min(SHOWN)]);
    Best { cosines, shown, photos }
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

#[cfg(test)]
mod tests {
    use super::Band::{Likely, Strong, Weak};
    use super::*;

    #[test]
    fn the_fitting_ones_end_at_a_gap() {
        assert_eq!(
            up_to_the_end(vec![Strong, Weak, Weak, Likely, Weak, Strong, Weak, Weak, Weak]),
            [Strong, Likely, Likely, Likely, Likely, Strong, Weak, Weak, Weak]
        );
        let mut far = vec![Likely];
        far.extend([Weak; GAP]);
        far.push(Strong);
        assert_eq!(up_to_the_end(far.clone())[1..], [Weak; GAP + 1], "beyond a gap nothing fits");
        assert_eq!(up_to_the_end(vec![Weak; 20]), [Weak; 20]);
        assert_eq!(up_to_the_end(Vec::new()), []);
    }
}
