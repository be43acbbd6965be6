//! `GET` and `POST /api/search`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use seer_engine::{SearchRequest, Stop};

use super::search_request::{from_address, from_body, to_engine};
use crate::errors::ApiError;
use crate::state::State;
use crate::wire;

pub(super) async fn by_address(
    state: web::Data<State>,
    http: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let request = to_engine(from_address(http.query_string())?, &state.limits)?;
    answer(&state, request).await
}

pub(super) async fn by_body(
    state: web::Data<State>,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let request = from_body(&http, payload, &state.limits).await?;
    answer(&state, request).await
}

async fn answer(state: &State, request: SearchRequest) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let gate = if request.pictures.is_empty() { &state.searches } else { &state.pictures };
    let search =
        move |stop: &Stop| library.search_until(&request, stop).map(wire::SearchAnswer::from);
    let answer = gate.run_until_left(search).await??;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}
