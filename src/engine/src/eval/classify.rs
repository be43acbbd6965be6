//! Zero-shot classification measured on folders of pictures: the field's top-1 and top-5.
//!
//! Protocol (Radford and others, arXiv 2103.00020, section 3.1.4): a class is the mean direction
//! of its name in all prompt templates; a picture is right at k when its class is among the k
//! nearest by cosine, ties in favour of the earlier class. The share of all pictures, as ImageNet
//! is reported.

use std::path::PathBuf;

use seer_encoders::Model;
use serde::Serialize;

use crate::EngineError;
use crate::encode_files::encode_all;
use crate::zero_shot::ZeroShot;

/// Pictures of one class.
#[derive(Clone, Debug)]
pub struct Class {
    /// What the class is called, as a text may say it.
    pub name: String,
    /// The picture files.
    pub pictures: Vec<PathBuf>,
}

/// What a measurement gave; shares from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct ClassifyReport {
    /// Classes compared.
    pub classes: usize,
    /// Pictures compared.
    pub pictures: usize,
    /// The right class is the nearest.
    pub top_1: f64,
    /// It is among the five nearest.
    pub top_5: f64,
}

/// Measures a model. `progress` hears of texts and pictures encoded, and of all to encode.
///
/// # Errors
/// A picture that cannot be read or decoded (a measurement that skips some is no measurement),
/// with its path; or the model.
pub fn classify(
    model: &Model,
    classes: &[Class],
    templates: &[String],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<ClassifyReport, EngineError> {
    let names: Vec<&str> = classes.iter().map(|class| class.name.as_str()).collect();
    let pictures: Vec<PathBuf> = classes.iter().flat_map(|c| c.pictures.iter().cloned()).collect();
    let texts = names.len() * templates.len();
    let total = texts + pictures.len();
    let zero_shot = ZeroShot::new(model, &names, templates, &|done| progress(done, total))?;
    let owners = classes.iter().enumerate().flat_map(|(i, c)| vec![i; c.pictures.len()]);
    let encoded = encode_all(model, &pictures, &|done| progress(texts + done, total))?;
    let mut ranks = Vec::with_capacity(pictures.len());
    for (embedding, owner) in encoded.into_iter().zip(owners) {
        let cosines = zero_shot.cosines(&embedding);
        ranks.push(place(&cosines, owner));
    }
    let share = |k: usize| {
        ranks.iter().filter(|rank| **rank < k).count() as f64 / ranks.len().max(1) as f64
    };
    Ok(ClassifyReport {
        classes: classes.len(),
        pictures: pictures.len(),
        top_1: share(1),
        top_5: share(5),
    })
}

/// How many classes come before the right one.
fn place(cosines: &[f32], right: usize) -> usize {
    let own = cosines[right];
    let before = |(i, c): &(usize, &f32)| **c > own || (**c == own && *i < right);
    cosines.iter().enumerate().filter(before).count()
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_counts_what_comes_before() {
        assert_eq!(place(&[0.1, 0.9, 0.5], 1), 0);
        assert_eq!(place(&[0.1, 0.9, 0.5], 0), 2);
        assert_eq!(place(&[0.5, 0.5], 1), 1, "the earlier of equals comes first");
    }
}
