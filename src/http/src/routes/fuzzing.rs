//! Entrances for `tests/fuzz`: what reads a search before anything is done about it.

use super::search_request::{from_address, object, to_engine};
use crate::{Limits, wire};

/// Whether a JSON body asks for a search within the limits, or for several of which any is.
pub fn search_body(body: &[u8]) -> bool {
    let is_right = |request| to_engine(request, &Limits::default()).is_ok();
    object::<wire::SearchRequest>(body).is_ok_and(is_right)
        || object::<wire::BatchRequest>(body)
            .is_ok_and(|batch| batch.queries.into_iter().any(is_right))
}

/// Whether a query string does.
pub fn search_address(query: &str) -> bool {
    from_address(query).and_then(|request| to_engine(request, &Limits::default())).is_ok()
}
