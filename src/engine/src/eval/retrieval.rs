//! Image-text retrieval measured on captioned photos: the field's recall@k, both directions.
//!
//! Protocol (Karpathy and Fei-Fei, arXiv 1412.2306, as CLIP papers use it): every caption is a
//! query over all photos, every photo a query over all captions; ranks by cosine, ties in favour
//! of the earlier item; of a photo's captions the best-ranked one counts. No prompt template.

use std::path::PathBuf;

use seer_encoders::Model;
use seer_language::Language;
use seer_types::Embedding;
use serde::Serialize;

use crate::EngineError;
use crate::dot::cosines;
use crate::encode_files::encode_all;
use crate::eval::rank::{Recall, rank, recall};

/// A photo and the sentences people wrote for it.
#[derive(Clone, Debug)]
pub struct Captioned {
    /// The picture file.
    pub path: PathBuf,
    /// At least one.
    pub captions: Vec<String>,
}

/// What a measurement gave.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct RetrievalReport {
    /// Photos compared.
    pub photos: usize,
    /// Captions compared.
    pub captions: usize,
    /// A caption finds its photo.
    pub text_to_image: Recall,
    /// A photo finds one of its captions.
    pub image_to_text: Recall,
}

/// Measures a model on captions in `language`, or in any, each read as a search would read it.
/// `progress` hears of photos and captions encoded, and of all to encode.
///
/// # Errors
/// A picture that cannot be read or decoded (a measurement that skips some is no measurement),
/// or the model.
pub fn retrieval(
    model: &Model,
    photos: &[Captioned],
    language: Option<Language>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<RetrievalReport, EngineError> {
    let texts: Vec<&str> = photos.iter().flat_map(|p| &p.captions).map(String::as_str).collect();
    let total = photos.len() + texts.len();
    let paths: Vec<PathBuf> = photos.iter().map(|photo| photo.path.clone()).collect();
    let images = encode_all(model, &paths, &|done| progress(done, total))?;
    let done = |done| progress(images.len() + done, total);
    let captions = super::encode_texts(model, &texts, language, &done)?;
    let captions: Vec<Embedding> = captions.into_iter().map(|caption| caption.embedding).collect();
    let owners: Vec<usize> =
        photos.iter().enumerate().flat_map(|(i, p)| vec![i; p.captions.len()]).collect();
    Ok(report(&images, &captions, &owners))
}

fn report(images: &[Embedding], captions: &[Embedding], owners: &[usize]) -> RetrievalReport {
    let text_ranks = captions
        .iter()
        .zip(owners)
        .map(|(caption, owner)| rank(&cosines(caption, images), &[*owner]));
    let image_ranks = images.iter().enumerate().map(|(image, embedding)| {
        let own: Vec<usize> = (0..captions.len()).filter(|c| owners[*c] == image).collect();
        rank(&cosines(embedding, captions), &own)
    });
    RetrievalReport {
        photos: images.len(),
        captions: captions.len(),
        text_to_image: recall(&text_ranks.collect::<Vec<_>>()),
        image_to_text: recall(&image_ranks.collect::<Vec<_>>()),
    }
}

#[cfg(test)]
mod tests {
    use seer_types::ModelFingerprint;

    use super::*;

    fn embedding(values: [f32; 2]) -> Embedding {
        Embedding::new(ModelFingerprint([0; 16]), values.to_vec()).unwrap()
    }

    #[test]
    fn recall_by_hand() {
        let images = [embedding([1.0, 0.0]), embedding([0.0, 1.0])];
        // Captions of photo 0: one right, one that looks like photo 1; of photo 1: one right.
        let captions = [embedding([1.0, 0.1]), embedding([0.1, 1.0]), embedding([0.0, 1.0])];
        let report = report(&images, &captions, &[0, 0, 1]);
        assert_eq!(report.text_to_image.at_1, 2.0 / 3.0);
        assert_eq!(report.text_to_image.at_5, 1.0);
        assert_eq!(report.image_to_text.at_1, 1.0, "the best of a photo's captions counts");
    }
}
