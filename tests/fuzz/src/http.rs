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

/// The body of a download.
pub fn download(bytes: &[u8]) -> bool {
    fuzzing::download_body(bytes)
}

/// The JSON body of a program written for clip-retrieval.
pub fn knn(bytes: &[u8]) -> bool {
    fuzzing::knn_body(bytes)
}

/// The form of a program written for Immich.
pub fn predict(bytes: &[u8]) -> bool {
    fuzzing::predict_form(bytes)
}
