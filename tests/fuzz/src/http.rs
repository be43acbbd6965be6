//! What arrives over HTTP.

use seer_http::fuzzing;

/// The JSON body of a search.
pub fn body(bytes: &[u8]) -> bool {
    fuzzing::search_body(bytes)
}

/// The query string of a search.
pub fn address(bytes: &[u8]) -> bool {
    fuzzing::search_address(&String::from_utf8_lossy(bytes))
}
