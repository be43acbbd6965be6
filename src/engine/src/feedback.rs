//! What photos that a person marked do to a query: `more:` pulls, `less:` pushes.
//!
//! Rocchio's relevance feedback (Salton, 1971) in a space of embeddings: the query moves towards the
//! mean of the photos that are right and away from the mean of those that are wrong. The question
//! stays in it, and moves the further the more was marked. Its cosines spread less than those of a photo, so that parts are made to spread alike
//! first, as measured on the model's reference pictures; and of the wrong photos only that is taken
//! away which the question and the right ones do not share. Strengths and figures: `docs/EVALUATION.md`.

use seer_encoders::Relevance;
use seer_types::{Embedding, EmbeddingError};

use crate::dot::cosines;
use crate::spreads::{deviation, fits, slope};

/// How far many right photos pull, in spreads of the question,
const PULL: f32 = 1.0;
/// and how far many wrong ones push. What is wrong says little of what is right.
const PUSH: f32 = 0.2;
/// The same where there are no reference pictures, in unit vectors: photos spread about two and a half
/// times as wide as texts in spaces of this kind.
const PLAIN_PULL: f32 = 0.4;
const PLAIN_PUSH: f32 = 0.08;

/// Marked photos with their weights, which are not negative.
pub(crate) type Marked = [(Embedding, f32)];

/// Moves a question by what was marked; without a question the marks are all that is asked.
///
/// # Errors
/// Parts that cancel each other out; nothing at all.
pub(crate) fn moved(
    question: Option<&Embedding>,
    more: &Marked,
    less: &Marked,
    relevance: Option<&Relevance>,
) -> Result<Embedding, EmbeddingError> {
    let (right, wrong) = (mean_of(more)?, mean_of(less)?);
    let wanted = match (question, &right) {
        (Some(question), Some((right, sure))) => {
            let pull = match relevance.filter(|relevance| fits(relevance, question)) {
                Some(relevance) => PULL * ratio_of_spreads(question, right, relevance),
                None => PLAIN_PULL,
            };
            Some(Embedding::weighted_sum(&[(question, 1.0), (right, pull * sure)])?)
        }
        (Some(question), None) => Some(question.clone()),
        (None, Some((right, _))) => Some(right.clone()),
        (None, None) => None,
    };
    match (wanted, wrong) {
        (Some(wanted), Some((wrong, sure))) => pushed(&wanted, &wrong, sure, relevance),
        (Some(wanted), None) => Ok(wanted),
        (None, Some((wrong, _))) => Embedding::weighted_sum(&[(&wrong, -1.0)]),
        (None, None) => Err(EmbeddingError::Zero),
    }
}

/// Away from what is wrong, as far as what is wanted does not share it.
fn pushed(
    wanted: &Embedding,
    wrong: &Embedding,
    sure: f32,
    relevance: Option<&Relevance>,
) -> Result<Embedding, EmbeddingError> {
    let Some(relevance) = relevance.filter(|relevance| fits(relevance, wanted)) else {
        return Embedding::weighted_sum(&[(wanted, 1.0), (wrong, -PLAIN_PUSH * sure)]);
    };
    let pictures = relevance.pictures();
    let slope = slope(&cosines(wrong, pictures), &cosines(wanted, pictures));
    let push = PUSH * sure * slope.spread;
    Embedding::weighted_sum(&[(wanted, 1.0 + push * slope.shared), (wrong, -push)])
}

/// The direction of the weighted mean, and how sure it is, from 0 to 1: the more marks and the higher their
/// weights. `None` where nothing counts.
fn mean_of(marked: &Marked) -> Result<Option<(Embedding, f32)>, EmbeddingError> {
    let counting: Vec<(&Embedding, f32)> =
        marked.iter().filter(|(_, weight)| *weight > 0.0).map(|(e, weight)| (e, *weight)).collect();
    if counting.is_empty() {
        return Ok(None);
    }
    let total: f32 = counting.iter().map(|(_, weight)| weight).sum();
    Ok(Some((Embedding::weighted_sum(&counting)?, total / (total + 1.0))))
}

/// How much wider the one spreads over the reference pictures than the other.
fn ratio_of_spreads(one: &Embedding, other: &Embedding, relevance: &Relevance) -> f32 {
    let spread = |part| deviation(&cosines(part, relevance.pictures()));
    spread(one) / spread(other).max(f32::EPSILON)
}

#[cfg(test)]
mod tests {
    use seer_encoders::{DeviceChoice, Model};
    use seer_types::ModelFingerprint;

    use super::*;

    const SPACE: ModelFingerprint = ModelFingerprint([1; 16]);

    fn point(values: &[f32]) -> Embedding {
        Embedding::new(SPACE, values.to_vec()).unwrap()
    }

    fn assert_near(found: &Embedding, expected: &[f32]) {
        let cosine = found.cosine(&point(expected)).unwrap();
        assert!((cosine - 1.0).abs() < 1e-6, "{found:?} is not {expected:?}");
    }

    fn marks(points: &[(&[f32], f32)]) -> Vec<(Embedding, f32)> {
        points.iter().map(|(values, weight)| (point(values), *weight)).collect()
    }

    #[test]
    fn without_reference_pictures_marks_are_added_and_taken_away() {
        let question = point(&[1.0, 0.0, 0.0]);
        let (more, less) = (marks(&[(&[0.0, 1.0, 0.0], 1.0)]), marks(&[(&[0.0, 0.0, 1.0], 2.0)]));
        let moved_by = |more: &Marked, less: &Marked| moved(Some(&question), more, less, None);
        assert_eq!(moved_by(&[], &[]).unwrap(), question);
        assert_near(&moved_by(&more, &[]).unwrap(), &[1.0, PLAIN_PULL / 2.0, 0.0]);
        let both = moved_by(&[], &less).unwrap();
        assert_near(&both, &[1.0, 0.0, -PLAIN_PUSH * 2.0 / 3.0]);
        // Two marks are surer than one, and as sure as one of weight 2.
        let twice = marks(&[(&[0.0, 1.0, 0.0], 1.0), (&[0.0, 1.0, 0.0], 1.0)]);
        let heavy = marks(&[(&[0.0, 1.0, 0.0], 2.0)]);
        assert_near(&moved_by(&twice, &[]).unwrap(), &[1.0, PLAIN_PULL * 2.0 / 3.0, 0.0]);
        assert_eq!(moved_by(&twice, &[]).unwrap(), moved_by(&heavy, &[]).unwrap());
    }

    #[test]
    fn without_a_question_the_marks_are_asked() {
        let more = marks(&[(&[0.0, 1.0], 1.0), (&[1.0, 0.0], 1.0)]);
        assert_eq!(moved(None, &more, &[], None).unwrap(), point(&[1.0, 1.0]));
        let less = marks(&[(&[0.0, 1.0], 0.5)]);
        assert_eq!(moved(None, &[], &less, None).unwrap(), point(&[0.0, -1.0]));
        assert!(moved(None, &[], &[], None).is_err());
        assert!(moved(None, &marks(&[(&[0.0, 1.0], 0.0)]), &[], None).is_err(), "weight 0");
    }

    #[test]
    fn what_is_wrong_takes_nothing_of_the_question_away() {
        let model = Model::builtin(DeviceChoice::Cpu).unwrap();
        let relevance = model.relevance().unwrap();
        let question = model.encode_texts(&["a beach"]).unwrap().remove(0);
        // The picture nearest to the question shares most with it.
        let near = |a: &&Embedding, b: &&Embedding| {
            question.cosine(a).unwrap().total_cmp(&question.cosine(b).unwrap())
        };
        let wrong = relevance.pictures().iter().max_by(near).unwrap().clone();
        let marked = [(wrong.clone(), 1.0)];
        let pushed = moved(Some(&question), &[], &marked, Some(relevance)).unwrap();
        let (before, after) = (question.cosine(&wrong).unwrap(), pushed.cosine(&wrong).unwrap());
        assert!(after < before, "{after} after {before}");
        assert!(pushed.cosine(&question).unwrap() > 0.7, "still a beach");
        let pulled = moved(Some(&question), &marked, &[], Some(relevance)).unwrap();
        assert!(pulled.cosine(&wrong).unwrap() > before + 0.1);
    }
}
