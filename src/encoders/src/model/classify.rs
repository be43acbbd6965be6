//! What a picture shows, by a classifier's own classes.

use seer_checkpoint::config::{ClassLabel, ClassNames, Meaning};
use seer_towers::Tensor;
use seer_types::{Embedding, PreparedImage};

use crate::error::EncodeError;
use crate::model::Model;

/// A class that a picture may show.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ClassScore {
    /// Its number: the place in [`Model::classes`].
    pub class: usize,
    /// 0 to 1; those of all classes sum up to 1 (softmax of the classifier's logits).
    pub probability: f32,
}

/// Classes that a name means.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Naming<'a> {
    /// Their numbers, ascending: places in [`Model::classes`].
    pub classes: &'a [usize],
    /// Whether the name means something else, to which they are akin.
    pub akin: bool,
    /// What the square root of their probability adds to a photo's cosine; above 0.
    pub weight: f32,
}

impl Model {
    /// The classes it tells apart, in their order; empty for a model that is no classifier. Names
    /// and descriptions are there where the checkpoint's files give them.
    pub fn classes(&self) -> &[ClassLabel] {
        &self.config.classes
    }

    /// What a name means among the classes, and how much that counts; `None` where it means none of
    /// them, and for a model whose texts and classes have not been compared.
    pub fn naming(&self, name: &str) -> Option<Naming<'_>> {
        let weights = self.config.name_weights.as_ref()?;
        let names = self.class_names.get_or_init(|| ClassNames::of(self.classes()));
        let meaning = names.meaning(name)?;
        let weight = weights.of(&meaning) as f32;
        let Meaning { classes, akin, .. } = meaning;
        (weight > 0.0).then_some(Naming { classes, akin, weight })
    }

    /// For each picture, made ready by [`Self::spec`], the `top` most probable classes, most
    /// probable first (equal ones by their number).
    ///
    /// # Errors
    /// `NoClasses` for a model that is no classifier, `PictureSize` for a picture of another size,
    /// `Compute` when the device fails.
    pub fn classify_images(
        &self,
        images: &[PreparedImage],
        top: usize,
    ) -> Result<Vec<Vec<ClassScore>>, EncodeError> {
        let mut out = Vec::with_capacity(images.len());
        self.each_classified(images, top, |_, classes| {
            out.extend(classes);
            Ok(())
        })?;
        Ok(out)
    }

    /// [`Self::encode_images`] and [`Self::classify_images`] in one pass.
    ///
    /// # Errors
    /// Those of both.
    pub fn encode_and_classify_images(
        &self,
        images: &[PreparedImage],
        top: usize,
    ) -> Result<(Vec<Embedding>, Vec<Vec<ClassScore>>), EncodeError> {
        let (mut embeddings, mut scores) = (Vec::new(), Vec::new());
        self.each_classified(images, top, |points, classes| {
            scores.extend(classes);
            self.collect(points, &mut embeddings)
        })?;
        Ok((embeddings, scores))
    }

    /// The image tower's points and the `top` classes of each, batch after batch.
    fn each_classified(
        &self,
        images: &[PreparedImage],
        top: usize,
        mut take: impl FnMut(&Tensor, Vec<Vec<ClassScore>>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let none = || EncodeError::NoClasses { model: self.name.clone() };
        if self.classes().is_empty() {
            return Err(none());
        }
        self.each_batch(images, |batch| {
            let (points, logits) = self.towers.classify(batch)?;
            let logits = logits.ok_or_else(none)?.to_vec2::<f32>()?;
            take(&points, logits.iter().map(|logits| most_probable(logits, top)).collect())
        })
    }
}

fn most_probable(logits: &[f32], top: usize) -> Vec<ClassScore> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|logit| f64::from(logit - highest).exp()).sum();
    let score = |(class, logit): (usize, &f32)| {
        let probability = (f64::from(logit - highest).exp() / sum) as f32;
        ClassScore { class, probability }
    };
    let mut scores: Vec<ClassScore> = logits.iter().enumerate().map(score).collect();
    scores.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    scores.truncate(top);
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_logits_come_first() {
        let two = 2f32.ln();
        let scores = most_probable(&[0.0, two, two, -100.0], 3);
        assert_eq!(scores.iter().map(|s| s.class).collect::<Vec<_>>(), [1, 2, 0]);
        for (score, expected) in scores.iter().zip([0.4, 0.4, 0.2]) {
            assert!((score.probability - expected).abs() < 1e-6, "{scores:?}");
        }
        assert_eq!(most_probable(&[1000.0, 999.0], 9).len(), 2);
        assert!(most_probable(&[1.0], 0).is_empty());
    }
}
