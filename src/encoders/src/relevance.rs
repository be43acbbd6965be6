//! What a cosine of a model means: whether a photo shows what was asked for, and whether any does.
//!
//! A cosine says which of two photos is nearer, not whether it is near enough: texts differ in how
//! high all of their cosines are. So a query is compared with reference pictures first; where the
//! photos lie within that [`Spread`], and how likely a classifier takes them to show what the query
//! names, become log odds by logistic regression. The numbers were fitted on photos with known
//! answers (`training/RESULTS.md`, `seer eval relevance --fit`) and stand beside the model's weights.

mod file;

use seer_types::Embedding;

pub use file::RELEVANCE_FILE;

/// Features of an answer and of a photo, by which they are judged.
const OF_ANSWER: usize = 9;
const OF_PHOTO: usize = 5;

/// Photos whose log odds are at most so much less than those of the best fit nearly as well.
const NEARLY: f32 = 0.5;

/// What a query asks for; each kind has its own fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextKind {
    /// The name of classes that the model tells apart.
    Named,
    /// The name of something that those classes are akin to.
    Akin,
    /// Few words that name none.
    Words,
    /// More words.
    Sentence,
}

impl TextKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Named, Self::Akin, Self::Words, Self::Sentence];
}

/// How well a photo fits a query, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fit {
    /// It shows what was asked for.
    Strong,
    /// It probably shows it.
    Likely,
    /// It is only among the nearest.
    Weak,
}

/// The cosines of a query to pictures that were not asked for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Spread {
    /// Their mean.
    pub mean: f32,
    /// Their standard deviation.
    pub deviation: f32,
    /// Nine of ten are below this,
    pub nine_tenths: f32,
    /// and 99 of 100 below this.
    pub ninety_nine_hundredths: f32,
}

impl Spread {
    /// Of a query's cosines to the reference pictures, in any order.
    pub fn of(mut cosines: Vec<f32>) -> Self {
        cosines.sort_unstable_by(f32::total_cmp);
        let (mean, deviation) = moments(&cosines);
        let below = |share: f32| {
            let place = (cosines.len() as f32 * share) as usize;
            cosines.get(place).or(cosines.last()).copied().unwrap_or(0.0)
        };
        Self { mean, deviation, nine_tenths: below(0.9), ninety_nine_hundredths: below(0.99) }
    }
}

/// The best photos of an answer, by what their model says of them.
#[derive(Clone, Copy, Debug)]
pub struct Best<'a> {
    /// The highest cosines, the highest first: one for each 50 photos that were compared, at least one
    /// and at most ten.
    pub cosines: &'a [f32],
    /// The highest probabilities of what the query names, at most three, the highest first.
    pub shown: &'a [f32],
    /// Photos that were compared.
    pub photos: u64,
}

impl Best<'_> {
    /// What a fit reads: see [`Judgement::answer`].
    pub fn features(&self, spread: &Spread) -> [f32; OF_ANSWER] {
        let shown = self.shown.iter().sum::<f32>() / 3.0;
        [
            self.cosines.first().copied().unwrap_or(-1.0),
            moments(self.cosines).0,
            spread.mean,
            spread.deviation,
            spread.nine_tenths,
            spread.ninety_nine_hundredths,
            in_thousands(self.photos),
            self.shown.first().copied().unwrap_or(0.0).sqrt(),
            shown.sqrt(),
        ]
    }
}

/// One photo of an answer.
#[derive(Clone, Copy, Debug)]
pub struct OnePhoto {
    /// Its cosine to the query.
    pub cosine: f32,
    /// The probability of what the query names, 0 to 1; 0 where it names nothing.
    pub shown: f32,
    /// Photos that were compared.
    pub photos: u64,
}

impl OnePhoto {
    /// What a fit reads: see [`Judgement::photo`].
    pub fn features(&self, spread: &Spread) -> [f32; OF_PHOTO] {
        let shown = self.shown.max(0.0).sqrt();
        [self.cosine, spread.mean, spread.deviation, in_thousands(self.photos), shown]
    }
}

/// How answers to one kind of text are judged: logistic regressions, each a constant and a weight
/// for each feature, and the log odds from which on something holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judgement {
    /// Whether the best photos show what was asked for, from [`Best::features`].
    pub answer: [f32; 1 + OF_ANSWER],
    /// From these log odds on they clearly do.
    pub clear: f32,
    /// Whether one photo shows it, from [`OnePhoto::features`].
    pub photo: [f32; 1 + OF_PHOTO],
    /// From these log odds on it fits strongly,
    pub strong: f32,
    /// and from these on it is likely to.
    pub likely: f32,
}

/// From which cosine on a photo is like a picture that was asked with, where the model compares pictures
/// with pictures.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LikenessBars {
    /// Its scene, or the same thing almost alike: `seer eval relevance --fit` takes the cosine at which
    /// nine of ten photos show the same thing.
    pub strong: f32,
    /// Something similar: the cosine at which half of the photos show the same thing.
    pub likely: f32,
}

impl LikenessBars {
    /// How well a photo of this cosine fits.
    pub fn fit(&self, cosine: f32) -> Fit {
        match cosine {
            _ if cosine >= self.strong => Fit::Strong,
            _ if cosine >= self.likely => Fit::Likely,
            _ => Fit::Weak,
        }
    }
}

/// How cosines of a model are read.
#[derive(Clone, PartialEq, Debug)]
pub struct Relevance {
    pictures: Vec<Embedding>,
    judgements: [Judgement; 4],
    likeness: Option<LikenessBars>,
}

impl Relevance {
    /// Of reference pictures in the model's space, at least one, and of a judgement for each kind, in
    /// the order of [`TextKind::ALL`]; `likeness` where pictures as queries were measured.
    pub fn new(
        pictures: Vec<Embedding>,
        judgements: [Judgement; 4],
        likeness: Option<LikenessBars>,
    ) -> Self {
        Self { pictures, judgements, likeness }
    }

    /// How pictures as queries are judged; `None` where they were not measured.
    pub fn likeness(&self) -> Option<LikenessBars> {
        self.likeness
    }

    /// The reference pictures: photos of many things, in the model's space.
    pub fn pictures(&self) -> &[Embedding] {
        &self.pictures
    }

    /// How clearly the best photos of an answer show what was asked for: log odds above those from
    /// which on they do, so that 0 and more is clear.
    pub fn clearness(&self, kind: TextKind, spread: &Spread, best: Best<'_>) -> f32 {
        let judgement = &self.judgements[kind as usize];
        linear(&judgement.answer, &best.features(spread)) - judgement.clear
    }

    /// Log odds that one photo shows what was asked for.
    pub fn photo_odds(&self, kind: TextKind, spread: &Spread, photo: OnePhoto) -> f32 {
        linear(&self.judgements[kind as usize].photo, &photo.features(spread))
    }

    /// How well a photo of a clear answer fits, by its [`Self::photo_odds`] and the best of its
    /// answer. Something is there: the best photos are at least likely to show it.
    pub fn fit(&self, kind: TextKind, odds: f32, best: f32) -> Fit {
        let judgement = &self.judgements[kind as usize];
        match odds {
            _ if odds >= judgement.strong => Fit::Strong,
            _ if odds >= judgement.likely.min(best - NEARLY) => Fit::Likely,
            _ => Fit::Weak,
        }
    }
}

/// Log odds: the first number, and the sum of the others, each times its feature.
pub fn linear(fit: &[f32], features: &[f32]) -> f32 {
    fit[0] + fit[1..].iter().zip(features).map(|(weight, feature)| weight * feature).sum::<f32>()
}

fn in_thousands(photos: u64) -> f32 {
    (photos.max(1) as f32 / 1000.0).ln()
}

/// Mean and standard deviation; zeros of nothing.
fn moments(values: &[f32]) -> (f32, f32) {
    let count = values.len().max(1) as f32;
    let mean = values.iter().sum::<f32>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
    (mean, variance.sqrt())
}
