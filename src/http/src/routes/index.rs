//! `/api/index`: start, watch and stop an indexing run.

use std::path::PathBuf;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use seer_types::IndexPhase;

use super::order::order;
use crate::access::Permit;
use crate::errors::{ApiError, BAD_REQUEST, INDEX_RUNNING};
use crate::state::State;
use crate::wire;
use crate::{IndexControl, IndexOrder, Way};

pub(super) async fn state(state: Permit) -> HttpResponse {
    answer(HttpResponse::Ok(), &state)
}

pub(super) async fn start(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::IndexRequest = order(&state, &request, payload).await?;
    let library = state.library.clone();
    let index = state.index.clone();
    let begin = move || {
        let folders = if wanted.folders.is_empty() {
            library.roots()?.iter().map(|root| root.as_path().to_path_buf()).collect()
        } else {
            let named = |folder: &String| named_folder(folder, wanted.prune);
            wanted.folders.iter().map(named).collect::<Result<_, _>>()?
        };
        begin_run(index.as_ref(), order_of(wanted, folders))
    };
    let run = state.readings.run(begin).await??;
    // Its own number, also where it has ended and another has begun since.
    Ok(respond(HttpResponse::Accepted(), wire::IndexState { run, ..index_state(&*state.index) }))
}

pub(super) async fn cancel(state: Permit) -> HttpResponse {
    state.index.cancel();
    answer(HttpResponse::Accepted(), &state)
}

fn order_of(wanted: wire::IndexRequest, folders: Vec<PathBuf>) -> IndexOrder {
    IndexOrder {
        folders,
        prune: wanted.prune,
        model: wanted.model,
        index: wanted.index,
        excludes: wanted.excludes,
        no_excludes: wanted.no_excludes,
        without_thumbnails: wanted.no_thumbnails,
        retry_failures: wanted.retry_failures,
        text: wanted.text,
        captions: wanted.captions,
    }
}

fn begin_run(index: &dyn IndexControl, order: IndexOrder) -> Result<u64, ApiError> {
    if order.folders.is_empty() {
        return Err(ApiError::new(
            BAD_REQUEST,
            "no folder was indexed before, so \"folders\" must name at least one",
        ));
    }
    index.start(order).map_err(|reason| ApiError::new(INDEX_RUNNING, reason))
}

/// Relative paths would mean the server's working folder, which no client can know. What is not
/// there can be pruned, nothing else.
fn named_folder(text: &str, prune: bool) -> Result<PathBuf, ApiError> {
    let path = PathBuf::from(text);
    let shown: String = text.chars().take(400).collect();
    if !path.is_absolute() {
        let message = format!("\"{shown}\" is not an absolute path on the server's machine");
        return Err(ApiError::new(BAD_REQUEST, message));
    }
    if !path.exists() && !prune {
        let message = format!("there is no \"{shown}\" on the server's machine");
        return Err(ApiError::new(BAD_REQUEST, message));
    }
    Ok(path)
}

/// Refuses what would get in the way of a run, or be undone by it. A run that only watching began
/// ends, which may take a moment, and none begins while what this returns is held.
pub(super) fn must_be_idle(index: &dyn IndexControl, reason: &str) -> Result<Way, ApiError> {
    let way = index.make_way();
    match index.state().progress.phase {
        IndexPhase::Idle => Ok(way),
        _ => Err(ApiError::new(INDEX_RUNNING, reason)),
    }
}

/// Why nothing is forgotten while a run goes on.
pub(super) const MAY_COME_BACK: &str = "an indexing run is going on and may bring back what is \
                                        forgotten now; wait for it or cancel it first";

pub(super) fn index_state(index: &dyn IndexControl) -> wire::IndexState {
    index.state().into()
}

fn answer(response: actix_web::HttpResponseBuilder, state: &State) -> HttpResponse {
    respond(response, index_state(&*state.index))
}

fn respond(mut response: actix_web::HttpResponseBuilder, state: wire::IndexState) -> HttpResponse {
    response.insert_header((header::CACHE_CONTROL, "no-store")).json(state)
}
