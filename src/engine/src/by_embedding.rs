//! Embeddings by themselves, for programs that do the rest: a text or a picture to a point of the model's
//! space, and the photos nearest to one.

use seer_images::{DecodeOptions, Stop};
use seer_types::{Embedding, PhotoRecord};

use crate::folding::fold;
use crate::query::{ParsedQuery, Term};
use crate::reading::Reading;
use crate::{EngineError, Hit, Language, Library, Timings};

/// A picture as the model sees it.
pub struct SeenPicture {
    /// Its point, to be compared with those of texts and photos.
    pub embedding: Embedding,
    /// Pixels across, upright.
    pub width: u32,
    /// Pixels down, upright.
    pub height: u32,
}

impl Library {
    /// A text as one point of the model's space. It is a text, and no query: all of it is compared.
    /// `language`: what it is written in; `None`: what it looks like.
    ///
    /// # Errors
    /// `NoModel`; `Languages` when the model's second tower cannot be read.
    pub fn text_embedding(
        &self,
        text: &str,
        language: Option<Language>,
    ) -> Result<Embedding, EngineError> {
        let model = self.model()?;
        let terms = vec![Term { text: text.to_owned(), weight: 1.0 }];
        let query = ParsedQuery { terms, language, ..ParsedQuery::default() };
        let Some((reading, meant)) = Reading::of(&query, &model) else {
            return Err(EngineError::NoModel);
        };
        let text = meant.as_ref().unwrap_or(&query).terms[0].text.as_str();
        let (reader, mut timings) = (reading.reader(&model)?, Timings::default());
        let encoded = self.encode_texts(model.fingerprint(), &reader, &[text], &mut timings)?;
        encoded.into_iter().next().ok_or(EngineError::NoModel)
    }

    /// A picture file's content as one point of the model's space; given up soon after `stop` is set.
    ///
    /// # Errors
    /// `NoModel`; `Picture` when it is damaged, of no known format or above a limit.
    pub fn picture_embedding(&self, bytes: &[u8], stop: &Stop) -> Result<SeenPicture, EngineError> {
        let model = self.model()?;
        let options = DecodeOptions { stop: stop.clone(), ..DecodeOptions::default() };
        let prepare = || seer_images::decode_prepared(bytes, &options, model.spec());
        let (facts, prepared) = seer_images::catch_bug(prepare).map_err(EngineError::Picture)?;
        let embedding = model.encode_images(std::slice::from_ref(&prepared))?.remove(0);
        Ok(SeenPicture { embedding, width: facts.width, height: facts.height })
    }

    /// Numbers that were encoded elsewhere, with the model in use, as a point; of any length above 0.
    ///
    /// # Errors
    /// `NoModel`; `OutOfRange` when there are more or fewer than the model gives; `Cancelled` when they
    /// have no direction.
    pub fn embedding_of(&self, numbers: Vec<f32>) -> Result<Embedding, EngineError> {
        let model = self.model()?;
        let (dim, found) = (model.dim(), numbers.len());
        if found != dim {
            let what = "the count of numbers in an embedding";
            return Err(EngineError::OutOfRange { what, min: dim, max: dim, found });
        }
        Embedding::new(model.fingerprint(), numbers).map_err(EngineError::Cancelled)
    }

    /// The photos nearest to a point, at most `k`, with their cosines, best first; with `once` photos
    /// that are alike are one. Words, classes and dates change nothing.
    ///
    /// # Errors
    /// `ModelHasNoPhotos` when there is nothing to compare with.
    pub fn nearest_to(
        &self,
        point: &Embedding,
        k: usize,
        once: bool,
    ) -> Result<Vec<(PhotoRecord, f32)>, EngineError> {
        self.unencoded(point, self.store.photo_count()?)?;
        let near = self.store.nearest(point, k, None)?.neighbours;
        let ids: Vec<_> = near.iter().map(|near| near.id).collect();
        let records = self.store.photos(&ids)?.into_iter().zip(&near);
        let found = records.filter_map(|(photo, near)| {
            let photo = photo.filter(|photo| !photo.files.is_empty())?;
            let (score, alike) = (near.cosine, Vec::new());
            Some(Hit { photo, score, shows: 0.0, band: None, at_second: None, alike, why: None })
        });
        let found = found.collect();
        let hits = if once { fold(found) } else { found };
        Ok(hits.into_iter().map(|hit| (hit.photo, hit.score)).collect())
    }
}
