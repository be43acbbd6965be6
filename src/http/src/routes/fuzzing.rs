//! Entrances for `tests/fuzz`: what reads a request before anything is done about it.

use futures_util::FutureExt;

use super::search_request::{from_address, object, to_engine};
use super::{clip_retrieval, download, immich};
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

/// Whether a body asks for an archive of photos, as JSON or as a form.
pub fn download_body(body: &[u8]) -> bool {
    download::wanted(true, body).is_ok() || download::wanted(false, body).is_ok()
}

/// Whether a body is one that clip-retrieval's clients send.
pub fn knn_body(body: &[u8]) -> bool {
    let limits = Limits::default();
    let is_right = |request: wire::KnnRequest| {
        clip_retrieval::counts(&request, &limits).is_ok()
            && clip_retrieval::query(request, &limits).is_ok()
    };
    object::<wire::KnnRequest>(body).is_ok_and(is_right)
        || object::<wire::MetadataRequest>(body).is_ok()
}

/// Whether a form, whose parts lie between lines of `--fuzz`, is one that Immich sends.
pub fn predict_form(body: &[u8]) -> bool {
    // All of it is here: there is nothing to wait for.
    let form = immich::form(body.to_vec(), "fuzz".to_owned()).now_or_never();
    form.is_some_and(|form| form.and_then(|form| immich::task(form, &Limits::default())).is_ok())
}
