//! Zero-shot classification: classes named in words, no training.

use seer_encoders::Model;
use seer_types::Embedding;

use crate::EngineError;

/// The template that CLIP's authors recommend for anything.
pub const TEMPLATE: &str = "a photo of a {}.";

/// Classes as points of a model's space.
///
/// A class is the mean direction of its name in every template (prompt ensembling, Radford and
/// others, arXiv 2103.00020, section 3.1.4).
pub struct ZeroShot {
    classes: Vec<Embedding>,
}

impl ZeroShot {
    /// Encodes class names; each template holds the name where it says `{}`.
    ///
    /// # Errors
    /// `Encode` when the model fails, `Cancelled` when the templates of a class cancel out.
    pub fn new(model: &Model, names: &[&str], templates: &[String]) -> Result<Self, EngineError> {
        let mut classes = Vec::with_capacity(names.len());
        for name in names {
            let texts: Vec<String> = templates.iter().map(|t| t.replace("{}", name)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let points = model.encode_texts(&texts)?;
            let parts: Vec<(&Embedding, f32)> = points.iter().map(|point| (point, 1.0)).collect();
            classes.push(Embedding::weighted_sum(&parts).map_err(EngineError::Cancelled)?);
        }
        Ok(Self { classes })
    }

    /// The cosine of a picture to each class, in the classes' order.
    pub fn cosines(&self, picture: &Embedding) -> Vec<f32> {
        let dot = |class: &Embedding| {
            class.values().iter().zip(picture.values()).map(|(a, b)| a * b).sum()
        };
        self.classes.iter().map(dot).collect()
    }
}
