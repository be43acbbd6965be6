//! `GET /api/duplicates`.

use actix_web::{HttpRequest, HttpResponse};
use seer_engine::Stop;

use super::fresh::fresh;
use super::pairs;
use super::search_request::checked_query;
use crate::access::Permit;
use crate::errors::ApiError;
use crate::wire;

/// `?q=`: filters; without it, all photos.
pub(super) async fn duplicates(state: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let mut query = String::new();
    for (_, value) in pairs(http.query_string(), &["q"])? {
        query = value;
    }
    let query = checked_query(query, &state.limits)?;
    let strips = state.strips();
    let library = state.library.clone();
    let find = move |stop: &Stop| {
        library.duplicates(&query, stop, &mut |_| {}).map(wire::Duplicates::from)
    };
    let found = state.long_readings.run_until_left(find).await??;
    let found = if strips { found.without_positions() } else { found };
    Ok(fresh(&found))
}
