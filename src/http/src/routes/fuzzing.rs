//! Entrances for `tests/fuzz`: what reads a search before anything is done about it.

use super::search_request::{from_address, object, to_engine};
use crate::{Limits, wire};

/// Whether a JSON body asks for a search within the limits.
pub fn search_body(body: &[u8]) -> bool {
    object::<wire::SearchRequest>(body).and_then(|r| to_engine(r, &Limits::default())).is_ok()
}

/// Whether a query string does.
pub fn search_address(query: &str) -> bool {
    from_address(query).and_then(|request| to_engine(request, &Limits::default())).is_ok()
}
