//! What the model makes of pictures: embeddings, and classes where it is a classifier.

use std::panic::{AssertUnwindSafe, catch_unwind};

use seer_encoders::{ClassScore, EncodeError, Model};
use seer_types::{Embedding, PreparedImage};

use super::outcome::panic_text;

/// Most classes that a photo is filed under, of those that are
const CLASSES: usize = 3;
/// at least as probable as this: a choice, not measured, for few tags that are mostly right.
const PROBABLE: f32 = 0.2;

/// One picture as the model sees it.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Seen {
    /// Its place in the model's space.
    pub embedding: Embedding,
    /// What it shows, surest first; empty from a model that is no classifier.
    pub classes: Vec<String>,
}

/// What the model sees in `images`, in order; or why it fails, also when it panics.
pub(crate) fn look(model: &Model, images: &[PreparedImage]) -> Result<Vec<Seen>, String> {
    match catch_unwind(AssertUnwindSafe(|| encode(model, images))) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => Err(format!("it stopped unexpectedly: {}", panic_text(&*panic))),
    }
}

fn encode(model: &Model, images: &[PreparedImage]) -> Result<Vec<Seen>, EncodeError> {
    if model.classes().is_empty() {
        let embeddings = model.encode_images(images)?.into_iter();
        return Ok(embeddings.map(|embedding| Seen { embedding, classes: Vec::new() }).collect());
    }
    let (embeddings, scores) = model.encode_and_classify_images(images, CLASSES)?;
    let seen = embeddings.into_iter().zip(scores);
    Ok(seen.map(|(embedding, s)| Seen { embedding, classes: names(model, &s) }).collect())
}

/// The probable classes that have a name.
fn names(model: &Model, scores: &[ClassScore]) -> Vec<String> {
    let probable = scores.iter().filter(|score| score.probability >= PROBABLE);
    let words = probable.filter_map(|score| model.classes()[score.class].words());
    words.map(str::to_owned).collect()
}
