//! `GET /api/status`, `GET /api/roots` and `GET /api/failures`.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::index::index_state;
use crate::access::Permit;
use crate::errors::ApiError;
use crate::wire;

pub(super) async fn status(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let numbers = state.readings.run(move || library.status()).await??;
    let indexing = index_state(state.index.as_ref());
    let limits = wire::LimitsInfo::from(&state.limits);
    let watching = state.index.watching().into_iter().map(Into::into).collect();
    Ok(fresh().json(wire::Status::new(numbers, indexing, watching, limits)))
}

pub(super) async fn roots(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let roots = state.readings.run(move || library.root_list()).await??;
    let roots = roots.into_iter().map(wire::Root::from).collect();
    Ok(fresh().json(wire::Roots { roots }))
}

pub(super) async fn failures(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let failures = state.readings.run(move || library.failures()).await??;
    let failures = failures.into_iter().map(wire::Failure::from).collect();
    Ok(fresh().json(wire::Failures { failures }))
}

/// An answer that is true only now.
fn fresh() -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}
