//! Photos of an answer that are alike, folded into one hit.
//!
//! Photos are taken in the order of the answer. Each joins the first hit before it that it is
//! alike, or becomes a hit: so which hits there are, and in which order, does not depend on how
//! many photos are looked at, and what is on one page never comes back on another. A raw file and the
//! picture of the same shot are one hit, however they look. On top is the photo with the most pixels.

mod one_shot;

use std::cmp::Reverse;

use seer_types::{PhotoId, PhotoRecord};

use crate::alike::Look;
use crate::bands::Band;
use crate::ranking::{Question, Ranking};
use crate::{EngineError, Hit, Library, SearchRequest};

/// So many photos after a page are looked at for those that are alike one of the page.
const AHEAD: usize = 60;
/// So many photos of an answer are folded; those after them are hits of their own.
const DEPTH: usize = 2000;
/// A photo is compared with so many hits before it.
const HITS_BACK: usize = 400;

/// How many photos an answer needs at first.
pub(crate) fn wanted(request: &SearchRequest) -> usize {
    let end = request.offset + request.k + 1;
    if request.all { end } else { end + AHEAD }
}

/// How many to ask for instead, where folding left less than a page; `None` where it is as full as it can be.
pub(crate) fn wants_more(
    request: &SearchRequest,
    asked: &Question<'_>,
    found: &Ranking,
    hits: usize,
) -> Option<usize> {
    let most = DEPTH + request.offset + request.k + 1;
    let is_all = hits >= request.k || found.photos.len() < asked.wanted || asked.wanted >= most;
    (!request.all && !is_all).then(|| (asked.wanted * 4).min(most))
}

impl Library {
    /// The hits of the asked page, and whether there are more.
    pub(crate) fn folded(
        &self,
        ranking: &Ranking,
        request: &SearchRequest,
    ) -> Result<(Vec<Hit>, bool), EngineError> {
        let end = request.offset + request.k;
        let photos: Vec<(PhotoId, f32)> = ranking.hits().collect();
        let (near, beyond) = photos.split_at(photos.len().min(DEPTH));
        let mut folding = Folding::default();
        let mut looked_at = 0;
        while looked_at < near.len() && (folding.hits.len() <= end || looked_at < end + AHEAD) {
            let next = (end + AHEAD).max(looked_at + request.k).min(near.len());
            let hits = self.records_of(ranking, &near[looked_at..next])?;
            hits.into_iter().for_each(|hit| folding.add(hit));
            looked_at = next;
        }
        let folded = folding.hits.len();
        let hits = folding.hits.into_iter().map(Folded::into_hit);
        let mut hits: Vec<Hit> = hits.skip(request.offset).take(request.k).collect();
        let beyond = beyond.get(request.offset.saturating_sub(folded)..).unwrap_or(&[]);
        let rest = &beyond[..beyond.len().min(request.k - hits.len())];
        hits.extend(self.records_of(ranking, rest)?);
        Ok((hits, folded > end || beyond.len() > rest.len()))
    }
}

/// Folds hits, best first, that were found in another way.
pub(crate) fn fold(hits: Vec<Hit>) -> Vec<Hit> {
    let mut folding = Folding::default();
    hits.into_iter().for_each(|hit| folding.add(hit));
    folding.hits.into_iter().map(Folded::into_hit).collect()
}

/// Hits so far.
#[derive(Default)]
struct Folding {
    hits: Vec<Folded>,
}

/// A photo as it is compared.
struct Photo {
    record: PhotoRecord,
    look: Option<Look>,
    at_second: Option<f32>,
}

/// A hit with all that is alike it.
struct Folded {
    score: f32,
    shows: f32,
    band: Option<Band>,
    /// In the order of the answer.
    photos: Vec<Photo>,
    /// Which of them is on top.
    top: usize,
}

impl Folding {
    fn add(&mut self, hit: Hit) {
        let look = Look::of(&hit.photo.facts);
        let from = self.hits.len().saturating_sub(HITS_BACK);
        let photo = &hit.photo;
        let mut before = self.hits[from..].iter_mut();
        let joined = before.find(|folded| folded.is_one_with(photo, look.as_ref()));
        match joined {
            Some(folded) => {
                folded.join(Photo { record: hit.photo, look, at_second: hit.at_second });
            }
            None => self.hits.push(Folded {
                score: hit.score,
                shows: hit.shows,
                band: hit.band,
                photos: vec![Photo { record: hit.photo, look, at_second: hit.at_second }],
                top: 0,
            }),
        }
    }
}

impl Folded {
    /// Whether a photo belongs to this hit.
    fn is_one_with(&self, photo: &PhotoRecord, look: Option<&Look>) -> bool {
        look.is_some_and(|look| self.is_alike(look))
            || self.photos.iter().any(|other| one_shot::is_one_shot(&other.record, photo))
    }

    /// Whether a photo is alike the first or the top one, or of a burst with any. Copies of copies
    /// are not followed further: each step may lead a little away.
    fn is_alike(&self, look: &Look) -> bool {
        let mut compared = self.photos.iter().enumerate().filter_map(|(i, other)| {
            let other = other.look.as_ref()?;
            (i == 0 || i == self.top || other.is_one_burst(look)).then_some(other)
        });
        compared.any(|other| other.alike(look).is_some())
    }

    fn join(&mut self, photo: Photo) {
        if worth(&photo.record) > worth(&self.photos[self.top].record) {
            self.top = self.photos.len();
        }
        self.photos.push(photo);
    }

    fn into_hit(mut self) -> Hit {
        let Photo { record: photo, at_second, .. } = self.photos.remove(self.top);
        let alike = self.photos.into_iter().map(|photo| photo.record).collect();
        let Self { score, shows, band, .. } = self;
        Hit { photo, score, shows, band, at_second, alike, why: None }
    }
}

/// By what the photo to be kept is told: most pixels, then no raw file, which fewer programs show, then
/// most bytes, then the lowest id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Worth(u64, Reverse<bool>, u64, Reverse<PhotoId>);

impl Worth {
    pub(crate) fn id(self) -> PhotoId {
        self.3.0
    }
}

/// What a photo is worth among those alike it.
pub(crate) fn worth(photo: &PhotoRecord) -> Worth {
    let pixels = u64::from(photo.facts.width) * u64::from(photo.facts.height);
    Worth(pixels, Reverse(one_shot::is_raw(photo)), photo.size, Reverse(photo.id))
}

#[cfg(test)]
mod tests;
