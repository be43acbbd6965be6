//! Words and pictures of a query to one point of the model's space.

use std::time::Instant;

use seer_images::{DecodeOptions, Stop};
use seer_types::{Embedding, PhotoId, RowId};

use crate::picture_file::read_picture;
use crate::query::ParsedQuery;
use crate::space::Space;
use crate::{EngineError, Library, Picture, Timings};

/// What an excluded word is pushed away towards: a photo of nothing in particular.
const NEUTRAL: &str = "a photo";

impl Library {
    /// All parts of the query as one point, and the rows that are themselves part of it.
    pub(crate) fn query_embedding(
        &self,
        query: &ParsedQuery,
        pictures: &[Picture],
        timings: &mut Timings,
        stop: &Stop,
    ) -> Result<(Option<Embedding>, Vec<RowId>), EngineError> {
        if query.terms.is_empty() && query.likes.is_empty() && pictures.is_empty() {
            return Ok((None, Vec::new()));
        }
        let space = self.space()?;
        let options = DecodeOptions { stop: stop.clone(), ..DecodeOptions::default() };
        let mut parts = self.text_parts(&space, query, timings)?;
        let mut rows = Vec::new();
        let mut like = |id: PhotoId, row: RowId| -> Result<(), EngineError> {
            parts.push((self.stored_or_encoded(&space, id, &options)?, 1.0));
            rows.push(row);
            Ok(())
        };
        for id in &query.likes {
            let record = self.find(id)?;
            like(record.id, record.row)?;
        }
        for picture in pictures {
            if let Picture::Photo(id) = picture {
                let unknown = || EngineError::NotFound(id.to_string());
                like(*id, self.photo(*id)?.ok_or_else(unknown)?.row)?;
            }
        }
        for picture in pictures {
            if let Picture::Bytes(bytes) = picture {
                parts.push((encode_picture(&space, bytes, &options)?, 1.0));
            }
        }
        let parts: Vec<(&Embedding, f32)> = parts.iter().map(|(e, w)| (e, *w)).collect();
        let sum = Embedding::weighted_sum(&parts).map_err(EngineError::Cancelled)?;
        Ok((Some(sum), rows))
    }

    /// A library photo's embedding; encoded now when it was indexed with another model.
    fn stored_or_encoded(
        &self,
        space: &Space,
        id: PhotoId,
        options: &DecodeOptions,
    ) -> Result<Embedding, EngineError> {
        if let Some(embedding) = self.catalog.embedding(space.model.fingerprint(), id)? {
            return Ok(embedding);
        }
        let path = self.original(id)?;
        encode_picture(space, &read_picture(&path, options)?, options)
    }

    /// The query's texts as weighted embeddings.
    ///
    /// An excluded text `x` with weight `-w` becomes `+w * neutral - w * x`: only what sets `x`
    /// apart from any photo is pushed away, not what all texts of the model have in common.
    fn text_parts(
        &self,
        space: &Space,
        query: &ParsedQuery,
        timings: &mut Timings,
    ) -> Result<Vec<(Embedding, f32)>, EngineError> {
        let pushed_away: f32 =
            query.terms.iter().filter(|t| t.weight < 0.0).map(|t| -t.weight).sum();
        let only_negative = query.terms.iter().all(|t| t.weight <= 0.0);
        let neutral = pushed_away + if only_negative { 1.0 } else { 0.0 };
        let mut texts: Vec<(&str, f32)> =
            query.terms.iter().map(|t| (t.text.as_str(), t.weight)).collect();
        if pushed_away > 0.0 {
            texts.push((NEUTRAL, neutral));
        }
        let strings: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
        let embeddings = self.encode_texts(space, &strings, timings)?;
        Ok(embeddings.into_iter().zip(texts.iter().map(|(_, weight)| *weight)).collect())
    }

    /// Texts to embeddings; those that were asked for before are not encoded again.
    fn encode_texts(
        &self,
        space: &Space,
        texts: &[&str],
        timings: &mut Timings,
    ) -> Result<Vec<Embedding>, EngineError> {
        let model = &space.model;
        let mut known: Vec<Option<Embedding>> =
            texts.iter().map(|text| self.queries.get(model.fingerprint(), text)).collect();
        let missing: Vec<usize> = (0..texts.len()).filter(|i| known[*i].is_none()).collect();
        timings.cached_texts = (texts.len() - missing.len()) as u32;
        if !missing.is_empty() {
            let start = Instant::now();
            let ids: Vec<Vec<u32>> =
                missing.iter().map(|i| model.token_ids(texts[*i])).collect::<Result<_, _>>()?;
            timings.tokenise_ms = start.elapsed().as_secs_f64() * 1000.0;
            for (i, embedding) in missing.into_iter().zip(self.texts.encode(model, ids)?) {
                self.queries.put(texts[i], &embedding);
                known[i] = Some(embedding);
            }
        }
        Ok(known.into_iter().flatten().collect())
    }
}

fn encode_picture(
    space: &Space,
    bytes: &[u8],
    options: &DecodeOptions,
) -> Result<Embedding, EngineError> {
    let prepare = || seer_images::decode_prepared(bytes, options, space.model.spec());
    let (_, prepared) = seer_images::catch_bug(prepare).map_err(EngineError::Picture)?;
    let mut embeddings = space.model.encode_images(std::slice::from_ref(&prepared))?;
    Ok(embeddings.remove(0))
}
