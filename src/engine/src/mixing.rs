//! The parts of a query as one point of a model's space.
//!
//! Parts differ in how far their cosines spread: pictures of one space lie further apart than a text
//! from pictures. What each part is worth is measured on the model's reference pictures, where it has
//! some: parts are made to spread alike, and of an excluded text only that is taken away which the
//! wanted ones do not share. Figures: `training/RESULTS.md`.

use seer_encoders::Relevance;
use seer_types::{Embedding, EmbeddingError};

use crate::dot::cosines;
use crate::feedback::{self, Marked};
use crate::spreads::{deviation, fits, slope};

/// How much an excluded text counts where there are reference pictures, in spreads of the wanted part,
const STRENGTH: f32 = 0.8;
/// and where there are none, in unit vectors.
const PLAIN_STRENGTH: f32 = 0.6;
/// How far words spread beside pictures of the query.
const BESIDE_PICTURES: f32 = 0.85;

/// What a query is made of, each with its weight; weights are above 0.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    pub(crate) texts: Vec<(Embedding, f32)>,
    pub(crate) pictures: Vec<(Embedding, f32)>,
    /// Texts to push away from.
    pub(crate) excluded: Vec<(Embedding, f32)>,
    /// Photos that a person marked as right,
    pub(crate) more: Vec<(Embedding, f32)>,
    /// and as wrong.
    pub(crate) less: Vec<(Embedding, f32)>,
}

/// A query as one point.
pub(crate) struct Mixed {
    /// With what was marked.
    pub(crate) point: Embedding,
    /// The question alone, where something was marked beside it.
    pub(crate) question: Option<Embedding>,
}

impl Parts {
    /// One point.
    ///
    /// # Errors
    /// Parts that cancel each other out; none that is wanted.
    pub(crate) fn mixed(&self, relevance: Option<&Relevance>) -> Result<Mixed, EmbeddingError> {
        let (more, less): (&Marked, &Marked) = (&self.more, &self.less);
        if more.is_empty() && less.is_empty() {
            return Ok(Mixed { point: self.question(relevance)?, question: None });
        }
        let asked = !(self.texts.is_empty() && self.pictures.is_empty());
        let question = asked.then(|| self.question(relevance)).transpose()?;
        let point = feedback::moved(question.as_ref(), more, less, relevance)?;
        Ok(Mixed { point, question })
    }

    /// Without what was marked.
    fn question(&self, relevance: Option<&Relevance>) -> Result<Embedding, EmbeddingError> {
        let wanted = self.wanted(relevance)?;
        if self.excluded.is_empty() {
            return Ok(wanted);
        }
        let measured = relevance.filter(|relevance| fits(relevance, &wanted));
        let of_wanted = measured.map(|relevance| cosines(&wanted, relevance.pictures()));
        let mut parts = vec![(&wanted, 1.0)];
        for (text, weight) in &self.excluded {
            let (less, shared) = match measured.zip(of_wanted.as_ref()) {
                Some((relevance, of_wanted)) => {
                    let slope = slope(&cosines(text, relevance.pictures()), of_wanted);
                    (STRENGTH * weight * slope.spread, slope.shared)
                }
                None => (PLAIN_STRENGTH * weight, 0.0),
            };
            parts[0].1 += less * shared;
            parts.push((text, -less));
        }
        Embedding::weighted_sum(&parts)
    }

    fn wanted(&self, relevance: Option<&Relevance>) -> Result<Embedding, EmbeddingError> {
        let texts: Vec<(&Embedding, f32)> = self.texts.iter().map(|(e, w)| (e, *w)).collect();
        let pictures: Vec<(&Embedding, f32)> = self.pictures.iter().map(|(e, w)| (e, *w)).collect();
        if texts.is_empty() || pictures.is_empty() {
            return Embedding::weighted_sum(if texts.is_empty() { &pictures } else { &texts });
        }
        let weight_of_pictures = mean_weight(&pictures);
        let (texts, pictures) =
            (Embedding::weighted_sum(&texts)?, Embedding::weighted_sum(&pictures)?);
        let measured = relevance.filter(|relevance| fits(relevance, &texts));
        let weight = measured.map_or(1.0, |relevance| {
            let spread = |part| deviation(&cosines(part, relevance.pictures()));
            BESIDE_PICTURES * spread(&pictures) / spread(&texts).max(f32::EPSILON)
        });
        Embedding::weighted_sum(&[(&pictures, weight_of_pictures), (&texts, weight)])
    }
}

fn mean_weight(parts: &[(&Embedding, f32)]) -> f32 {
    parts.iter().map(|(_, weight)| weight).sum::<f32>() / parts.len().max(1) as f32
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

    #[test]
    fn without_reference_pictures_parts_are_summed() {
        let (x, y) = (point(&[1.0, 0.0]), point(&[0.0, 1.0]));
        let parts = Parts { texts: vec![(x.clone(), 1.0), (y.clone(), 1.0)], ..Parts::default() };
        assert_eq!(parts.mixed(None).unwrap().point, point(&[1.0, 1.0]));
        let parts = Parts { texts: vec![(x, 1.0)], excluded: vec![(y, 1.0)], ..Parts::default() };
        assert_eq!(parts.mixed(None).unwrap().point, point(&[1.0, -0.6]));
        assert!(Parts::default().mixed(None).is_err());
    }

    #[test]
    fn what_both_share_is_not_taken_away() {
        let model = Model::builtin(DeviceChoice::Cpu).unwrap();
        let texts = model.encode_texts(&["a beach", "the sea", "a dog"]).unwrap();
        let [beach, sea, dog] = &texts[..] else { panic!("three texts") };
        let without = |text: &Embedding| {
            let (texts, excluded) = (vec![(beach.clone(), 1.0)], vec![(text.clone(), 1.0)]);
            Parts { texts, excluded, ..Parts::default() }.mixed(model.relevance()).unwrap().point
        };
        let kept = without(sea).cosine(beach).unwrap();
        assert!(kept > 0.5, "near as the sea is, beaches are still wanted: {kept}");
        for text in [sea, dog] {
            let (before, after) =
                (beach.cosine(text).unwrap(), without(text).cosine(text).unwrap());
            assert!(after < before - 0.3, "{after} after {before}");
        }
    }

    #[test]
    fn words_and_pictures_spread_alike() {
        let model = Model::builtin(DeviceChoice::Cpu).unwrap();
        let relevance = model.relevance().unwrap();
        let picture = &relevance.pictures()[0];
        for text in model.encode_texts(&["snow", "a giraffe"]).unwrap() {
            let (texts, pictures) = (vec![(text.clone(), 1.0)], vec![(picture.clone(), 1.0)]);
            let parts = Parts { texts, pictures, ..Parts::default() };
            let mixed = parts.mixed(Some(relevance)).unwrap().point;
            // mixed = (picture + w text) / length, so that its cosines to both give w.
            let (a, b) = (mixed.cosine(picture).unwrap(), mixed.cosine(&text).unwrap());
            let c = picture.cosine(&text).unwrap();
            let weight = (b - a * c) / (a - b * c);
            let spread = |part| deviation(&cosines(part, relevance.pictures()));
            let ratio = weight * spread(&text) / spread(picture);
            assert!((ratio - BESIDE_PICTURES).abs() < 1e-3, "{ratio}");
        }
    }
}
