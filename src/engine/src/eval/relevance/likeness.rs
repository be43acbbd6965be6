//! From which cosine on pictures are like a picture: by the labels of its nearest ones.

use seer_encoders::LikenessBars;
use seer_types::Embedding;

use super::{Measured, logistic};
use crate::analyses::Seen;
use crate::dot::dot;

/// Pictures that are asked with, at the most.
const ASKED: usize = 500;
/// The nearest of each that are looked at.
const NEAREST: usize = 10;
/// Of so many neighbours at least something can be said.
const LEAST: usize = 200;
/// The share of neighbours with the label of the picture asked with, at the bar.
const STRONG: f32 = 0.9;
const LIKELY: f32 = 0.5;

/// `None` where too few pictures are right for one query together.
pub(super) fn bars(measured: &Measured) -> Option<LikenessBars> {
    let labels = labels(measured);
    let labelled: Vec<usize> = (0..labels.len()).filter(|i| labels[*i].is_some()).collect();
    let step = labelled.len().div_ceil(ASKED).max(1);
    let mut neighbours: Vec<([f32; 1], bool)> = Vec::new();
    for asked in labelled.iter().copied().step_by(step) {
        let own = place(&measured.pictures[asked]).values();
        let cosine = |i: usize| dot(own, place(&measured.pictures[i]).values());
        let others = (0..labels.len()).filter(|i| *i != asked);
        let mut near: Vec<(f32, bool)> =
            others.map(|i| (cosine(i), labels[i] == labels[asked])).collect();
        near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        neighbours.extend(near.into_iter().take(NEAREST).map(|(cosine, same)| ([cosine], same)));
    }
    let (cosines, same): (Vec<[f32; 1]>, Vec<bool>) = neighbours.into_iter().unzip();
    if cosines.len() < LEAST || !same.contains(&true) || !same.contains(&false) {
        return None;
    }
    let fitted = logistic::fit(&cosines, &same, false);
    // The cosine at which the log odds are those of the share.
    let bar = |share: f32| ((share / (1.0 - share)).ln() - fitted[0]) / fitted[1];
    (fitted[1] > 0.0).then(|| LikenessBars { strong: bar(STRONG), likely: bar(LIKELY) })
}

/// The first query that each picture is right for, where others are too.
fn labels(measured: &Measured) -> Vec<Option<usize>> {
    let mut labels = vec![None; measured.pictures.len()];
    for query in measured.queries.iter().filter(|query| query.right.len() > 1) {
        for picture in &query.right {
            labels[*picture] = labels[*picture].or(Some(query.number));
        }
    }
    labels
}

/// Where pictures are compared with pictures.
fn place(seen: &Seen) -> &Embedding {
    seen.likeness.as_ref().unwrap_or(&seen.embedding)
}
