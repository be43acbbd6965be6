//! The read path: a request to the best photos.

use std::collections::HashSet;

use roaring::RoaringBitmap;
use seer_images::Stop;
use seer_store::Filter;
use seer_types::{Embedding, RowId};
use seer_vectors::{SearchParams, VectorError, VectorIndex};

use crate::answer::{MAX_K, Stopwatch};
use crate::fusion::{self, fuse};
use crate::literal::Literal;
use crate::query::{ParsedQuery, parse};
use crate::space::Space;
use crate::{EngineError, Hit, Library, PlanReport, SearchAnswer, SearchRequest, Timings};

/// The furthest an answer can be paged to.
const MAX_OFFSET: usize = 100_000;

/// Rows with their cosines, best first, and how they were found.
struct Ranking {
    rows: Vec<(RowId, f32)>,
    plan: PlanReport,
}

impl Library {
    /// Finds the photos that fit best.
    ///
    /// Only photos that every filter allows; always `min(k, what they allow)` hits. Best cosine
    /// first, ties by row, except that photos whose names, folders, tags or captions hold the
    /// query's words rise (`fusion.rs`). Without words and pictures: newest first.
    ///
    /// # Errors
    /// `Query`, `OutOfRange`, `Picture`, `NotFound` for `like:`; `NoModel` when there is meaning
    /// to compare and no model.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, EngineError> {
        self.search_until(request, &Stop::new())
    }

    /// [`Library::search`] whose pictures are given up soon after `stop` is set.
    ///
    /// # Errors
    /// The same, and `Picture` with `Stopped`.
    pub fn search_until(
        &self,
        request: &SearchRequest,
        stop: &Stop,
    ) -> Result<SearchAnswer, EngineError> {
        check_range("k", 1, MAX_K, request.k)?;
        check_range("offset", 0, MAX_OFFSET, request.offset)?;
        let mut watch = Stopwatch::start();
        let mut timings = Timings::default();

        let query = parse(&request.query)?;
        timings.parse_ms = watch.lap();
        let (embedding, mut excluded) =
            self.query_embedding(&query, &request.pictures, &mut timings, stop)?;
        timings.encode_ms = watch.lap() - timings.tokenise_ms;
        let allowed = self.allowed(&query)?;
        timings.filter_ms = watch.lap();
        let matching = match &allowed {
            Some(rows) => rows.len(),
            None => self.catalog.counts().photos,
        };
        excluded.retain(|row| allowed.as_ref().is_none_or(|rows| rows.contains(row.0)));
        let literal = match embedding.is_some() && request.pictures.is_empty() {
            true => self.literal(&query, allowed.as_ref())?,
            false => Vec::new(),
        };
        timings.words_ms = watch.lap();
        let wanted = request.offset + request.k + 1;
        let ranking = match &embedding {
            Some(embedding) => {
                self.nearest(embedding, wanted + excluded.len(), allowed.as_ref(), &literal)?
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
        let filter = Filter::All(all);
        Ok(Some(self.ask_words(|words| words.filter(&filter))?))
    }

    fn nearest(
        &self,
        embedding: &Embedding,
        count: usize,
        allowed: Option<&RoaringBitmap>,
        literal: &[Literal],
    ) -> Result<Ranking, EngineError> {
        let space = self.space()?;
        match self.nearest_in(&space, embedding, count, allowed, literal) {
            Err(EngineError::Vectors(VectorError::Damaged)) => {
                let space = self.rebuilt(&space)?;
                self.nearest_in(&space, embedding, count, allowed, literal)
            }
            found => found,
        }
    }

    fn nearest_in(
        &self,
        space: &Space,
        embedding: &Embedding,
        count: usize,
        allowed: Option<&RoaringBitmap>,
        literal: &[Literal],
    ) -> Result<Ranking, EngineError> {
        let index = space.index.read().unwrap_or_else(|e| e.into_inner());
        if index.len() == 0 && self.catalog.counts().photos > 0 {
            return Err(EngineError::ModelHasNoPhotos { model: space.model.name().to_string() });
        }
        let k = if literal.is_empty() { count } else { count.max(fusion::DEPTH) };
        let found =
            index.search(embedding.values(), &SearchParams { k, filter: allowed, effort: None })?;
        let plan = PlanReport { method: found.method.name(), exact: found.exact };
        let near: Vec<(RowId, f32)> =
            found.neighbours.into_iter().map(|n| (n.row, n.cosine)).collect();
        let rows = match literal.is_empty() {
            true => near,
            false => {
                let others = beyond(&*index, embedding, literal, &near);
                fuse(near, literal, others)
            }
        };
        if index.is_damaged() {
            return Err(VectorError::Damaged.into());
        }
        Ok(Ranking { rows, plan })
    }

    fn newest(
        &self,
        count: usize,
        allowed: Option<&RoaringBitmap>,
    ) -> Result<Ranking, EngineError> {
        let rows = self.ask_words(|words| words.newest(count, allowed))?;
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
}

/// Photos with literal words that are not among the nearest, with their cosines.
fn beyond(
    index: &impl VectorIndex,
    query: &Embedding,
    literal: &[Literal],
    near: &[(RowId, f32)],
) -> Vec<(RowId, f32)> {
    let known: HashSet<RowId> = near.iter().map(|(row, _)| *row).collect();
    let missing = literal.iter().map(|literal| literal.row).filter(|row| !known.contains(row));
    let with_cosine = |row: RowId| {
        let vector = index.get(row)?;
        Some((row, vector.iter().zip(query.values()).map(|(a, b)| a * b).sum()))
    };
    missing.filter_map(with_cosine).collect()
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
