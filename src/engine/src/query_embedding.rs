//! Words and pictures of a query to one point: of the model's space, or of that of pictures alone
//! where the query has no words.

use std::sync::Arc;
use std::time::Instant;

use seer_encoders::Model;
use seer_images::{DecodeOptions, Stop};
use seer_types::{Embedding, ModelFingerprint, PhotoId, PreparedImage};

use crate::analyses::see;
use crate::emphasis::layers;
use crate::mixing::{Mixed, Parts};
use crate::people::is_people;
use crate::picture_file::prepare_file;
use crate::query::{Like, ParsedQuery};
use crate::reading::{Reader, Reading};
use crate::{EngineError, Library, Picture, Timings};

/// A photo of nothing in particular.
pub(crate) const NEUTRAL: &str = "a photo";

/// What photos of people show, one for another: excluded together they leave few of them.
const KINDS_OF_PEOPLE: [&str; 6] =
    ["people", "a person", "a man", "a woman", "a child", "a group of people"];
/// How much all of these count for one excluded word.
const PEOPLE_STRENGTH: f32 = 3.2;

/// The texts that are encoded for an excluded one, with their weights.
pub(crate) fn pushed_from(text: &str, weight: f32) -> Vec<(String, f32)> {
    if is_people(text) {
        let each = weight * PEOPLE_STRENGTH / KINDS_OF_PEOPLE.len() as f32;
        return KINDS_OF_PEOPLE.map(|kind| (kind.to_owned(), each)).to_vec();
    }
    vec![(text.to_owned(), weight)]
}

/// A query, ready to be compared.
pub(crate) struct QueryPoint {
    /// All of its parts as one point.
    pub(crate) embedding: Embedding,
    /// Its point without what was marked; `None` where nothing was, or nothing else is asked.
    pub(crate) question: Option<Embedding>,
    /// The photos that are examples, and are no answers.
    pub(crate) examples: Vec<PhotoId>,
    /// The photos that were marked as right,
    pub(crate) more: Vec<PhotoId>,
    /// and as wrong.
    pub(crate) less: Vec<PhotoId>,
    /// What it was mixed of.
    pub(crate) parts: Parts,
}

impl Library {
    /// All parts of the query as one point; `None` where it has nothing to compare.
    pub(crate) fn query_embedding(
        &self,
        query: &ParsedQuery,
        reading: Option<&Reading>,
        pictures: &[Picture],
        timings: &mut Timings,
        stop: &Stop,
    ) -> Result<Option<QueryPoint>, EngineError> {
        if !query.has_meaning() && pictures.is_empty() {
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
        let named = |likes: &[Like], into: &mut Vec<(Embedding, f32)>| {
            let mut ids = Vec::with_capacity(likes.len());
            for Like { id, weight } in likes {
                let id = self.find(id)?.id;
                ids.push(id);
                if *weight > 0.0 {
                    into.push((self.stored_or_encoded(model, space, id, &options)?, *weight));
                }
            }
            Ok::<_, EngineError>(ids)
        };
        let mut examples = named(&query.likes, &mut parts.pictures)?;
        let more = named(&query.more, &mut parts.more)?;
        let less = named(&query.less, &mut parts.less)?;
        for picture in pictures {
            if let Picture::Photo(id) = picture {
                let unknown = || EngineError::NotFound(id.to_string());
                let id = self.photo(*id)?.ok_or_else(unknown)?.id;
                let embedding = self.stored_or_encoded(model, space, id, &options)?;
                parts.pictures.push((embedding, 1.0));
                examples.push(id);
            }
        }
        for picture in pictures {
            if let Picture::Bytes(bytes) = picture {
                let embedding = encode_picture(model, space, bytes, &options)?;
                parts.pictures.push((embedding, 1.0));
            }
        }
        let mixed = parts.mixed(model.relevance()).map_err(EngineError::Cancelled)?;
        let Mixed { point: embedding, question } = mixed;
        Ok(Some(QueryPoint { embedding, question, examples, more, less, parts }))
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
        see_picture(model, space, prepare_file(&self.original(id)?, options, model.spec())?)
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
        let mut texts = layers(&query.terms);
        if texts.is_empty() && alone {
            texts.push((NEUTRAL.to_owned(), 1.0));
        }
        let wanted = texts.len();
        let excluded = query.terms.iter().filter(|term| term.weight < 0.0);
        texts.extend(excluded.flat_map(|term| pushed_from(&term.text, -term.weight)));
        let strings: Vec<&str> = texts.iter().map(|(text, _)| text.as_str()).collect();
        let embeddings = self.encode_texts(space, reader, &strings, timings)?.into_iter();
        let mut parts: Vec<(Embedding, f32)> =
            embeddings.zip(texts.iter().map(|(_, weight)| *weight)).collect();
        let excluded = parts.split_off(wanted);
        Ok(Parts { texts: parts, excluded, ..Parts::default() })
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
    see_picture(model, space, prepared)
}

/// The same of a decoded picture.
fn see_picture(
    model: &Model,
    space: ModelFingerprint,
    prepared: PreparedImage,
) -> Result<Embedding, EngineError> {
    let seen = see(model, std::slice::from_ref(&prepared))?.remove(0);
    let likeness = seen.likeness.filter(|likeness| likeness.model() == space);
    Ok(likeness.unwrap_or(seen.embedding))
}
