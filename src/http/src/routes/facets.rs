//! `GET /api/facets`: what photos are counted by.

use actix_web::{HttpRequest, HttpResponse};

use super::fresh::fresh;
use super::search_request::checked_query;
use super::{number, pairs};
use crate::access::Permit;
use crate::errors::ApiError;
use crate::wire;

/// Values of each kind unless the address says otherwise.
const USUAL: usize = 12;

/// `?q=`: a query, of which the filters count; `?find=`: how a word of the values begins; `?most=`:
/// values of each kind.
pub(super) async fn facets(state: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let (mut query, mut find, mut most) = (String::new(), String::new(), USUAL);
    for (key, value) in pairs(http.query_string(), &["q", "find", "most"])? {
        match key.as_str() {
            "q" => query = checked_query(value, &state.limits)?,
            "find" => find = checked_query(value, &state.limits)?,
            _ => most = number("most", &value)?,
        }
    }
    let strips = state.strips();
    let library = state.library.clone();
    let found = state.searches.run(move || library.facets(&query, &find, most)).await??;
    let found = wire::Facets::from(found);
    let found = if strips { found.without_places() } else { found };
    Ok(fresh(&found))
}
