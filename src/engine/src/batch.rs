//! Many requests at once: texts go through the text tower together, and the vectors are read once
//! for all queries that may find the same photos.
//!
//! Each request has its own answer or error. An answer is that of the request alone; where the index
//! is not exact, its neighbours are found in the same way.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

use seer_images::{ImageError, Stop};
use seer_store::Nearest;
use seer_types::Embedding;

use crate::answer::Stopwatch;
use crate::emphasis::layers;
use crate::explain::left_out;
use crate::query_embedding::{NEUTRAL, QueryPoint, pushed_from};
use crate::ranking::{Ahead, Question};
use crate::reading::Reader;
use crate::search::Asked;
use crate::{EngineError, Library, SearchAnswer, SearchRequest, Timings};

/// Requests that are worked on together.
const BLOCK: usize = 64;
/// Texts that are encoded together: who else asks waits for no more.
const TEXTS: usize = 32;
/// Texts of a block that are encoded ahead, at the most: fewer than are remembered.
const MOST_TEXTS: usize = 512;

/// A request that was read, and whether it has an error already.
type Read = Result<Asked, EngineError>;

impl Library {
    /// Answers many requests together, in their order; what is wrong with one fails no other.
    ///
    /// They are worked on in blocks of 64. Once `stop` is set no further block is begun, and the
    /// requests of those have [`seer_images::ImageError::Stopped`] as their error.
    pub fn search_batch(
        &self,
        requests: &[SearchRequest],
        stop: &Stop,
    ) -> Vec<Result<SearchAnswer, EngineError>> {
        let mut answers = Vec::with_capacity(requests.len());
        for block in requests.chunks(BLOCK) {
            match stop.is_stopped() {
                true => answers.extend(block.iter().map(|_| Err(stopped()))),
                false => answers.extend(self.search_block(block, stop)),
            }
        }
        answers
    }

    fn search_block(
        &self,
        requests: &[SearchRequest],
        stop: &Stop,
    ) -> Vec<Result<SearchAnswer, EngineError>> {
        let mut asked: Vec<Read> = on_all_cores(requests.iter().collect(), |one| self.asked(one));
        let mut watch = Stopwatch::start();
        self.encode_ahead(requests, &asked, stop);
        let points = self.points_of(requests, &mut asked, stop);
        share(&mut asked, watch.lap(), |timings, part| timings.encode_ms += part);
        let ahead = self.nearest_ahead(requests, &asked, points);
        share(&mut asked, watch.lap(), |timings, part| timings.search_ms += part);
        let all: Vec<_> = requests.iter().zip(asked).zip(ahead).collect();
        on_all_cores(all, |((request, asked), ahead)| self.answer(request, asked?, ahead, stop))
    }

    /// Encodes the texts of all requests, so that they are known when each is mixed. What fails here
    /// fails again for the request that it belongs to, and is told there.
    fn encode_ahead(&self, requests: &[SearchRequest], asked: &[Read], stop: &Stop) {
        let Ok(model) = self.model() else { return };
        for second in [false, true] {
            let mut texts: Vec<String> = Vec::new();
            let mut by: Option<Reader> = None;
            for (request, asked) in requests.iter().zip(asked) {
                let Ok(asked) = asked else { continue };
                let reader = asked.reading.as_ref().map(|reading| reading.reader(&model));
                let Some(Ok(reader)) = reader else { continue };
                if reader.is_second() == second {
                    texts.extend(texts_of(&asked.question(request)));
                    by = Some(reader);
                }
            }
            let Some(reader) = by else { continue };
            texts.sort_unstable();
            texts.dedup();
            texts.retain(|text| self.queries.would_keep(model.fingerprint(), second, text));
            // Texts of about one length are encoded together.
            texts.sort_by_key(String::len);
            texts.truncate(MOST_TEXTS);
            for some in texts.chunks(TEXTS).take_while(|_| !stop.is_stopped()) {
                let some: Vec<&str> = some.iter().map(String::as_str).collect();
                let space = model.fingerprint();
                let _ = self.encode_texts(space, &reader, &some, &mut Timings::default());
            }
        }
    }

    /// The point of each request; one that has none with an error keeps that error.
    fn points_of(
        &self,
        requests: &[SearchRequest],
        asked: &mut [Read],
        stop: &Stop,
    ) -> Vec<Option<QueryPoint>> {
        let all: Vec<_> = requests.iter().zip(asked.iter_mut()).collect();
        on_all_cores(all, |(request, read)| {
            let Ok(one) = read else { return None };
            let mut timings = one.timings;
            let point = self.query_point(&one.question(request), &mut timings, stop);
            one.timings = timings;
            match point {
                Ok(point) => point,
                Err(error) => {
                    *read = Err(error);
                    None
                }
            }
        })
    }

    /// The nearest photos of all points: those of one space and with equal filters together.
    fn nearest_ahead(
        &self,
        requests: &[SearchRequest],
        asked: &[Read],
        points: Vec<Option<QueryPoint>>,
    ) -> Vec<Option<Ahead>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let same = |one: usize, other: usize| {
            let space = |at: usize| points[at].as_ref().map(|point| point.embedding.model());
            space(one) == space(other) && filter_of(asked, one) == filter_of(asked, other)
        };
        for at in (0..points.len()).filter(|at| points[*at].is_some()) {
            match groups.iter_mut().find(|group| same(group[0], at)) {
                Some(group) => group.push(at),
                None => groups.push(vec![at]),
            }
        }
        let mut found: Vec<Option<Nearest>> = points.iter().map(|_| None).collect();
        for group in groups {
            let wanted = group.iter().filter_map(|at| {
                let (point, asked) = (points[*at].as_ref()?, asked[*at].as_ref().ok()?);
                let k = asked.question(&requests[*at]).nearest_wanted(point);
                Some((&point.embedding, k))
            });
            let queries: Vec<(&Embedding, usize)> = wanted.collect();
            let allowed = asked[group[0]].as_ref().ok().and_then(|asked| asked.allowed.as_ref());
            // What fails here fails again for each of them, and is told there.
            let together = self.store.nearest_many(&queries, allowed).unwrap_or_default();
            group.into_iter().zip(together).for_each(|(at, nearest)| found[at] = Some(nearest));
        }
        let ahead = points.into_iter().zip(found);
        ahead.map(|(point, nearest)| Some(Ahead { point: point?, nearest: nearest? })).collect()
    }
}

/// The texts of a question that are encoded.
fn texts_of(question: &Question<'_>) -> Vec<String> {
    let terms = &question.meant.terms;
    let excluded = terms.iter().filter(|term| term.weight < 0.0);
    let mut texts = layers(terms);
    if texts.is_empty() {
        texts.push((NEUTRAL.to_owned(), 1.0));
    }
    texts.extend(excluded.flat_map(|term| pushed_from(&term.text, -term.weight)));
    if question.explain {
        texts.extend(left_out(question).into_iter().flat_map(|one| one.texts));
    }
    texts.into_iter().map(|(text, _)| text).collect()
}

fn filter_of(asked: &[Read], at: usize) -> Option<&seer_store::Filter> {
    let allowed = asked[at].as_ref().ok()?.allowed.as_ref()?;
    Some(&allowed.filter)
}

/// Gives each request an equal share of the milliseconds that all took together.
fn share(asked: &mut [Read], ms: f64, add: impl Fn(&mut Timings, f64)) {
    let part = ms / asked.len().max(1) as f64;
    for asked in asked.iter_mut().flatten() {
        add(&mut asked.timings, part);
        asked.timings.total_ms += part;
    }
}

fn stopped() -> EngineError {
    EngineError::Picture(ImageError::Stopped)
}

/// What `one` makes of each, in order, on as many threads as there are cores.
fn on_all_cores<T: Send, R: Send>(all: Vec<T>, one: impl Fn(T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(all.len());
    if cores < 2 {
        return all.into_iter().map(one).collect();
    }
    let left = Mutex::new(all.into_iter().enumerate());
    let work = || {
        let mut done: Vec<(usize, R)> = Vec::new();
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((at, next)) = next else { return done };
            done.push((at, one(next)));
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.flat_map(|done| done.unwrap_or_else(|e| std::panic::resume_unwind(e))).collect()
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_on_all_cores_keeps_its_order() {
        let found = on_all_cores((0..1000).collect(), |n: u32| n * 2);
        assert_eq!(found, (0..1000).map(|n| n * 2).collect::<Vec<u32>>());
        assert!(on_all_cores(Vec::new(), |n: u32| n).is_empty());
    }
}
