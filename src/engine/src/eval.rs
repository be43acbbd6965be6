//! Image-text retrieval measured on captioned photos: the field's recall@k, both directions.
//!
//! Protocol (Karpathy and Fei-Fei, arXiv 1412.2306, as CLIP papers use it): every caption is a
//! query over all photos, every photo a query over all captions; ranks by cosine, ties in favour
//! of the earlier item; of a photo's captions the best-ranked one counts. No prompt template.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use seer_encoders::Model;
use seer_images::Limits;
use seer_types::{Embedding, PreparedImage};
use serde::Serialize;

use crate::EngineError;

/// A photo and the sentences people wrote for it.
#[derive(Clone, Debug)]
pub struct Captioned {
    /// The picture file.
    pub path: PathBuf,
    /// At least one.
    pub captions: Vec<String>,
}

/// Shares from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize)]
pub struct Recall {
    /// The right one is first.
    pub at_1: f64,
    /// It is among the first five.
    pub at_5: f64,
    /// It is among the first ten.
    pub at_10: f64,
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

/// Pictures per call of the model.
const BATCH: usize = 64;

/// Measures a model. `progress` hears of photos and captions encoded, and of all to encode.
///
/// # Errors
/// A picture that cannot be read or decoded (a measurement that skips some is no measurement),
/// or the model.
pub fn retrieval(
    model: &Model,
    photos: &[Captioned],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<RetrievalReport, EngineError> {
    let texts: Vec<&str> = photos.iter().flat_map(|p| &p.captions).map(String::as_str).collect();
    let total = photos.len() + texts.len();
    let mut images = Vec::with_capacity(photos.len());
    for batch in photos.chunks(BATCH) {
        images.extend(model.encode_images(&prepare(model, batch)?)?);
        progress(images.len(), total);
    }
    let mut captions = Vec::with_capacity(texts.len());
    for batch in texts.chunks(BATCH * 4) {
        captions.extend(model.encode_texts(batch)?);
        progress(images.len() + captions.len(), total);
    }
    let owners: Vec<usize> =
        photos.iter().enumerate().flat_map(|(i, p)| vec![i; p.captions.len()]).collect();
    Ok(report(&images, &captions, &owners))
}

/// Decodes and resizes a batch on all cores.
fn prepare(model: &Model, photos: &[Captioned]) -> Result<Vec<PreparedImage>, EngineError> {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(photo) = photos.get(index) else { return Ok(done) };
            let bytes = std::fs::read(&photo.path).map_err(EngineError::io("read", &photo.path))?;
            let decoded = seer_images::decode_prepared(&bytes, &Limits::default(), model.spec());
            done.push((index, decoded.map_err(EngineError::Picture)?.1));
        }
    };
    let parts: Vec<Result<Vec<(usize, PreparedImage)>, EngineError>> = std::thread::scope(|s| {
        let threads: Vec<_> = (0..cores).map(|_| s.spawn(work)).collect();
        let join = |t: std::thread::ScopedJoinHandle<'_, _>| match t.join() {
            Ok(part) => part,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(join).collect()
    });
    let mut prepared = Vec::with_capacity(photos.len());
    for part in parts {
        prepared.extend(part?);
    }
    prepared.sort_by_key(|(index, _)| *index);
    Ok(prepared.into_iter().map(|(_, image)| image).collect())
}

fn report(images: &[Embedding], captions: &[Embedding], owners: &[usize]) -> RetrievalReport {
    let text_ranks = captions.iter().zip(owners).map(|(caption, owner)| {
        let cosines = cosines(caption, images);
        rank(&cosines, *owner)
    });
    let image_ranks = images.iter().enumerate().map(|(image, embedding)| {
        let cosines = cosines(embedding, captions);
        let own = (0..captions.len()).filter(|c| owners[*c] == image);
        own.map(|c| rank(&cosines, c)).min().unwrap_or(usize::MAX)
    });
    RetrievalReport {
        photos: images.len(),
        captions: captions.len(),
        text_to_image: recall(text_ranks.collect()),
        image_to_text: recall(image_ranks.collect()),
    }
}

fn cosines(query: &Embedding, among: &[Embedding]) -> Vec<f32> {
    let dot = |e: &Embedding| query.values().iter().zip(e.values()).map(|(a, b)| a * b).sum();
    among.iter().map(dot).collect()
}

/// How many come before the right one.
fn rank(cosines: &[f32], right: usize) -> usize {
    let own = cosines[right];
    let before = |(i, c): &(usize, &f32)| **c > own || (**c == own && *i < right);
    cosines.iter().enumerate().filter(before).count()
}

fn recall(ranks: Vec<usize>) -> Recall {
    let share = |k: usize| {
        ranks.iter().filter(|rank| **rank < k).count() as f64 / ranks.len().max(1) as f64
    };
    Recall { at_1: share(1), at_5: share(5), at_10: share(10) }
}

#[cfg(test)]
mod tests {
    use seer_types::ModelFingerprint;

    use super::*;

    fn embedding(values: [f32; 2]) -> Embedding {
        Embedding::new(ModelFingerprint([0; 16]), values.to_vec()).unwrap()
    }

    #[test]
    fn ranks_count_what_comes_before() {
        assert_eq!(rank(&[0.1, 0.9, 0.5], 1), 0);
        assert_eq!(rank(&[0.1, 0.9, 0.5], 0), 2);
        assert_eq!(rank(&[0.5, 0.5], 0), 0);
        assert_eq!(rank(&[0.5, 0.5], 1), 1, "the earlier of equals comes first");
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
