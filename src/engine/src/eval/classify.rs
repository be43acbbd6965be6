//! Folders of pictures, one a class: zero-shot classification, the field's top-1 and top-5, and
//! the names of classes as queries, recall@k.
//!
//! Protocol (Radford and others, arXiv 2103.00020, section 3.1.4): a class is the mean direction
//! of its name in all prompt templates; a picture is right at k when its class is among the k
//! nearest by cosine, ties in favour of the earlier class. The share of all pictures, as ImageNet
//! is reported.
//!
//! Names as queries, as people search: each name by itself, without a template, over all pictures;
//! right at k when a picture of its class is among the k nearest by cosine, ties in favour of the
//! earlier picture. The share of all names.

use std::path::PathBuf;

use seer_encoders::Model;
use seer_types::Embedding;
use serde::Serialize;

use crate::EngineError;
use crate::dot::cosines;
use crate::encode_files::encode_all;
use crate::eval::rank::{Recall, rank, recall};
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
    /// A class's name finds a picture of it.
    pub name_to_image: Recall,
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
    let texts = names.len() * (templates.len() + 1);
    let total = texts + pictures.len();
    let zero_shot = ZeroShot::new(model, &names, templates, &|done| progress(done, total))?;
    let queries = super::encode_texts(model, &names, None, &|done| {
        progress(names.len() * templates.len() + done, total);
    })?;
    let queries: Vec<Embedding> = queries.into_iter().map(|name| name.embedding).collect();
    let owners: Vec<usize> =
        classes.iter().enumerate().flat_map(|(i, c)| vec![i; c.pictures.len()]).collect();
    let encoded = encode_all(model, &pictures, &|done| progress(texts + done, total))?;
    let pairs = encoded.iter().zip(&owners);
    let classified = pairs.map(|(picture, owner)| rank(&zero_shot.cosines(picture), &[*owner]));
    let classified = recall(&classified.collect::<Vec<_>>());
    Ok(ClassifyReport {
        classes: classes.len(),
        pictures: pictures.len(),
        top_1: classified.at_1,
        top_5: classified.at_5,
        name_to_image: names_find(&queries, &encoded, &owners),
    })
}

/// Recall of each class's name over all pictures; `owners` are the pictures' classes.
fn names_find(names: &[Embedding], pictures: &[Embedding], owners: &[usize]) -> Recall {
    let ranks = names.iter().enumerate().map(|(class, name)| {
        let own: Vec<usize> = (0..owners.len()).filter(|p| owners[*p] == class).collect();
        rank(&cosines(name, pictures), &own)
    });
    recall(&ranks.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use seer_types::ModelFingerprint;

    use super::*;

    #[test]
    fn a_name_needs_one_of_its_pictures() {
        let at = |x: f32, y: f32| Embedding::new(ModelFingerprint([0; 16]), vec![x, y]).unwrap();
        let pictures = [at(1.0, 0.0), at(0.9, 0.1), at(0.0, 1.0)];
        let names = [at(0.0, 1.0), at(0.1, 1.0)];
        let found = names_find(&names, &pictures, &[0, 0, 1]);
        assert_eq!((found.at_1, found.at_5), (0.5, 1.0));
    }
}
