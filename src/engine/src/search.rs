//! The read path: a request to the best photos.

use roaring::RoaringBitmap;
use seer_images::Limits;
use seer_keywords::Filter;
use seer_types::{Embedding, PhotoId, RowId};
use seer_vectors::{SearchParams, VectorIndex};

use crate::answer::{MAX_K, Stopwatch};
use crate::query::{ParsedQuery, parse};
use crate::space::Space;
use crate::timeline::Timeline;
use crate::{EngineError, Hit, Library, Picture, PlanReport, SearchAnswer, SearchRequest, Timings};

/// The furthest an answer can be paged to.
const MAX_OFFSET: usize = 100_000;

/// What an excluded word is pushed away towards: a photo of nothing in particular.
const NEUTRAL: &str = "a photo";

/// Rows with their cosines, best first, and how they were found.
struct Ranking {
    rows: Vec<(RowId, f32)>,
    plan: PlanReport,
}

impl Library {
    /// Finds the photos that fit best.
    ///
    /// Only photos that every filter allows; always `min(k, what they allow)` hits. Best cosine
    /// first, ties by row. Without words and pictures: newest first.
    ///
    /// # Errors
    /// `Query`, `OutOfRange`, `Picture`, `NotFound` for `like:`; `NoModel` when there is meaning
    /// to compare and no model.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, EngineError> {
        check_range("k", 1, MAX_K, request.k)?;
        check_range("offset", 0, MAX_OFFSET, request.offset)?;
        let mut watch = Stopwatch::start();
        let mut timings = Timings::default();

        let query = parse(&request.query)?;
        timings.parse_ms = watch.lap();
        let (embedding, mut excluded) = self.query_embedding(&query, &request.pictures)?;
        timings.encode_ms = watch.lap();
        let allowed = self.allowed(&query)?;
        timings.filter_ms = watch.lap();
        let matching = match &allowed {
            Some(rows) => rows.len(),
            None => self.with_timeline(Timeline::len)?,
        };
        excluded.retain(|row| allowed.as_ref().is_none_or(|rows| rows.contains(row.0)));
        let wanted = request.offset + request.k + 1;
        let ranking = match &embedding {
            Some(embedding) => {
                self.nearest(embedding, wanted + excluded.len(), allowed.as_ref())?
            }
            None => self.newest(wanted, allowed.as_ref())?,
        };
        timings.search_ms = watch.lap();
        let (hits, more) = self.hits(&ranking, &excluded, request)?;
        timings.records_ms = watch.lap();
        timings.total_ms = watch.total();

        Ok(SearchAnswer {
            hits,
            more,
            matching,
            words: query.words(),
            filters: query.filters.into_iter().map(|(typed, _)| typed).collect(),
            plan: ranking.plan,
            timings,
        })
    }

    /// The rows every filter allows; `None` without filters.
    fn allowed(&self, query: &ParsedQuery) -> Result<Option<RoaringBitmap>, EngineError> {
        if query.filters.is_empty() {
            return Ok(None);
        }
        let all = query.filters.iter().map(|(_, filter)| filter.clone()).collect();
        Ok(Some(self.keywords.filter(&Filter::All(all))?))
    }

    /// All parts of the query as one point, and the rows that are themselves part of it.
    fn query_embedding(
        &self,
        query: &ParsedQuery,
        pictures: &[Picture],
    ) -> Result<(Option<Embedding>, Vec<RowId>), EngineError> {
        if query.terms.is_empty() && query.likes.is_empty() && pictures.is_empty() {
            return Ok((None, Vec::new()));
        }
        let space = self.space()?;
        let mut parts = text_parts(&space, query)?;
        let mut rows = Vec::new();
        let mut like = |id: PhotoId, row: RowId| -> Result<(), EngineError> {
            parts.push((self.stored_or_encoded(&space, id)?, 1.0));
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
                parts.push((encode_picture(&space, bytes)?, 1.0));
            }
        }
        let parts: Vec<(&Embedding, f32)> = parts.iter().map(|(e, w)| (e, *w)).collect();
        let sum = Embedding::weighted_sum(&parts).map_err(EngineError::Cancelled)?;
        Ok((Some(sum), rows))
    }

    /// A library photo's embedding; encoded now when it was indexed with another model.
    fn stored_or_encoded(&self, space: &Space, id: PhotoId) -> Result<Embedding, EngineError> {
        if let Some(embedding) = self.catalog.embedding(space.model.fingerprint(), id)? {
            return Ok(embedding);
        }
        let path = self.original(id)?;
        let bytes = std::fs::read(&path).map_err(EngineError::io("read", &path))?;
        encode_picture(space, &bytes)
    }

    fn nearest(
        &self,
        embedding: &Embedding,
        count: usize,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Ranking, EngineError> {
        let space = self.space()?;
        let index = space.index.read().unwrap_or_else(|e| e.into_inner());
        if index.len() == 0 && self.catalog.counts().photos > 0 {
            return Err(EngineError::ModelHasNoPhotos { model: space.model.name().to_string() });
        }
        let params = SearchParams { k: count, filter: allowed, ef: None };
        let found = index.search(embedding.values(), &params)?;
        let rows = found.neighbours.into_iter().map(|n| (n.row, n.cosine)).collect();
        Ok(Ranking { rows, plan: PlanReport { method: found.method.name(), exact: found.exact } })
    }

    fn newest(
        &self,
        count: usize,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Ranking, EngineError> {
        let rows = self.with_timeline(|timeline| timeline.page(allowed, 0, count))?;
        let plan = PlanReport { method: "filter", exact: true };
        Ok(Ranking { rows: rows.into_iter().map(|row| (row, 0.0)).collect(), plan })
    }

    /// The records of the asked page, and whether there are more.
    fn hits(
        &self,
        ranking: &Ranking,
        excluded: &[RowId],
        request: &SearchRequest,
    ) -> Result<(Vec<Hit>, bool), EngineError> {
        let mut rest =
            ranking.rows.iter().filter(|(row, _)| !excluded.contains(row)).skip(request.offset);
        let mut hits = Vec::with_capacity(request.k.min(ranking.rows.len()));
        for (row, score) in rest.by_ref() {
            // A photo deleted between ranking and reading is no hit any more.
            if let Some(photo) = self.catalog.record_at(*row)?.filter(|r| !r.files.is_empty()) {
                hits.push(Hit { photo, score: *score });
            }
            if hits.len() == request.k {
                break;
            }
        }
        Ok((hits, rest.next().is_some()))
    }

    /// Reads the timeline, which is made from the catalog on first use.
    fn with_timeline<T>(&self, read: impl FnOnce(&Timeline) -> T) -> Result<T, EngineError> {
        if let Some(timeline) = &*self.timeline.read().unwrap_or_else(|e| e.into_inner()) {
            return Ok(read(timeline));
        }
        let _writing = self.writing.lock().unwrap_or_else(|e| e.into_inner());
        let mut timeline = Timeline::default();
        for record in self.catalog.records()? {
            timeline.update(&record?);
        }
        let answer = read(&timeline);
        *self.timeline.write().unwrap_or_else(|e| e.into_inner()) = Some(timeline);
        Ok(answer)
    }
}

fn check_range(
    what: &'static str,
    min: usize,
    max: usize,
    found: usize,
) -> Result<(), EngineError> {
    if (min..=max).contains(&found) {
        Ok(())
    } else {
        Err(EngineError::OutOfRange { what, min, max, found })
    }
}

/// The query's texts as weighted embeddings.
///
/// An excluded text `x` with weight `-w` becomes `+w * neutral - w * x`: only what sets `x` apart
/// from any photo is pushed away, not what all texts of the model have in common.
fn text_parts(space: &Space, query: &ParsedQuery) -> Result<Vec<(Embedding, f32)>, EngineError> {
    let pushed_away: f32 = query.terms.iter().filter(|t| t.weight < 0.0).map(|t| -t.weight).sum();
    let only_negative = query.terms.iter().all(|t| t.weight <= 0.0);
    let neutral = pushed_away + if only_negative { 1.0 } else { 0.0 };
    let mut texts: Vec<(&str, f32)> =
        query.terms.iter().map(|t| (t.text.as_str(), t.weight)).collect();
    if pushed_away > 0.0 {
        texts.push((NEUTRAL, neutral));
    }
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let strings: Vec<&str> = texts.iter().map(|(text, _)| *text).collect();
    let embeddings = space.model.encode_texts(&strings)?;
    Ok(embeddings.into_iter().zip(texts.iter().map(|(_, weight)| *weight)).collect())
}

fn encode_picture(space: &Space, bytes: &[u8]) -> Result<Embedding, EngineError> {
    let decoded = seer_images::decode_prepared(bytes, &Limits::default(), space.model.spec());
    let (_, prepared) = decoded.map_err(EngineError::Picture)?;
    let mut embeddings = space.model.encode_images(std::slice::from_ref(&prepared))?;
    Ok(embeddings.remove(0))
}
