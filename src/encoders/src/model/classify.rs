//! What a picture shows, by a classifier's own classes.

use seer_checkpoint::config::{ClassLabel, ClassNames, Meaning};
use seer_types::{Embedding, PreparedImage};

use crate::error::EncodeError;
use crate::model::{Model, embeddings};

/// A class that a picture may show.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ClassScore {
    /// Its number: the place in [`Model::classes`].
    pub class: usize,
    /// 0 to 1; those of all classes sum up to 1 (softmax of the classifier's logits).
    pub probability: f32,
}

/// A picture as the model sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct SeenImage {
    /// Its place in the model's space.
    pub embedding: Embedding,
    /// Its place in [`Model::likeness_space`], where the model has one.
    pub likeness: Option<Embedding>,
    /// The most probable classes, most probable first (equal ones by their number); empty from a
    /// model that is no classifier.
    pub classes: Vec<ClassScore>,
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
        if self.classes().is_empty() {
            return Err(EncodeError::NoClasses { model: self.name.clone() });
        }
        Ok(self.see_images(images, top)?.into_iter().map(|seen| seen.classes).collect())
    }

    /// All that the model makes of pictures, made ready by [`Self::spec`], in one pass, in order; of
    /// its classes the `top` most probable.
    ///
    /// # Errors
    /// `PictureSize` for a picture of another size, `Output` when a result has no direction,
    /// `Compute` when the device fails.
    pub fn see_images(
        &self,
        images: &[PreparedImage],
        top: usize,
    ) -> Result<Vec<SeenImage>, EncodeError> {
        let mut out = Vec::with_capacity(images.len());
        self.each_batch(images, |batch| {
            out.extend(self.see_batch(batch, top)?);
            Ok(())
        })?;
        Ok(out)
    }

    fn see_batch(
        &self,
        batch: &[PreparedImage],
        top: usize,
    ) -> Result<Vec<SeenImage>, EncodeError> {
        let outputs = self.towers.see(batch)?;
        let mut likeness = match self.likeness.zip(outputs.likeness) {
            Some((space, points)) => embeddings(space.fingerprint, &points)?,
            None => Vec::new(),
        }
        .into_iter();
        let logits = outputs.logits.map(|logits| logits.to_vec2::<f32>()).transpose()?;
        let mut logits = logits.unwrap_or_default().into_iter();
        let seen = embeddings(self.fingerprint, &outputs.points)?.into_iter().map(|embedding| {
            let classes = logits.next().map(|logits| most_probable(&logits, top));
            let classes = classes.unwrap_or_default();
            SeenImage { embedding, likeness: likeness.next(), classes }
        });
        Ok(seen.collect())
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
