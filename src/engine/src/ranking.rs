//! All photos that a question is about, in the order of the answer.
//!
//! What the query's words name outright is looked up on another thread while this one encodes the
//! query and looks for its nearest photos.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::resume_unwind;
use std::thread;

use seer_images::Stop;
use seer_store::{Allowed, ClassHit, Nearest, Part, TimeOrder};
use seer_types::{Embedding, PhotoId, PhotoRecord};

use crate::answer::Stopwatch;
use crate::bands::{self, Band, Judge};
use crate::by_class::{MOST, order};
use crate::explain::Trace;
use crate::fusion::{self, fuse};
use crate::literal::{self, Literal};
use crate::marked::{self, ByWords};
use crate::named::Named;
use crate::query::ParsedQuery;
use crate::query_embedding::QueryPoint;
use crate::reading::Reading;
use crate::{EngineError, Library, Picture, PlanReport, Sort, Timings};

/// What is asked for, and of which photos.
pub(crate) struct Question<'a> {
    pub(crate) query: &'a ParsedQuery,
    /// The same with the words that are compared by meaning.
    pub(crate) meant: &'a ParsedQuery,
    /// How they are read; `None` without words.
    pub(crate) reading: Option<&'a Reading>,
    pub(crate) pictures: &'a [Picture],
    /// `None`: all photos.
    pub(crate) allowed: Option<&'a Allowed>,
    /// As many photos, at least.
    pub(crate) wanted: usize,
    /// The order where there is nothing to compare.
    pub(crate) sort: Sort,
    /// Photos of the library.
    pub(crate) photos: u64,
    /// Whether what the order came of is kept.
    pub(crate) explain: bool,
}

/// What was found for a question before: the query's point and its nearest photos.
pub(crate) struct Ahead {
    pub(crate) point: QueryPoint,
    pub(crate) nearest: Nearest,
}

/// Photos with their cosines, best first, and how they were found.
pub(crate) struct Ranking {
    pub(crate) photos: Vec<(PhotoId, f32)>,
    /// Photos that are themselves part of the query.
    pub(crate) excluded: Vec<PhotoId>,
    /// Photos of the library that are not in the query's space.
    pub(crate) unencoded: u64,
    /// What the query names.
    pub(crate) named: Option<Named>,
    /// How well each of the photos fits; `None` where nobody can say.
    pub(crate) bands: Option<HashMap<PhotoId, Band>>,
    pub(crate) plan: PlanReport,
    /// Which part of a photo was nearest, of those that were compared.
    pub(crate) parts: HashMap<PhotoId, Part>,
    /// What the order came of, where that is to be explained.
    pub(crate) trace: Option<Box<Trace>>,
}

impl Ranking {
    /// The second of a video's frame that was nearest.
    pub(crate) fn second_of(&self, photo: &PhotoRecord) -> Option<f32> {
        let (video, part) = (photo.facts.video.as_ref()?, self.parts.get(&photo.id)?);
        video.frames.get(part.0 as usize).copied()
    }

    /// The photos that are no part of the query, with their cosines.
    pub(crate) fn hits(&self) -> impl Iterator<Item = (PhotoId, f32)> {
        self.photos.iter().filter(|(id, _)| !self.excluded.contains(id)).copied()
    }
}

/// What the query's words name outright.
#[derive(Default)]
struct Said {
    /// Photos that hold them.
    literal: Vec<Literal>,
    /// The classes that they name.
    named: Option<Named>,
    /// Photos that show them, the likeliest first.
    shown: Vec<ClassHit>,
}

/// What meaning says.
struct ByMeaning {
    point: QueryPoint,
    unencoded: u64,
    nearest: Nearest,
}

impl Question<'_> {
    /// The words to look up in names.
    fn words(&self) -> Vec<String> {
        match self.pictures.is_empty() {
            true => literal::words(self.query),
            false => Vec::new(),
        }
    }

    /// How many of the nearest photos an answer needs: more where photos are part of the query, where
    /// words may change their order, and where some were marked.
    fn depth(&self, point: &QueryPoint, has_words: bool) -> usize {
        let count = self.wanted + point.examples.len() + point.less.len();
        let for_words = if has_words { fusion::DEPTH } else { 0 };
        let for_marks = if point.question.is_some() { marked::DEPTH } else { 0 };
        count.max(for_words).max(for_marks)
    }

    /// The same, for those who look for them ahead.
    pub(crate) fn nearest_wanted(&self, point: &QueryPoint) -> usize {
        self.depth(point, !self.words().is_empty())
    }
}

impl Library {
    /// `ahead`: what was found for this question before.
    ///
    /// # Errors
    /// `Picture`, `NotFound` for `like:`; `NoModel`, `ModelHasNoPhotos` when there is meaning to
    /// compare and nothing to compare it with.
    pub(crate) fn rank(
        &self,
        question: &Question<'_>,
        ahead: Option<Ahead>,
        timings: &mut Timings,
        stop: &Stop,
    ) -> Result<Ranking, EngineError> {
        let words = question.words();
        let looked_up = || {
            let mut watch = Stopwatch::start();
            let language = question.reading.and_then(|reading| reading.language);
            let language = language.map(|language| language.code);
            let literal = self.literal(&words, language, question.allowed, question.photos)?;
            let named = match question.reading.is_some_and(Reading::may_name) {
                true => Named::by(question.meant, &*self.model()?),
                false => None,
            };
            let shown = match &named {
                Some(named) => self.store.showing(&named.classes, question.allowed, MOST)?,
                None => Vec::new(),
            };
            Ok::<_, EngineError>((Said { literal, named, shown }, watch.lap()))
        };
        let (meaning, said) = thread::scope(|scope| {
            let said = (!words.is_empty()).then(|| scope.spawn(looked_up));
            let meaning = match ahead {
                Some(ahead) => self.known_meaning(question, ahead),
                None => self.by_meaning(question, !words.is_empty(), timings, stop),
            };
            let said = said.map(|thread| thread.join().unwrap_or_else(|e| resume_unwind(e)));
            (meaning, said)
        });
        let Some(meaning) = meaning? else { return self.by_time(question) };
        let (said, words_ms) = said.transpose()?.unwrap_or_default();
        timings.words_ms = words_ms;
        let mut watch = Stopwatch::start();
        let ranking = self.fused(question, meaning, said, words)?;
        timings.search_ms += watch.lap();
        Ok(ranking)
    }

    /// The photos nearest to the query, and more of them where words may change their order; `None`
    /// where it has nothing to compare.
    fn by_meaning(
        &self,
        question: &Question<'_>,
        deep: bool,
        timings: &mut Timings,
        stop: &Stop,
    ) -> Result<Option<ByMeaning>, EngineError> {
        let mut watch = Stopwatch::start();
        let point = self.query_point(question, timings, stop)?;
        timings.encode_ms = watch.lap() - timings.tokenise_ms;
        let Some(point) = point else { return Ok(None) };
        let unencoded = self.unencoded(&point.embedding, question.photos)?;
        let k = question.depth(&point, deep);
        let nearest = self.store.nearest(&point.embedding, k, question.allowed)?;
        timings.search_ms = watch.lap();
        Ok(Some(ByMeaning { point, unencoded, nearest }))
    }

    /// The question's words and pictures as one point; `None` where it has nothing to compare.
    pub(crate) fn query_point(
        &self,
        question: &Question<'_>,
        timings: &mut Timings,
        stop: &Stop,
    ) -> Result<Option<QueryPoint>, EngineError> {
        self.query_embedding(question.meant, question.reading, question.pictures, timings, stop)
    }

    fn known_meaning(
        &self,
        question: &Question<'_>,
        Ahead { point, nearest }: Ahead,
    ) -> Result<Option<ByMeaning>, EngineError> {
        let unencoded = self.unencoded(&point.embedding, question.photos)?;
        Ok(Some(ByMeaning { point, unencoded, nearest }))
    }

    /// One order of what meaning and words say.
    fn fused(
        &self,
        question: &Question<'_>,
        meaning: ByMeaning,
        said: Said,
        words: Vec<String>,
    ) -> Result<Ranking, EngineError> {
        let Said { literal, named, shown } = said;
        let ByMeaning { point, unencoded, nearest } = meaning;
        let QueryPoint { embedding, question: unmarked, examples, more, less, .. } = &point;
        let plan = PlanReport { method: nearest.method, exact: nearest.exact };
        let parts = nearest.neighbours.iter().map(|near| (near.id, near.part)).collect();
        let mut photos: Vec<(PhotoId, f32)> =
            nearest.neighbours.into_iter().map(|near| (near.id, near.cosine)).collect();
        let near: Vec<f32> = photos.iter().map(|(_, cosine)| *cosine).collect();
        let by_meaning = question.explain.then(|| photos.iter().map(|(id, _)| *id).collect());
        let mut probabilities = HashMap::new();
        if let Some(named) = named.as_ref().filter(|_| !shown.is_empty()) {
            probabilities = self.probabilities(named, &shown, &photos)?;
            let shown = shown.iter().map(|hit| hit.id);
            let others = self.beyond(embedding, shown, &photos)?;
            photos = order(photos, others, &probabilities, named.weight);
        }
        let model = self.model()?;
        let compared = question.allowed.map_or(question.photos, |allowed| allowed.count);
        // The words say what fits; what was marked changes the order of it.
        let weight = named.as_ref().map_or(0.0, |named| named.weight);
        let (judged, ranked, near) = match unmarked {
            Some(unmarked) => {
                let ByWords { photos, near } =
                    self.by_words(unmarked, &photos, question.allowed)?;
                (unmarked, order(photos, Vec::new(), &probabilities, weight), near)
            }
            None => (embedding, photos.clone(), near),
        };
        let has_words = !question.meant.terms.is_empty();
        let judge = match question.pictures.is_empty() && has_words {
            true => Judge::of(&model, question.meant, named.as_ref(), judged, compared),
            false => None,
        };
        let grounds = judge.as_ref().map(|judge| judge.grounds(&near, &probabilities));
        let looks_like = !(question.pictures.is_empty() && examples.is_empty() && more.is_empty());
        let bands = match judge.as_ref().zip(grounds.as_ref()) {
            Some((judge, grounds)) => Some(judge.photos(&ranked, grounds, &probabilities)),
            None if looks_like && !has_words => bands::of_likeness(&model, judged, &ranked),
            None => None,
        };
        let mut bands: Option<HashMap<PhotoId, Band>> =
            bands.map(|bands| ranked.iter().map(|(id, _)| *id).zip(bands).collect());
        if !literal.is_empty() {
            let holding = literal.iter().map(|literal| literal.id);
            let others = self.beyond(embedding, holding, &photos)?;
            let doubted = match judge.zip(bands.as_ref()) {
                Some((judge, bands)) => judge.doubted(&literal, &others, bands, &probabilities),
                None => HashSet::new(),
            };
            photos = fuse(photos, &literal, others, &doubted);
        }
        let before = if question.explain { bands.clone() } else { None };
        if let Some(bands) = &mut bands {
            bands::raise(bands, &literal);
            bands.extend(more.iter().map(|id| (*id, Band::Strong)));
            photos = bands::relevant_first(photos, bands);
        }
        photos.retain(|(id, _)| !less.contains(id));
        let excluded = examples.clone();
        let trace = by_meaning.map(|by_meaning: Vec<PhotoId>| {
            let bands = before.unwrap_or_default();
            Box::new(Trace { point, by_meaning, shown, words, literal, grounds, bands })
        });
        Ok(Ranking { photos, excluded, unencoded, named, bands, plan, parts, trace })
    }

    /// How many of the library's photos are not in the query's space.
    ///
    /// # Errors
    /// `ModelHasNoPhotos` when there are photos, but none in the query's space.
    pub(crate) fn unencoded(&self, query: &Embedding, photos: u64) -> Result<u64, EngineError> {
        let searchable = self.store.report(query.model())?.searchable;
        if searchable == 0 && photos > 0 {
            return Err(EngineError::ModelHasNoPhotos { model: self.model()?.name().to_string() });
        }
        Ok(photos.saturating_sub(searchable))
    }

    /// Photos that are not among the nearest, with their cosines.
    pub(crate) fn beyond(
        &self,
        query: &Embedding,
        photos: impl Iterator<Item = PhotoId>,
        near: &[(PhotoId, f32)],
    ) -> Result<Vec<(PhotoId, f32)>, EngineError> {
        let known: HashSet<PhotoId> = near.iter().map(|(id, _)| *id).collect();
        let missing: BTreeSet<PhotoId> = photos.filter(|id| !known.contains(id)).collect();
        let missing = Vec::from_iter(missing);
        let cosines = self.store.cosines(query, &missing)?;
        let pairs = missing.into_iter().zip(cosines);
        Ok(pairs.filter_map(|(id, cosine)| Some((id, cosine?))).collect())
    }

    fn by_time(&self, question: &Question<'_>) -> Result<Ranking, EngineError> {
        let order = match question.sort {
            Sort::Oldest => TimeOrder::OldestFirst,
            Sort::Relevance | Sort::Newest => TimeOrder::NewestFirst,
        };
        let ids = self.store.by_time(order, question.wanted, question.allowed)?;
        let photos = ids.into_iter().map(|id| (id, 0.0)).collect();
        let plan = PlanReport { method: "filter", exact: true };
        Ok(Ranking {
            photos,
            excluded: Vec::new(),
            unencoded: 0,
            named: None,
            bands: None,
            plan,
            parts: HashMap::new(),
            trace: None,
        })
    }
}
