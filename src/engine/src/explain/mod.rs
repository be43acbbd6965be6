//! Why a photo is in an answer.
//!
//! The order of an answer comes of values that ranking has anyway; a [`Trace`] keeps them where they
//! are to be explained, and here they become what one photo's place came of. Parts of a query have
//! shares that add up to the score ([`parts`]); of words that are compared together each has what the
//! score loses without it ([`words`]).

mod filters;
mod looked;
mod parts;
mod stands;
mod words;

use std::collections::HashMap;

use seer_store::ClassHit;
use seer_types::{Embedding, PhotoId, PhotoRecord};

use crate::bands::{Band, Grounds, LITERAL};
use crate::literal::Literal;
use crate::query_embedding::QueryPoint;
use crate::ranking::{Question, Ranking};
use crate::{EngineError, Hit, Library};
use looked::Looked;
use parts::WeightedParts;
use words::Without;

pub use filters::MetFilter;
pub use parts::{PartKind, PartShare};
pub use stands::{Stands, StandsIn};
pub use words::WordShare;
pub(crate) use words::left_out;

/// Why one photo is a hit.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation {
    /// The photo that gave the hit its score and place: the hit's own, or one of those alike it.
    pub photo: PhotoId,
    /// What each part of the query has of the score; the shares add up to it. Empty where nothing was
    /// compared.
    pub parts: Vec<PartShare>,
    /// For each telling word of texts of several words, what the score loses without it.
    pub words: Vec<WordShare>,
    /// Words of the query that stand in its names, folders, tags or caption.
    pub stands: Vec<Stands>,
    /// Each filter, with what it met in the photo.
    pub filters: Vec<MetFilter>,
    /// Its places in the orders that the answer was made of.
    pub places: Places,
    /// What its band was judged by; `None` where nobody can say how well it fits.
    pub judged: Option<Judged>,
}

/// Where a photo stands in each of the orders that an answer is made of; places are from 1 on.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Places {
    /// Among the photos nearest to the query; `None` for one that is not among those that were
    /// looked at, and where nothing was compared.
    pub meaning: Option<usize>,
    /// Among those that show what the query names.
    pub classes: Option<ByClasses>,
    /// Among those whose names hold words of the query.
    pub words: Option<ByWords>,
}

/// A photo that shows what a query names.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ByClasses {
    /// Its place, the likeliest first.
    pub place: usize,
    /// How likely it shows it, 0 to 1.
    pub probability: f32,
}

/// A photo whose names hold words of a query.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ByWords {
    /// How many photos have as large a share, itself included.
    pub place: usize,
    /// The share of the words that it has, rare ones counting more: above 0, up to 1.
    pub share: f32,
}

/// By what a photo's band was judged.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judged {
    /// The band.
    pub band: Band,
    /// By what.
    pub by: JudgedBy,
    /// How far its cosine lies above the mean of photos that were not asked for, in their standard
    /// deviations.
    pub above: f32,
}

/// What a band can be judged by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JudgedBy {
    /// Its cosine, beside those of photos that were not asked for.
    Meaning,
    /// The same and how likely it shows what the query names.
    Classes,
    /// Its names hold the query's words.
    Words,
    /// The best photos together do not clearly show what was asked for, so that none is more than
    /// weak by itself.
    Answer,
}

/// What the order of an answer came of.
pub(crate) struct Trace {
    pub(crate) point: QueryPoint,
    /// The nearest photos, the best first.
    pub(crate) by_meaning: Vec<PhotoId>,
    /// The photos that show what the query names, the likeliest first.
    pub(crate) shown: Vec<ClassHit>,
    /// The words that were looked up in names, and the photos that hold some.
    pub(crate) words: Vec<String>,
    pub(crate) literal: Vec<Literal>,
    /// What bands were judged by, and those that photos have without words in names.
    pub(crate) grounds: Option<Grounds>,
    pub(crate) bands: HashMap<PhotoId, Band>,
}

/// What is the same for all photos of an answer.
struct Common<'a> {
    question: &'a Question<'a>,
    trace: Option<&'a Trace>,
    bands: Option<&'a HashMap<PhotoId, Band>>,
    parts: WeightedParts,
    without: Without,
}

impl Library {
    /// Says of every hit why it is one.
    pub(crate) fn explain(
        &self,
        question: &Question<'_>,
        ranking: &Ranking,
        hits: &mut [Hit],
    ) -> Result<(), EngineError> {
        let trace = ranking.trace.as_deref();
        let common = Common {
            question,
            trace,
            bands: ranking.bands.as_ref(),
            parts: trace.map(|trace| WeightedParts::of(question, &trace.point)).unwrap_or_default(),
            without: match trace {
                Some(trace) => self.without_each_word(question, &trace.point)?,
                None => Without::default(),
            },
        };
        for hit in hits {
            hit.why = Some(Box::new(self.why(&common, hit)?));
        }
        Ok(())
    }

    fn why(&self, common: &Common<'_>, hit: &Hit) -> Result<Explanation, EngineError> {
        let (photo, point) = self.best_of(common, hit)?;
        let looked = Looked::at(photo);
        let compared = point.as_ref().map(|point| (point, hit.score));
        Ok(Explanation {
            photo: photo.id,
            parts: compared.map(|one| common.parts.shares(one)).unwrap_or_default(),
            words: compared.map(|one| common.without.shares(one)).unwrap_or_default(),
            stands: stands::stands(common.words(), &looked),
            filters: filters::met(&common.question.query.filters, &looked),
            places: common.places(photo.id),
            judged: common.judged(photo.id, hit.score),
        })
    }

    /// The photo of a hit that gave it its score, with its nearest point.
    fn best_of<'a>(
        &self,
        common: &Common<'_>,
        hit: &'a Hit,
    ) -> Result<(&'a PhotoRecord, Option<Embedding>), EngineError> {
        let Some(trace) = common.trace else { return Ok((&hit.photo, None)) };
        let query = &trace.point.embedding;
        let mut best: Option<(f32, &PhotoRecord, Embedding)> = None;
        for photo in std::iter::once(&hit.photo).chain(&hit.alike) {
            for point in self.store.points(query.model(), photo.id)? {
                let cosine = query.cosine(&point.embedding).unwrap_or(-1.0);
                // Nearly the same for copies: the hit's own photo is preferred.
                let off =
                    (cosine - hit.score).abs() + if photo.id == hit.photo.id { 0.0 } else { 1e-5 };
                if best.as_ref().is_none_or(|(least, ..)| off < *least) {
                    best = Some((off, photo, point.embedding));
                }
            }
        }
        Ok(best.map_or((&hit.photo, None), |(_, photo, point)| (photo, Some(point))))
    }
}

impl Common<'_> {
    /// The words that were looked up in names.
    fn words(&self) -> &[String] {
        self.trace.map_or(&[], |trace| trace.words.as_slice())
    }

    fn places(&self, id: PhotoId) -> Places {
        let Some(trace) = self.trace else { return Places::default() };
        let own = &trace.point.examples;
        let mut nearest = trace.by_meaning.iter().filter(|other| !own.contains(other));
        let shown = trace.shown.iter().position(|hit| hit.id == id);
        Places {
            meaning: nearest.position(|other| *other == id).map(|place| place + 1),
            classes: shown.map(|place| ByClasses {
                place: place + 1,
                probability: trace.shown[place].probability,
            }),
            words: trace
                .literal(id)
                .map(|literal| ByWords { place: literal.place, share: literal.share }),
        }
    }

    fn judged(&self, id: PhotoId, score: f32) -> Option<Judged> {
        let (trace, bands) = (self.trace?, self.bands?);
        let grounds = trace.grounds?;
        let band = bands.get(&id).copied().unwrap_or(Band::Weak);
        let before = trace.bands.get(&id).copied().unwrap_or(Band::Weak);
        let shows = trace.shown.iter().any(|hit| hit.id == id);
        let raised = band < before && trace.literal(id).is_some_and(|one| one.share >= LITERAL);
        let by = if raised {
            JudgedBy::Words
        } else if !grounds.clear {
            JudgedBy::Answer
        } else if grounds.named && shows {
            JudgedBy::Classes
        } else {
            JudgedBy::Meaning
        };
        let above = (score - grounds.spread.mean) / grounds.spread.deviation.max(f32::EPSILON);
        Some(Judged { band, by, above })
    }
}

impl Trace {
    /// The better one of a photo's literal hits.
    fn literal(&self, id: PhotoId) -> Option<&Literal> {
        let of_photo = self.literal.iter().filter(|literal| literal.id == id);
        of_photo.max_by(|a, b| a.share.total_cmp(&b.share))
    }
}
