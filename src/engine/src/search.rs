//! The read path: a request to the best photos.

use seer_images::Stop;
use seer_store::{Allowed, Filter, probability_among};
use seer_types::PhotoId;

use crate::answer::{MAX_EXPLAINED, MAX_K, Stopwatch};
use crate::bands::Band;
use crate::folding;
use crate::named::Named;
use crate::query::ParsedQuery;
use crate::ranking::{Ahead, Question, Ranking};
use crate::reading::Reading;
use crate::understanding::Understanding;
use crate::{
    EngineError, Hit, Library, SearchAnswer, SearchRequest, Sort, Timeline, Timings, in_time,
};

/// The furthest an answer can be paged to: the end of any library, so that a page of photos in order
/// of time may begin anywhere.
const MAX_OFFSET: usize = 10_000_000;

/// A request, read.
pub(crate) struct Asked {
    pub(crate) understanding: Understanding,
    /// How its words are read; `None` without words.
    pub(crate) reading: Option<Reading>,
    /// The query with the words that are compared, where these are others than were typed.
    meant: Option<ParsedQuery>,
    pub(crate) allowed: Option<Allowed>,
    /// Photos of the library.
    photos: u64,
    pub(crate) timings: Timings,
}

impl Asked {
    /// What is to be ranked for it.
    pub(crate) fn question<'a>(&'a self, request: &'a SearchRequest) -> Question<'a> {
        let query = &self.understanding.query;
        Question {
            query,
            meant: self.meant.as_ref().unwrap_or(query),
            reading: self.reading.as_ref(),
            pictures: &request.pictures,
            allowed: self.allowed.as_ref(),
            // No more than there are, one apart, which tells that all were found.
            wanted: wanted(request).min(self.photos as usize + 1),
            sort: request.sort,
            photos: self.photos,
            explain: request.explain,
        }
    }
}

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
        let asked = self.asked(request)?;
        self.answer(request, asked, None, stop)
    }

    /// Whether a request can be answered with a model alone: it has pictures, or words that are left
    /// when those that say when are read as filters.
    ///
    /// # Errors
    /// `Query`; and what a store says when it is asked for names.
    pub fn needs_model(&self, request: &SearchRequest) -> Result<bool, EngineError> {
        if !request.pictures.is_empty() {
            return Ok(true);
        }
        let query = self.understand(&request.query, seer_dates::now())?.query;
        Ok(query.has_meaning())
    }

    /// Reads a request: its words, and which photos its filters allow.
    pub(crate) fn asked(&self, request: &SearchRequest) -> Result<Asked, EngineError> {
        let most = if request.explain { MAX_EXPLAINED } else { MAX_K };
        check_range("k", 1, most, request.k)?;
        check_range("offset", 0, MAX_OFFSET, request.offset)?;
        let mut watch = Stopwatch::start();
        let mut timings = Timings::default();

        let understanding = self.understand(&request.query, seer_dates::now())?;
        let query = &understanding.query;
        let (reading, meant) = match query.terms.is_empty() {
            true => (None, None),
            false => Reading::of(query, &*self.model()?).unzip(),
        };
        timings.parse_ms = watch.lap();
        let allowed = self.allowed(query)?;
        timings.filter_ms = watch.lap();
        let photos = self.store.photo_count()?;
        timings.total_ms = watch.total();
        Ok(Asked { understanding, reading, meant: meant.flatten(), allowed, photos, timings })
    }

    /// Answers a request that was read. `ahead`: what was found for its question before.
    pub(crate) fn answer(
        &self,
        request: &SearchRequest,
        asked: Asked,
        mut ahead: Option<Ahead>,
        stop: &Stop,
    ) -> Result<SearchAnswer, EngineError> {
        let mut watch = Stopwatch::start();
        let mut timings = asked.timings;
        let mut question = asked.question(request);
        let (ranking, (mut hits, more)) = loop {
            let mut ranking = self.rank(&question, ahead.take(), &mut timings, stop)?;
            if ranking.plan.method != "filter" {
                self.in_time(&mut ranking, request.sort)?;
            }
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
        let timeline = match request.timeline {
            Some(unit) => Some(self.periods(&question, &ranking, unit)?),
            None => None,
        };
        let fitting = ranking.bands.as_ref().map(|_| ranking.fitting_hits());
        let filter = asked.allowed.as_ref().map(|allowed| &allowed.filter);
        hits.iter_mut().for_each(|hit| self.put_asked_file_first(&mut hit.photo, filter));
        timings.records_ms = watch.lap();
        if request.explain {
            self.explain(&question, &ranking, &mut hits)?;
            timings.explain_ms = watch.lap();
        }
        timings.total_ms += watch.total();

        let Asked { understanding, reading, allowed, photos, .. } = asked;
        let Understanding { query, typed, readings } = understanding;
        Ok(SearchAnswer {
            hits,
            more,
            fitting,
            timeline: timeline.map(|(periods, undated)| Timeline { periods, undated }),
            matching: allowed.as_ref().map_or(photos, |allowed| allowed.count),
            unencoded: ranking.unencoded,
            words: query.words(),
            understood: readings,
            reading,
            filters: query.filters.into_iter().take(typed).map(|(text, _)| text).collect(),
            named: ranking.named.as_ref().map(Named::report),
            plan: ranking.plan,
            timings,
        })
    }

    /// The filters of a query, and the one that leaves out what is hidden.
    pub(crate) fn all_filters(&self, query: &ParsedQuery) -> Result<Vec<Filter>, EngineError> {
        let typed = query.filters.iter().map(|(_, filter)| filter.clone());
        Ok(typed.chain(self.shown(query.hidden)?).collect())
    }

    /// The photos every filter allows; `None` without filters.
    pub(crate) fn allowed(&self, query: &ParsedQuery) -> Result<Option<Allowed>, EngineError> {
        match self.all_filters(query)? {
            all if all.is_empty() => Ok(None),
            all => Ok(Some(self.store.allow(&Filter::All(all))?)),
        }
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
            // What stands in names alone, and was not compared, is not judged by what it shows.
            let bands = ranking.bands.as_ref();
            let band = bands.map(|known| known.get(&photo.id).copied().unwrap_or(Band::Weak));
            let at_second = ranking.second_of(&photo);
            let (score, alike) = (*score, Vec::new());
            Some(Hit { photo, score, shows, band, at_second, alike, why: None })
        });
        Ok(hits.collect())
    }
}

/// How many photos have to be found: for an order of time, or to count them, all that may fit.
fn wanted(request: &SearchRequest) -> usize {
    let page = folding::wanted(request);
    match (request.sort, request.timeline) {
        (Sort::Relevance, None) => page,
        _ => page.max(in_time::MOST),
    }
}

pub(crate) fn check_range(
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
