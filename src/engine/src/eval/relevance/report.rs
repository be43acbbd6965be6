//! What trials say of a model and of the judgement.

use seer_encoders::TextKind;
use serde::Serialize;

use super::Measured;
use super::trial::{Judged, Trial};
use crate::bands::Band;
use crate::eval::rank::{Recall, recall};

/// How well answers are found and judged. Shares and areas are from 0 to 1.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RelevanceReport {
    /// Pictures asked for.
    pub pictures: usize,
    /// Queries with a right picture among the first.
    pub recall: Recall,
    /// Right ones among the first ten, of as many as there can be; the mean of the queries.
    pub attained_at_10: f64,
    /// The standard error of that mean.
    pub attained_error: f64,
    /// How well it is told whether something is there, over all kinds of queries,
    pub all: KindReport,
    /// and for each kind that was asked.
    pub kinds: Vec<KindReport>,
    /// How well single photos are judged; `None` for a model that judges none.
    pub bands: Option<BandsReport>,
}

/// How well it is told whether something is there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct KindReport {
    /// `all`, or a kind of query: `named`, `akin`, `words`, `sentence`.
    pub kind: &'static str,
    /// Trials where it is.
    pub present: usize,
    /// Trials where it is not.
    pub absent: usize,
    /// The share of pairs of both in which the former is judged the surer one: the area under the ROC
    /// curve. `None` where one of them is missing, as for the next.
    pub auc: Option<f64>,
    /// The share of absent ones that are taken to be there, where the bar is so low that nine of ten that
    /// are there pass.
    pub false_alarms_at_90: Option<f64>,
    /// The share of present ones with a strong or likely photo, as a search says it,
    pub kept: Option<f64>,
    /// and of absent ones.
    pub let_through: Option<f64>,
}

/// How well single photos are judged: the first 30 of each answer where something right is there.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct BandsReport {
    /// Strong photos,
    pub strong: usize,
    /// the share of them that are right,
    pub strong_right: f64,
    /// likely photos,
    pub likely: usize,
    /// the share of them that are right,
    pub likely_right: f64,
    /// and the share of right photos that are strong or likely.
    pub right_shown: f64,
}

pub(super) fn of(measured: &Measured, trials: &[Trial<'_>], judged: &[Judged]) -> RelevanceReport {
    let answered = measured.queries.iter().filter(|query| !query.right.is_empty());
    let found = answered.map(|query| query.found(&measured.pictures));
    let (ranks, attained): (Vec<usize>, Vec<f64>) = found.unzip();
    let (attained_at_10, attained_error) = mean_and_error(&attained);
    let both: Vec<(&Trial<'_>, &Judged)> = trials.iter().zip(judged).collect();
    let of_kind = |kind: TextKind| {
        let mine = both.iter().copied().filter(|(trial, _)| trial.query.kind == kind);
        KindReport::of(name(kind), &mine.collect::<Vec<_>>())
    };
    let kinds = TextKind::ALL.map(of_kind).into_iter();
    RelevanceReport {
        pictures: measured.pictures.len() + measured.elsewhere.len(),
        recall: recall(&ranks),
        attained_at_10,
        attained_error,
        all: KindReport::of("all", &both),
        kinds: kinds.filter(|kind| kind.present + kind.absent > 0).collect(),
        bands: BandsReport::of(&both),
    }
}

fn name(kind: TextKind) -> &'static str {
    match kind {
        TextKind::Named => "named",
        TextKind::Akin => "akin",
        TextKind::Words => "words",
        TextKind::Sentence => "sentence",
    }
}

impl KindReport {
    fn of(kind: &'static str, trials: &[(&Trial<'_>, &Judged)]) -> Self {
        let (there, not): (Vec<_>, Vec<_>) = trials.iter().partition(|(trial, _)| trial.is_there);
        let scores = |side: &[(&Trial<'_>, &Judged)]| {
            let mut scores: Vec<f32> = side.iter().map(|(_, judged)| judged.score).collect();
            scores.sort_unstable_by(f32::total_cmp);
            scores
        };
        let fitting = |side: &[(&Trial<'_>, &Judged)]| {
            let judges = side.iter().any(|(_, judged)| !judged.bands.is_empty());
            let fits = |judged: &Judged| judged.bands.iter().any(|band| *band != Band::Weak);
            let count = side.iter().filter(|(_, judged)| fits(judged)).count();
            judges.then(|| count as f64 / side.len() as f64)
        };
        let (present, absent) = (scores(&there), scores(&not));
        let measurable = !present.is_empty() && !absent.is_empty();
        Self {
            kind,
            present: present.len(),
            absent: absent.len(),
            auc: measurable.then(|| auc(&present, &absent)),
            false_alarms_at_90: measurable.then(|| false_alarms(&present, &absent)),
            kept: fitting(&there),
            let_through: fitting(&not),
        }
    }
}

impl BandsReport {
    fn of(trials: &[(&Trial<'_>, &Judged)]) -> Option<Self> {
        let mut photos = [0usize; 3];
        let mut right = [0usize; 3];
        for (trial, judged) in trials.iter().filter(|(trial, _)| trial.is_there) {
            for (one, band) in trial.first.iter().zip(&judged.bands) {
                photos[*band as usize] += 1;
                right[*band as usize] += usize::from(one.is_right);
            }
        }
        let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
        let [strong, likely, _] = photos;
        (photos != [0; 3]).then(|| Self {
            strong,
            strong_right: share(right[0], strong),
            likely,
            likely_right: share(right[1], likely),
            right_shown: share(right[0] + right[1], right.iter().sum()),
        })
    }
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    (mean, (variance / count).sqrt())
}

/// The share of pairs in which the present one is higher; equal ones count half. Both ascending.
fn auc(present: &[f32], absent: &[f32]) -> f64 {
    let wins = |score: &f32| {
        let below = absent.partition_point(|other| other < score);
        let not_above = absent.partition_point(|other| other <= score);
        (below + not_above) as f64 / 2.0
    };
    present.iter().map(wins).sum::<f64>() / (present.len() * absent.len()) as f64
}

/// The share of absent ones from the bar on that nine of ten present ones pass. Both ascending.
fn false_alarms(present: &[f32], absent: &[f32]) -> f64 {
    let bar = present[present.len() / 10];
    let above = absent.len() - absent.partition_point(|other| *other < bar);
    above as f64 / absent.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_and_bars_by_hand() {
        assert_eq!(auc(&[0.5, 0.9], &[0.1, 0.4]), 1.0);
        assert_eq!(auc(&[0.5], &[0.5]), 0.5);
        assert_eq!(auc(&[0.2, 0.8], &[0.1, 0.4]), 0.75);
        let present: Vec<f32> = (0..20).map(|i| i as f32 / 20.0).collect();
        // Two of twenty may be missed: the bar is at 0.1.
        assert_eq!(false_alarms(&present, &[0.0, 0.05, 0.1, 0.5]), 0.5);
    }
}
