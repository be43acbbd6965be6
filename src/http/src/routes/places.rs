//! `GET /api/places`: photos on a map.

use actix_web::{HttpRequest, HttpResponse};
use seer_engine::Bounds;

use super::fresh::fresh;
use super::search_request::checked_query;
use super::{number, pairs};
use crate::access::Permit;
use crate::errors::{ApiError, BAD_REQUEST, NOT_SHARED};
use crate::wire;

/// `?box=`: south, west, north, east; without it, everywhere. `?zoom=`: how finely they are told
/// apart. `?q=`: a query, of which the filters count.
pub(super) async fn places(state: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let (mut query, mut bounds, mut zoom) = (String::new(), Bounds::WORLD, None);
    for (key, value) in pairs(http.query_string(), &["q", "box", "zoom"])? {
        match key.as_str() {
            "q" => query = checked_query(value, &state.limits)?,
            "box" => bounds = corners(&value)?,
            _ => zoom = Some(number("zoom", &value)?),
        }
    }
    if state.strips() {
        let message = "this server does not tell others where photos were taken";
        return Err(ApiError::new(NOT_SHARED, message));
    }
    let library = state.library.clone();
    let found = state.searches.run(move || library.on_map(&query, bounds, zoom)).await??;
    let found = wire::OnMap::from(found);
    Ok(fresh(&found))
}

fn corners(text: &str) -> Result<Bounds, ApiError> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|one| one.trim().parse().ok()).collect();
    let bounds = match numbers.as_deref() {
        Some(&[south, west, north, east]) => Bounds::new(south, west, north, east),
        _ => None,
    };
    bounds.ok_or_else(|| {
        let shown: String = text.chars().take(80).collect();
        let message = format!(
            "box must be south,west,north,east in degrees, as in 47,10,48,12, not \"{shown}\""
        );
        ApiError::new(BAD_REQUEST, message)
    })
}
