//! The read path: a request to the best photos.

use seer_images::Stop;
use seer_store::{Allowed, Filter, probability_among};
use seer_types::PhotoId;

use crate::answer::{MAX_K, Stopwatch};
use crate::folding;
use crate::named::Named;
use crate::query::{ParsedQuery, parse};
use crate::ranking::{Question, Ranking};
use crate::reading::Reading;
use crate::{EngineError, Hit, Library, SearchAnswer, SearchRequest, Timings};

/// The furthest an answer can be paged to.
const MAX_OFFSET: usize = 100_000;

impl Library {
    /// Finds the photos that fit best.
    ///
    /// Only photos that every filter allows; always `min(k, what they allow)` hits, where photos that
    /// are alike count as one (`folding.rs`) unless `all` is asked for. Best cosine
    /// first, ties by id, except that photos rise that show what the query names (`by_class.rs`),
    /// and those whose names, folders, tags or captions hold its words (`fusion.rs`). Without words and pictures: newest first.
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
        let (reading, meant) = match query.terms.is_empty() {
            true => (None, None),
            false => Reading::of(&query, &*self.model()?).unzip(),
        };
        let meant = meant.flatten();
        timings.parse_ms = watch.lap();
        let allowed = self.allowed(&query)?;
        timings.filter_ms = watch.lap();
        let photos = self.store.counts()?.photos;
        let mut question = Question {
            query: &query,
            meant: meant.as_ref().unwrap_or(&query),
            reading: reading.as_ref(),
            pictures: &request.pictures,
            allowed: allowed.as_ref(),
            wanted: folding::wanted(request),
            photos,
        };
        let (ranking, (hits, more)) = loop {
            let ranking = self.rank(&question, &mut timings, stop)?;
            watch.lap();
            let page = match request.all {
                true => self.hits(&ranking, request)?,
                false => self.folded(&ranking, request)?,
            };
            match folding::wants_more(request, &question, &ranking, page.0.len()) {
                Some(wanted) => question.wanted = wanted,
                None => break (ranking, page),
            }
        };
        timings.records_ms = watch.lap();
        timings.total_ms = watch.total();

        Ok(SearchAnswer {
            hits,
            more,
            matching: allowed.as_ref().map_or(photos, |allowed| allowed.count),
            unencoded: ranking.unencoded,
            words: query.words(),
            reading,
            filters: query.filters.into_iter().map(|(typed, _)| typed).collect(),
            named: ranking.named.as_ref().map(Named::report),
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

    /// The records of the asked page, and whether there are more.
    fn hits(
        &self,
        ranking: &Ranking,
        request: &SearchRequest,
    ) -> Result<(Vec<Hit>, bool), EngineError> {
        let mut rest = ranking.hits().skip(request.offset).peekable();
        let mut hits = Vec::with_capacity(request.k.min(ranking.photos.len()));
        while hits.len() < request.k && rest.peek().is_some() {
            let page: Vec<(PhotoId, f32)> = rest.by_ref().take(request.k - hits.len()).collect();
            hits.extend(self.records_of(ranking, &page)?);
        }
        Ok((hits, rest.next().is_some()))
    }

    /// Photos of a ranking with their records. One that was deleted since is no hit any more.
    pub(crate) fn records_of(
        &self,
        ranking: &Ranking,
        page: &[(PhotoId, f32)],
    ) -> Result<Vec<Hit>, EngineError> {
        let wanted = ranking.named.as_ref().map_or(&[][..], |named| &named.classes);
        let ids: Vec<PhotoId> = page.iter().map(|(id, _)| *id).collect();
        let records = self.store.photos(&ids)?.into_iter();
        let hits = records.zip(page).filter_map(|(photo, (_, score))| {
            let photo = photo.filter(|photo| !photo.files.is_empty())?;
            let shows = probability_among(&photo.facts.classes, wanted);
            Some(Hit { photo, score: *score, shows, alike: Vec::new() })
        });
        Ok(hits.collect())
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
