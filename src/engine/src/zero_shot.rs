//! Zero-shot classification: classes named in words, no training.

use seer_encoders::Model;
use seer_types::Embedding;

use crate::EngineError;
use crate::dot::cosines;

/// The template that CLIP's authors recommend for anything.
pub const TEMPLATE: &str = "a photo of a {}.";

/// Classes as points of a model's space.
///
/// A class is the mean direction of its name in every template (prompt ensembling, Radford and
/// others, arXiv 2103.00020, section 3.1.4).
pub struct ZeroShot {
    classes: Vec<Embedding>,
}

/// Texts per call of the model, as far as classes are not torn apart.
const TEXTS: usize = 256;

impl ZeroShot {
    /// Encodes class names in at least one template; each holds the name where it says `{}`.
    /// `progress` hears how many texts are done.
    ///
    /// # Errors
    /// `Encode` when the model fails, `Cancelled` when the templates of a class cancel out.
    pub fn new(
        model: &Model,
        names: &[&str],
        templates: &[String],
        progress: &dyn Fn(usize),
    ) -> Result<Self, EngineError> {
        let each = templates.len().max(1);
        let mut classes = Vec::with_capacity(names.len());
        for group in names.chunks((TEXTS / each).max(1)) {
            let texts =
                group.iter().flat_map(|name| templates.iter().map(|t| t.replace("{}", name)));
            let texts: Vec<String> = texts.collect();
            let points =
                model.encode_texts(&texts.iter().map(String::as_str).collect::<Vec<_>>())?;
            for points in points.chunks(each) {
                let parts: Vec<(&Embedding, f32)> = points.iter().map(|p| (p, 1.0)).collect();
                classes.push(Embedding::weighted_sum(&parts).map_err(EngineError::Cancelled)?);
            }
            progress(classes.len() * each);
        }
        Ok(Self { classes })
    }

    /// The cosine of a picture to each class, in the classes' order.
    pub fn cosines(&self, picture: &Embedding) -> Vec<f32> {
        cosines(picture, &self.classes)
    }
}
