//! `GET` and `POST /api/search`.

use actix_web::{HttpRequest, HttpResponse, web};
use seer_engine::{SearchRequest, Stop};

use super::fresh::fresh;
use super::search_request::{from_address, from_body, to_engine};
use crate::access::Permit;
use crate::bodies::Room;
use crate::errors::ApiError;
use crate::wire;

pub(super) async fn by_address(state: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let request = to_engine(from_address(http.query_string())?, &state.limits)?;
    answer(&state, request, None).await
}

pub(super) async fn by_body(
    state: Permit,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let (request, room) = from_body(&http, payload, &state).await?;
    answer(&state, request, Some(room)).await
}

async fn answer(
    state: &Permit,
    request: SearchRequest,
    room: Option<Room>,
) -> Result<HttpResponse, ApiError> {
    let strips = state.strips();
    let library = state.library.clone();
    let gate = if request.pictures.is_empty() { &state.searches } else { &state.pictures };
    let search = move |stop: &Stop| {
        let answer = library.search_until(&request, stop).map(wire::SearchAnswer::from);
        drop((request, room));
        answer
    };
    let answer = shared(gate.run_until_left(search).await??, strips);
    Ok(fresh(&answer))
}

/// What of an answer is told to who asks.
pub(super) fn shared(mut answer: wire::SearchAnswer, strips: bool) -> wire::SearchAnswer {
    if strips {
        answer.hits = answer.hits.into_iter().map(wire::Hit::without_positions).collect();
    }
    answer
}
