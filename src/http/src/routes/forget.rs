//! `/api/forget`: lets go of a folder or a file for good.

use std::path::Path;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use seer_types::{IndexPhase, LibraryPath};

use super::search_request::{body_of, is_json, object};
use crate::errors::{ApiError, BAD_REQUEST, INDEX_RUNNING, UNSUPPORTED_MEDIA};
use crate::gate::Refused;
use crate::state::State;
use crate::wire;

pub(super) async fn forget(
    state: web::Data<State>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    if !is_json(&request) {
        return Err(ApiError::new(UNSUPPORTED_MEDIA, "send the request as application/json"));
    }
    let body = body_of(payload, &state.limits).await?;
    let wanted: wire::ForgetRequest = object(&body)?;
    if !Path::new(&wanted.place).is_absolute() {
        let shown: String = wanted.place.chars().take(400).collect();
        let message = format!("\"{shown}\" is not an absolute path on the server's machine");
        return Err(ApiError::new(BAD_REQUEST, message));
    }
    if state.index.state().progress.phase != IndexPhase::Idle {
        let message = "an indexing run is going on and may bring back what is forgotten now; wait \
                       for it or cancel it first";
        return Err(ApiError::new(INDEX_RUNNING, message));
    }
    let library = state.library.clone();
    let work = move || library.forget(&LibraryPath::new(wanted.place));
    // It has no line to stand in and no deadline: what is being forgotten is forgotten to the end.
    let forgotten = web::block(work).await.map_err(|_| Refused::Broken)??;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(wire::Forgotten::from(forgotten)))
}
