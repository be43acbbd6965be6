//! The read path: a request to the best photos.

use std::collections::HashSet;

use seer_images::Stop;
use seer_store::{Allowed, Filter, Neighbour};
use seer_types::{Embedding, PhotoId};

use crate::answer::{MAX_K, Stopwatch};
use crate::fusion::{self, fuse};
use crate::literal::Literal;
use crate::query::{ParsedQuery, parse};
use crate::{EngineError, Hit, Library, PlanReport, SearchAnswer, SearchRequest, Timings};

/// The furthest an answer can be paged to.
const MAX_OFFSET: usize = 100_000;

/// Photos with their cosines, best first, and how they were found.
struct Ranking {
    photos: Vec<(PhotoId, f32)>,
    plan: PlanReport,
}

impl Library {
    /// Finds the photos that fit best.
    ///
    /// Only photos that every filter allows; always `min(k, what they allow)` hits. Best cosine
    /// first, ties by id, except that photos whose names, folders, tags or captions hold the
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
        let (embedding, excluded) =
            self.query_embedding(&query, &request.pictures, &mut timings, stop)?;
        timings.encode_ms = watch.lap() - timings.tokenise_ms;
        let allowed = self.allowed(&query)?;
        timings.filter_ms = watch.lap();
        let photos = self.store.counts()?.photos;
        let matching = allowed.as_ref().map_or(photos, |allowed| allowed.count);
        let literal = match embedding.is_some() && request.pictures.is_empty() {
            true => self.literal(&query, allowed.as_ref(), photos)?,
            false => Vec::new(),
        };
        timings.words_ms = watch.lap();
        let wanted = request.offset + request.k + 1;
        let unencoded = match &embedding {
            Some(query) => self.unencoded(query, photos)?,
            None => 0,
        };
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
            unencoded,
            words: query.words(),
            filters: query.filters.into_iter().map(|(typed, _)| typed).collect(),
            plan: ranking.plan,
            timings,
        })
    }

    /// The photos every filter allows; `None` without filters.
    fn allowed(&self, query: &ParsedQuery) -> Result<Option<Allowed>, EngineError> {
        if query.filters.is_empty() {
            return Ok(None);
        }
        let all = query.filters.iter().map(|(_, filter)| filter.clone()).collect();
        Ok(Some(self.store.allow(&Filter::All(all))?))
    }

    fn nearest(
        &self,
        embedding: &Embedding,
        count: usize,
        allowed: Option<&Allowed>,
        literal: &[Literal],
    ) -> Result<Ranking, EngineError> {
        let k = if literal.is_empty() { count } else { count.max(fusion::DEPTH) };
        let found = self.store.nearest(embedding, k, allowed)?;
        let plan = PlanReport { method: found.method, exact: found.exact };
        let pair = |neighbour: Neighbour| (neighbour.id, neighbour.cosine);
        let near: Vec<(PhotoId, f32)> = found.neighbours.into_iter().map(pair).collect();
        let photos = match literal.is_empty() {
            true => near,
            false => {
                let others = self.beyond(embedding, literal, &near)?;
                fuse(near, literal, others)
            }
        };
        Ok(Ranking { photos, plan })
    }

    /// How many of the library's photos are not in the query's space.
    ///
    /// # Errors
    /// `ModelHasNoPhotos` when there are photos, but none in the query's space.
    fn unencoded(&self, query: &Embedding, photos: u64) -> Result<u64, EngineError> {
        let searchable = self.store.report(query.model())?.searchable;
        if searchable == 0 && photos > 0 {
            return Err(EngineError::ModelHasNoPhotos { model: self.model()?.name().to_string() });
        }
        Ok(photos.saturating_sub(searchable))
    }

    /// Photos with literal words that are not among the nearest, with their cosines.
    fn beyond(
        &self,
        query: &Embedding,
        literal: &[Literal],
        near: &[(PhotoId, f32)],
    ) -> Result<Vec<(PhotoId, f32)>, EngineError> {
        let known: HashSet<PhotoId> = near.iter().map(|(id, _)| *id).collect();
        let missing: Vec<PhotoId> =
            literal.iter().map(|literal| literal.id).filter(|id| !known.contains(id)).collect();
        let cosines = self.store.cosines(query, &missing)?;
        let pairs = missing.into_iter().zip(cosines);
        Ok(pairs.filter_map(|(id, cosine)| Some((id, cosine?))).collect())
    }

    fn newest(&self, count: usize, allowed: Option<&Allowed>) -> Result<Ranking, EngineError> {
        let ids = self.store.newest(count, allowed)?;
        let plan = PlanReport { method: "filter", exact: true };
        Ok(Ranking { photos: ids.into_iter().map(|id| (id, 0.0)).collect(), plan })
    }

    /// The records of the asked page, and whether there are more.
    fn hits(
        &self,
        ranking: &Ranking,
        excluded: &[PhotoId],
        request: &SearchRequest,
    ) -> Result<(Vec<Hit>, bool), EngineError> {
        let rest = ranking.photos.iter().filter(|(id, _)| !excluded.contains(id));
        let mut rest = rest.skip(request.offset).peekable();
        let mut hits = Vec::with_capacity(request.k.min(ranking.photos.len()));
        while hits.len() < request.k && rest.peek().is_some() {
            let page: Vec<(PhotoId, f32)> =
                rest.by_ref().take(request.k - hits.len()).copied().collect();
            let ids: Vec<PhotoId> = page.iter().map(|(id, _)| *id).collect();
            let records = self.store.photos(&ids)?.into_iter();
            // A photo deleted between ranking and reading is no hit any more.
            hits.extend(records.zip(page).filter_map(|(photo, (_, score))| {
                Some(Hit { photo: photo.filter(|photo| !photo.files.is_empty())?, score })
            }));
        }
        Ok((hits, rest.next().is_some()))
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
