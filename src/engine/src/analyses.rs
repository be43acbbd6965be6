//! What a model tells of each photo, and for which photos it has done so.

use seer_encoders::{ClassScore, EncodeError, Model, SeenImage};
use seer_store::Analysis;
use seer_types::{Embedding, PhotoClass, PhotoId, PreparedImage};

use crate::{EngineError, Library};

/// Most classes that are noted with a photo, of those that are
const CLASSES: usize = 10;
/// at least as probable as this: less moves no photo in an answer.
const LEAST: f32 = 0.001;

/// One picture as a model sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Seen {
    /// Its place in the model's space.
    pub embedding: Embedding,
    /// Its place in the space of pictures alone, where the model has one.
    pub likeness: Option<Embedding>,
    /// What it shows, the likeliest first; empty from a model that tells no classes apart.
    pub classes: Vec<PhotoClass>,
}

/// What a model tells of each photo: its embeddings, and its classes where it tells some apart.
pub fn analyses_of(model: &Model) -> Vec<Analysis> {
    let mut analyses = vec![Analysis::Embedding(model.fingerprint())];
    analyses.extend(model.likeness_space().map(|space| Analysis::Embedding(space.fingerprint)));
    if !model.classes().is_empty() {
        analyses.push(Analysis::classes_of(model.fingerprint()));
    }
    analyses
}

/// What a model tells of pictures, made ready by its [`Model::spec`], in order.
///
/// # Errors
/// `PictureSize` for a picture of another size, `Compute` when the device fails.
pub fn see(model: &Model, pictures: &[PreparedImage]) -> Result<Vec<Seen>, EncodeError> {
    let seen = model.see_images(pictures, CLASSES)?.into_iter();
    let seen = seen.map(|SeenImage { embedding, likeness, classes: scores }| {
        let classes = classes(model, &scores);
        Seen { embedding, likeness, classes }
    });
    Ok(seen.collect())
}

/// The likely classes that have a name.
fn classes(model: &Model, scores: &[ClassScore]) -> Vec<PhotoClass> {
    let likely = scores.iter().filter(|score| score.probability >= LEAST);
    let class = |score: &ClassScore| {
        let names = model.classes()[score.class].words()?.to_owned();
        Some(PhotoClass { names, probability: score.probability })
    };
    likely.filter_map(class).collect()
}

impl Library {
    /// For each photo whether the analysis is done, in order; false for an unknown one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn analysed(&self, what: &Analysis, ids: &[PhotoId]) -> Result<Vec<bool>, EngineError> {
        Ok(self.store.analysed(what, ids)?)
    }
}
