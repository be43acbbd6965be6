//! Fitting how a model's cosines are read.

use seer_encoders::{Judgement, OnePhoto, Relevance, Spread, TextKind, linear};
use seer_types::Embedding;

use super::trial::{Judged, Query, Trial};
use super::{Measured, REFERENCES, RelevanceReport, likeness, logistic, report};
use crate::analyses::Seen;
use crate::dot::cosines;

/// Parts of the queries, each judged by a fit to the others.
const FOLDS: usize = 8;
/// It learns from all pictures, a quarter and a sixteenth of them: how cosines rise with their number.
const PARTS: [usize; 3] = [1, 4, 16];
/// A kind of text with fewer trials of either sort is judged as all kinds together.
const OWN_TRIALS: usize = 30;
/// Fewer trials of either sort make no fit.
const LEAST_TRIALS: usize = 10;
/// Pictures that are right for no query are the reference, where there are so many.
const OWN_REFERENCES: usize = 100;
/// Of answers that are there, this share need not be clear.
const MISSED: f32 = 0.08;
/// Of right photos, this share are strong, and this share strong or likely.
const STRONG: f32 = 0.4;
const STRONG_OR_LIKELY: f32 = 0.7;

/// Too few known answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "a fit needs {LEAST_TRIALS} queries that some of the pictures show and {LEAST_TRIALS} sets of pictures that do \
     not show what was asked for; there are {present} and {absent}"
)]
pub struct FitError {
    /// Trials with a right picture.
    pub present: usize,
    /// Trials without.
    pub absent: usize,
}

/// Fits how a model's cosines are read. The report says how answers are judged by fits that have not
/// seen their query: of eight parts each is judged by a fit to the other seven.
///
/// # Errors
/// See [`FitError`].
pub fn fit(measured: &Measured) -> Result<(Relevance, RelevanceReport), FitError> {
    let trials = measured.trials(&[1]);
    let present = trials.iter().filter(|trial| trial.is_there).count();
    let absent = trials.len() - present;
    if present.min(absent) < LEAST_TRIALS {
        return Err(FitError { present, absent });
    }
    let references = references(measured);
    let spread = |query: &Query| Spread::of(cosines(&query.embedding, &references));
    let spreads: Vec<Spread> = measured.queries.iter().map(spread).collect();
    let bars = likeness::bars(measured);
    let learnt = measured.trials(&PARTS);
    let without = |fold: usize| {
        let others = learnt.iter().filter(|trial| trial.query.number % FOLDS != fold);
        let judgements = judgements(&others.collect::<Vec<_>>(), &spreads);
        Relevance::new(references.clone(), judgements, bars)
    };
    let fitted: Vec<Relevance> = (0..FOLDS).map(without).collect();
    let judge = |trial: &Trial<'_>| trial.judged(Some(&fitted[trial.query.number % FOLDS]));
    let judged: Vec<Judged> = trials.iter().map(judge).collect();
    let report = report::of(measured, &trials, &judged);
    // No query is left out of what is written.
    Ok((without(FOLDS), report))
}

/// Pictures that were not asked for, evenly spread; of all where too few of those are there.
fn references(measured: &Measured) -> Vec<Embedding> {
    let mut asked = vec![false; measured.pictures.len()];
    measured.queries.iter().flat_map(|query| &query.right).for_each(|right| asked[*right] = true);
    let unasked = measured.pictures.iter().zip(&asked).filter(|(_, asked)| !**asked);
    let mut found: Vec<&Seen> = unasked.map(|(seen, _)| seen).chain(&measured.elsewhere).collect();
    if found.len() < OWN_REFERENCES {
        found = measured.pictures.iter().chain(&measured.elsewhere).collect();
    }
    let step = found.len().div_ceil(REFERENCES).max(1);
    found.into_iter().step_by(step).map(|seen| seen.embedding.clone()).collect()
}

fn judgements(trials: &[&Trial<'_>], spreads: &[Spread]) -> [Judgement; 4] {
    TextKind::ALL.map(|kind| {
        let own: Vec<&Trial<'_>> =
            trials.iter().copied().filter(|trial| trial.query.kind == kind).collect();
        let present = own.iter().filter(|trial| trial.is_there).count();
        let is_enough = present.min(own.len() - present) >= OWN_TRIALS;
        judgement(if is_enough { &own } else { trials }, spreads)
    })
}

fn judgement(trials: &[&Trial<'_>], spreads: &[Spread]) -> Judgement {
    let spread = |trial: &Trial<'_>| spreads[trial.query.number];
    let features = trials.iter().map(|trial| trial.with_best(|best| best.features(&spread(trial))));
    let features: Vec<_> = features.collect();
    let is_there: Vec<bool> = trials.iter().map(|trial| trial.is_there).collect();
    let answer = exactly(logistic::fit(&features, &is_there, true));
    let scores: Vec<f32> = features.iter().map(|features| linear(&answer, features)).collect();
    let there = scores.iter().zip(&is_there).filter(|(_, there)| **there).map(|(score, _)| *score);
    let clear = quantile(there.collect(), MISSED);

    let (mut rows, mut is_right) = (Vec::new(), Vec::new());
    for trial in trials.iter().zip(&scores).filter(|(_, score)| **score >= clear).map(|(t, _)| t) {
        let spread = spread(trial);
        for one in &trial.first {
            let photo = OnePhoto { cosine: one.cosine, shown: one.shown, photos: trial.photos() };
            rows.push(photo.features(&spread));
            is_right.push(one.is_right);
        }
    }
    let photo = exactly(logistic::fit(&rows, &is_right, false));
    let right = rows.iter().zip(&is_right).filter(|(_, right)| **right);
    let odds: Vec<f32> = right.map(|(features, _)| linear(&photo, features)).collect();
    let strong = quantile(odds.clone(), 1.0 - STRONG);
    Judgement { answer, clear, photo, strong, likely: quantile(odds, 1.0 - STRONG_OR_LIKELY) }
}

fn exactly<const N: usize>(numbers: Vec<f32>) -> [f32; N] {
    let mut out = [0.0; N];
    out.iter_mut().zip(numbers).for_each(|(out, number)| *out = number);
    out
}

/// The value below which this share of the values lies; 0 of none.
fn quantile(mut values: Vec<f32>, share: f32) -> f32 {
    values.sort_unstable_by(f32::total_cmp);
    let place = (values.len() as f32 * share) as usize;
    values.get(place).or(values.last()).copied().unwrap_or(0.0)
}
