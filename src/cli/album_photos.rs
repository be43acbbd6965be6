//! Which photos belong to a smart album now.

use anyhow::Result;
use seer_http::wire::{Album, Band, Photo, SearchAnswer, SearchRequest, Sort};

/// A way to search: in a library, or through the server that owns it.
pub type Ask<'a> = dyn FnMut(SearchRequest) -> Result<SearchAnswer> + 'a;

/// Photos of one question.
const PAGE: usize = 1000;
/// So far an answer can be paged.
const FURTHEST: usize = 100_000;

/// How many photos belong to an album.
///
/// # Errors
/// What the search says.
pub fn count(album: &Album, ask: &mut Ask<'_>) -> Result<u64> {
    let first = ask(in_time(album, 1, 0))?;
    match (first.plan.method.as_str(), first.fitting) {
        ("filter", _) => Ok(first.matching),
        (_, Some(fitting)) => Ok(fitting),
        (_, None) => Ok(ask(by_relevance(album))?.hits.len() as u64),
    }
}

/// The photos that belong to an album, each copy by itself: those that fit; of filters alone all; where
/// nobody can say, the best `k`. At most 101,000.
///
/// # Errors
/// What the search says.
pub fn photos(album: &Album, ask: &mut Ask<'_>) -> Result<Vec<Photo>> {
    let mut answer = ask(in_time(album, PAGE, 0))?;
    if answer.plan.method != "filter" && answer.fitting.is_none() {
        let best = ask(by_relevance(album))?.hits;
        return Ok(best.into_iter().map(|hit| hit.photo).collect());
    }
    let mut photos = Vec::new();
    loop {
        let asked = answer.hits.len();
        let fit = answer.hits.into_iter().take_while(|hit| hit.band != Some(Band::Weak));
        let before = photos.len();
        photos.extend(fit.map(|hit| hit.photo));
        let all_fit = photos.len() - before == asked && asked > 0;
        if !all_fit || !answer.more || photos.len() > FURTHEST {
            return Ok(photos);
        }
        answer = ask(in_time(album, PAGE, photos.len()))?;
    }
}

/// All that fit, in order of time: so many are looked at then, however many fit.
fn in_time(album: &Album, k: usize, offset: usize) -> SearchRequest {
    SearchRequest {
        query: album.query.clone(),
        k,
        offset,
        sort: Sort::Newest,
        all: true,
        ..SearchRequest::default()
    }
}

fn by_relevance(album: &Album) -> SearchRequest {
    SearchRequest {
        query: album.query.clone(),
        k: album.k as usize,
        all: true,
        ..SearchRequest::default()
    }
}
