//! Words and pictures of a query to one point: of the model's space, or of that of pictures alone
//! where the query has no words.

use std::sync::Arc;
use std::time::Instant;

use seer_encoders::Model;
use seer_images::{DecodeOptions, Stop};
use seer_types::{Embedding, ModelFingerprint, PhotoId};

use crate::analyses::see;
use crate::mixing::Parts;
use crate::picture_file::read_picture;
use crate::query::ParsedQuery;
use crate::reading::{Reader, Reading};
use crate::{EngineError, Library, Picture, Timings};

/// A photo of nothing in particular.
pub(crate) const NEUTRAL: &str = "a photo";

/// Words that mean people, and
const PEOPLE: [&str; 6] = ["people", "persons", "person", "humans", "human", "anybody"];
/// what photos of people show, one for another: excluded together they leave few of them.
const KINDS_OF_PEOPLE: [&str; 6] =
    ["people", "a person", "a man", "a woman", "a child", "a group of people"];
/// How much all of these count for one excluded word.
const PEOPLE_STRENGTH: f32 = 2.0;

/// A query as one point.
pub(crate) struct QueryPoint {
    pub(crate) embedding: Embedding,
    /// What it was mixed of.
    pub(crate) parts: Parts,
    /// Photos that are themselves part of it, in the order of the pictures among the parts.
    pub(crate) photos: Vec<PhotoId>,
}

/// The texts that are encoded for a term, with their weights.
pub(crate) fn meant(text: &str, weight: f32) -> Vec<(&str, f32)> {
    if weight < 0.0 && PEOPLE.contains(&text.to_lowercase().as_str()) {
        let each = weight * PEOPLE_STRENGTH / KINDS_OF_PEOPLE.len() as f32;
        return KINDS_OF_PEOPLE.map(|kind| (kind, each)).to_vec();
    }
    vec![(text, weight)]
}

impl Library {
    /// All parts of the query as one point; `None` where it has none.
    pub(crate) fn query_embedding(
        &self,
        query: &ParsedQuery,
        reading: Option<&Reading>,
        pictures: &[Picture],
        timings: &mut Timings,
        stop: &Stop,
    ) -> Result<Option<QueryPoint>, EngineError> {
        if query.terms.is_empty() && query.likes.is_empty() && pictures.is_empty() {
            return Ok(None);
        }
        let model = &self.model()?;
        let space = match query.terms.is_empty() {
            true => self.likeness_space(model)?,
            false => None,
        };
        let space = space.unwrap_or(model.fingerprint());
        let options = DecodeOptions { stop: stop.clone(), ..DecodeOptions::default() };
        let mut parts = match reading {
            Some(reading) => {
                let alone = query.likes.is_empty() && pictures.is_empty();
                let reader = reading.reader(model)?;
                self.text_parts(model.fingerprint(), &reader, query, alone, timings)?
            }
            None => Parts::default(),
        };
        let mut ids = Vec::new();
        let mut like = |id: PhotoId| -> Result<(), EngineError> {
            parts.pictures.push(self.stored_or_encoded(model, space, id, &options)?);
            ids.push(id);
            Ok(())
        };
        for id in &query.likes {
            like(self.find(id)?.id)?;
        }
        for picture in pictures {
            if let Picture::Photo(id) = picture {
                let unknown = || EngineError::NotFound(id.to_string());
                like(self.photo(*id)?.ok_or_else(unknown)?.id)?;
            }
        }
        for picture in pictures {
            if let Picture::Bytes(bytes) = picture {
                parts.pictures.push(encode_picture(model, space, bytes, &options)?);
            }
        }
        let embedding = parts.mixed(model.relevance()).map_err(EngineError::Cancelled)?;
        Ok(Some(QueryPoint { embedding, parts, photos: ids }))
    }

    /// A library photo's embedding; encoded now when it was indexed with another model.
    fn stored_or_encoded(
        &self,
        model: &Arc<Model>,
        space: ModelFingerprint,
        id: PhotoId,
        options: &DecodeOptions,
    ) -> Result<Embedding, EngineError> {
        // By part: the whole picture first, where it has a point.
        if let Some(point) = self.store.points(space, id)?.into_iter().next() {
            return Ok(point.embedding);
        }
        let path = self.original(id)?;
        encode_picture(model, space, &read_picture(&path, options)?, options)
    }

    /// The query's texts as embeddings. Where they stand `alone`, without a picture, and nothing is wanted
    /// but only excluded, any photo is wanted.
    fn text_parts(
        &self,
        space: ModelFingerprint,
        reader: &Reader,
        query: &ParsedQuery,
        alone: bool,
        timings: &mut Timings,
    ) -> Result<Parts, EngineError> {
        let mut texts: Vec<(&str, f32)> = Vec::new();
        for term in &query.terms {
            texts.extend(meant(&term.text, term.weight));
        }
        let only_excluded = texts.iter().all(|(_, weight)| *weight <= 0.0);
        if only_excluded && alone {
            texts.push((NEUTRAL, 1.0));
        }
        let strings: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
        let embeddings = self.encode_texts(space, reader, &strings, timings)?.into_iter();
        let weighted = embeddings.zip(texts.iter().map(|(_, weight)| *weight));
        let (wanted, excluded) = weighted.partition(|(_, weight)| *weight > 0.0);
        let excluded: Vec<(Embedding, f32)> = excluded;
        let excluded = excluded.into_iter().filter(|(_, weight)| *weight < 0.0);
        Ok(Parts {
            texts: wanted,
            pictures: Vec::new(),
            excluded: excluded.map(|(text, weight)| (text, -weight)).collect(),
        })
    }

    /// Texts to embeddings; those that were asked for before are not encoded again.
    pub(crate) fn encode_texts(
        &self,
        space: ModelFingerprint,
        reader: &Reader,
        texts: &[&str],
        timings: &mut Timings,
    ) -> Result<Vec<Embedding>, EngineError> {
        let second = reader.is_second();
        let mut known: Vec<Option<Embedding>> =
            texts.iter().map(|text| self.queries.get(space, second, text)).collect();
        let missing: Vec<usize> = (0..texts.len()).filter(|i| known[*i].is_none()).collect();
        timings.cached_texts = (texts.len() - missing.len()) as u32;
        if !missing.is_empty() {
            let start = Instant::now();
            let ids: Vec<Vec<u32>> =
                missing.iter().map(|i| reader.token_ids(texts[*i])).collect::<Result<_, _>>()?;
            timings.tokenise_ms = start.elapsed().as_secs_f64() * 1000.0;
            let encoded = self.texts.encode(&reader.encoder(), ids)?;
            for (i, embedding) in missing.into_iter().zip(encoded) {
                self.queries.put(second, texts[i], &embedding);
                known[i] = Some(embedding);
            }
        }
        Ok(known.into_iter().flatten().collect())
    }
}

/// A picture in the model's space or in that of pictures alone.
fn encode_picture(
    model: &Model,
    space: ModelFingerprint,
    bytes: &[u8],
    options: &DecodeOptions,
) -> Result<Embedding, EngineError> {
    let prepare = || seer_images::decode_prepared(bytes, options, model.spec());
    let (_, prepared) = seer_images::catch_bug(prepare).map_err(EngineError::Picture)?;
    let seen = see(model, std::slice::from_ref(&prepared))?.remove(0);
    let likeness = seen.likeness.filter(|likeness| likeness.model() == space);
    Ok(likeness.unwrap_or(seen.embedding))
}
