//! `POST /api/search/batch`: several searches at once.

use actix_web::{HttpRequest, HttpResponse, web};
use seer_engine::{EngineError, SearchAnswer, SearchRequest, Stop};

use super::fresh::fresh;
use super::search::shared;
use super::search_request::{is_json, object, to_engine};
use crate::Limits;
use crate::access::Permit;
use crate::bodies::Body;
use crate::errors::{ApiError, BAD_REQUEST, INTERNAL, OUT_OF_RANGE, TOO_LARGE, UNSUPPORTED_MEDIA};
use crate::wire::{self, BatchAnswer, BatchRequest, OneOfBatch};

pub(super) async fn batch(
    state: Permit,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    if !is_json(&http) {
        return Err(ApiError::new(UNSUPPORTED_MEDIA, "send the searches as application/json"));
    }
    let limits = &state.limits;
    let read = state.bodies.read(&http, payload, limits.max_body_bytes, limits.patience);
    let Body { bytes, room } = read.await?;
    let BatchRequest { queries } = object(&bytes)?;
    // Gone before pictures are decoded: what is made of it never stands beside all of it.
    drop(bytes);
    check(&queries, limits)?;
    let strips = state.strips();
    let mut right: Vec<SearchRequest> = Vec::new();
    let one = |query| match to_engine(query, limits) {
        Ok(query) => {
            right.push(query);
            None
        }
        Err(error) => Some(error),
    };
    let errors: Vec<Option<ApiError>> = queries.into_iter().map(one).collect();

    let pictures = right.iter().any(|request| !request.pictures.is_empty());
    let gate = if pictures { &state.pictures } else { &state.searches };
    let library = state.library.clone();
    let search = move |stop: &Stop| {
        let mut found = library.search_batch(&right, stop).into_iter();
        drop((right, room));
        let answers = errors.into_iter().map(|error| told(error, &mut found, strips));
        BatchAnswer { answers: answers.collect() }
    };
    let answer = gate.run_until_left(search).await?;
    Ok(fresh(&answer))
}

/// The limits on all searches together; those on each are its own.
fn check(queries: &[wire::SearchRequest], limits: &Limits) -> Result<(), ApiError> {
    if queries.is_empty() {
        return Err(ApiError::new(BAD_REQUEST, "queries is empty; send at least one search"));
    }
    if queries.len() > limits.max_batch {
        let message = format!(
            "more than {} searches in one request; send the others in the next one",
            limits.max_batch
        );
        return Err(ApiError::new(TOO_LARGE, message));
    }
    let results = queries.iter().fold(0usize, |sum, query| sum.saturating_add(query.k));
    if results > limits.max_batch_results {
        let message = format!(
            "the k of all searches together is {results}; it may be {}: ask for fewer results or \
             send fewer searches at once",
            limits.max_batch_results
        );
        return Err(ApiError::new(OUT_OF_RANGE, message));
    }
    let pictures: usize = queries.iter().map(|query| query.pictures.len()).sum();
    if pictures > limits.max_pictures {
        let message = format!("more than {} pictures in all searches", limits.max_pictures);
        return Err(ApiError::new(TOO_LARGE, message));
    }
    Ok(())
}

/// What is sent of one search: its error, or the next of what was found for those without one.
fn told(
    error: Option<ApiError>,
    found: &mut impl Iterator<Item = Result<SearchAnswer, EngineError>>,
    strips: bool,
) -> OneOfBatch {
    let answer = match (error, found) {
        (Some(error), _) => Err(error),
        (None, found) => match found.next() {
            Some(found) => found.map_err(ApiError::from),
            None => Err(ApiError::new(INTERNAL, "a search has no answer")),
        },
    };
    match answer {
        Ok(answer) => OneOfBatch::Answer(Box::new(shared(answer.into(), strips))),
        Err(ApiError { kind, message }) => {
            OneOfBatch::Error(wire::ErrorMessage { code: kind.code.to_owned(), message })
        }
    }
}
