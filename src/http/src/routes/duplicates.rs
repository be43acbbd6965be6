//! `GET /api/duplicates`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use seer_engine::{Stop, parse_query};

use super::pairs;
use crate::access::Permit;
use crate::errors::{ApiError, NOT_SHARED, TOO_LARGE};
use crate::wire;

/// `?q=`: filters; without it, all photos.
pub(super) async fn duplicates(state: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let mut query = String::new();
    for (_, value) in pairs(http.query_string(), &["q"])? {
        query = value;
    }
    if query.chars().count() > state.limits.max_query_chars {
        let most = state.limits.max_query_chars;
        let message = format!("the query is longer than {most} characters");
        return Err(ApiError::new(TOO_LARGE, message));
    }
    let strips = state.strips();
    if strips && parse_query(&query).is_ok_and(|query| query.asks_for_position()) {
        return Err(ApiError::new(
            NOT_SHARED,
            "this server does not tell others where photos were taken; leave out near: and place:",
        ));
    }
    let library = state.library.clone();
    let find = move |stop: &Stop| {
        library.duplicates(&query, stop, &mut |_| {}).map(wire::Duplicates::from)
    };
    let found = state.long_readings.run_until_left(find).await??;
    let found = if strips { found.without_positions() } else { found };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(found))
}
