//! One file per group of addresses.

mod albums;
mod archive;
mod backup;
mod clip_retrieval;
mod docs;
mod download;
mod duplicates;
mod facets;
mod file_body;
mod folders;
mod forget;
mod fresh;
pub mod fuzzing;
mod health;
mod hide;
mod immich;
mod index;
mod metrics;
mod models;
mod openapi;
mod order;
mod original;
mod page;
mod photos;
mod places;
mod search;
mod search_batch;
mod search_request;
mod status;
mod tokens;
mod watch;

use actix_web::guard::{Any, Get, Head};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse, Responder, ResponseError, Route, web,
};
use seer_types::PhotoId;

use crate::access::{Right, behind};
use crate::errors::{ApiError, BAD_REQUEST, METHOD_NOT_ALLOWED};
use crate::openapi::Doc;
pub(crate) use original::is_viewable;

/// One method of one address, with the right that it takes and its documentation. Making one is the only way to
/// register a handler.
pub(crate) struct Entry {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) right: Right,
    pub(crate) doc: Doc,
    route: Route,
}

impl Entry {
    fn new<F, Args>(method: Method, path: &'static str, right: Right, doc: Doc, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = match method {
            Method::GET => web::route().guard(Any(Get()).or(Head())),
            _ => web::method(method.clone()),
        };
        Self { method, path, right, doc, route: behind(right, route.to(handler)) }
    }
}

/// Everything the service answers, `HEAD` beside every `GET`.
pub(crate) fn table() -> Vec<Entry> {
    use Method as M;
    use Right::{Administer, Index, Look, Public, Within};
    vec![
        Entry::new(M::GET, "/", Public, docs::page(), page::start),
        Entry::new(M::GET, "/assets/{name}", Public, docs::asset(), page::asset),
        Entry::new(M::GET, "/assets/languages/{name}", Public, docs::language(), page::language),
        Entry::new(
            M::GET,
            "/service-worker.js",
            Public,
            docs::service_worker(),
            page::service_worker,
        ),
        Entry::new(M::GET, "/health", Public, docs::health(), health::health),
        Entry::new(M::GET, "/metrics", Look, docs::metrics(), metrics::metrics),
        Entry::new(M::GET, "/api/search", Within, docs::search(), search::by_address),
        Entry::new(M::POST, "/api/search", Within, docs::search_by_body(), search::by_body),
        Entry::new(M::POST, "/api/search/batch", Within, docs::search_batch(), search_batch::batch),
        Entry::new(M::GET, "/api/facets", Within, docs::facets(), facets::facets),
        Entry::new(M::GET, "/api/places", Within, docs::places(), places::places),
        Entry::new(M::GET, "/api/duplicates", Within, docs::duplicates(), duplicates::duplicates),
        Entry::new(M::GET, "/api/photos/{id}", Within, docs::photo(), photos::record),
        Entry::new(
            M::GET,
            "/api/photos/{id}/thumbnail",
            Within,
            docs::thumbnail(),
            photos::thumbnail,
        ),
        Entry::new(
            M::GET,
            "/api/photos/{id}/original",
            Within,
            docs::original(),
            original::original,
        ),
        Entry::new(M::POST, "/api/download", Within, docs::download(), download::download),
        Entry::new(M::GET, "/api/status", Within, docs::status(), status::status),
        Entry::new(M::GET, "/api/disk", Look, docs::disk(), status::disk),
        Entry::new(M::GET, "/api/roots", Within, docs::roots(), status::roots),
        Entry::new(M::POST, "/api/roots/watch", Administer, docs::watch(), watch::watch),
        Entry::new(M::GET, "/api/folders", Administer, docs::folders(), folders::list),
        Entry::new(M::GET, "/api/failures", Within, docs::failures(), status::failures),
        Entry::new(M::GET, "/api/albums", Within, docs::albums(), albums::list),
        Entry::new(M::POST, "/api/albums", Index, docs::save_album(), albums::save),
        Entry::new(M::POST, "/api/albums/rename", Index, docs::rename_album(), albums::rename),
        Entry::new(M::POST, "/api/albums/remove", Index, docs::remove_album(), albums::remove),
        Entry::new(M::POST, "/api/albums/photos", Index, docs::pick(), albums::pick),
        Entry::new(M::POST, "/api/hide", Index, docs::hide(), hide::hide),
        Entry::new(M::GET, "/api/index", Look, docs::index(), index::state),
        Entry::new(M::POST, "/api/index", Index, docs::start_index(), index::start),
        Entry::new(M::DELETE, "/api/index", Index, docs::cancel_index(), index::cancel),
        Entry::new(M::GET, "/api/models", Look, docs::models(), models::offered),
        Entry::new(M::POST, "/api/models/use", Administer, docs::use_model(), models::use_one),
        Entry::new(M::POST, "/api/models/forget", Administer, docs::forget_model(), models::forget),
        Entry::new(M::POST, "/api/models/index", Administer, docs::index_model(), models::index),
        Entry::new(M::POST, "/api/forget", Administer, docs::forget(), forget::forget),
        Entry::new(M::POST, "/api/backup", Administer, docs::backup(), backup::backup),
        Entry::new(M::GET, "/api/tokens", Administer, docs::tokens(), tokens::list),
        Entry::new(M::POST, "/api/tokens", Administer, docs::create_token(), tokens::create),
        Entry::new(M::POST, "/api/tokens/revoke", Administer, docs::revoke_token(), tokens::revoke),
        Entry::new(M::GET, "/api/openapi.json", Within, docs::openapi(), openapi::document),
        Entry::new(M::GET, "/indices-list", Within, docs::indices(), clip_retrieval::indices),
        Entry::new(M::POST, "/knn-service", Within, docs::knn(), clip_retrieval::knn),
        Entry::new(M::POST, "/metadata", Within, docs::metadata(), clip_retrieval::metadata_of),
        Entry::new(M::GET, "/ping", Public, docs::ping(), immich::ping),
        Entry::new(M::POST, "/predict", Within, docs::predict(), immich::predict),
    ]
}

/// Registers the table; all else is closed to whoever may not read, and nowhere to the others.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let mut addresses: Vec<(&str, Vec<Entry>)> = Vec::new();
    for entry in table() {
        match addresses.iter_mut().find(|(path, _)| *path == entry.path) {
            Some((_, entries)) => entries.push(entry),
            None => addresses.push((entry.path, vec![entry])),
        }
    }
    for (path, entries) in addresses {
        let public = entries.iter().all(|entry| entry.right == Right::Public);
        let right = if public { Right::Public } else { Right::Administer };
        let allowed = allowed(&entries);
        let other = move |request: HttpRequest| other_method(request, allowed.clone());
        let closed = web::resource(path).default_service(behind(right, web::to(other)));
        let add = |resource: actix_web::Resource, entry: Entry| resource.route(entry.route);
        config.service(entries.into_iter().fold(closed, add));
    }
    config.default_service(behind(Right::Within, web::to(no_such_address)));
}

async fn no_such_address(request: HttpRequest) -> HttpResponse {
    ApiError::nothing_at(request.path()).error_response()
}

async fn other_method(request: HttpRequest, allowed: HeaderValue) -> HttpResponse {
    let message = format!("{} is not possible here", request.method());
    let mut response = ApiError::new(METHOD_NOT_ALLOWED, message).error_response();
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

/// `GET, HEAD, POST`: the methods of one address.
fn allowed(entries: &[Entry]) -> HeaderValue {
    let names = entries.iter().map(|entry| match entry.method {
        Method::GET => "GET, HEAD",
        _ => entry.method.as_str(),
    });
    let list = names.collect::<Vec<_>>().join(", ");
    HeaderValue::from_str(&list).unwrap_or(HeaderValue::from_static("GET, HEAD"))
}

/// The `{id}` of an address: 64 hex digits, nothing else, so no path can hide in it.
fn photo_id(text: &str) -> Result<PhotoId, ApiError> {
    text.parse().map_err(|error| ApiError::new(BAD_REQUEST, format!("{error}")))
}

/// A query string as pairs, with every key checked against `known`.
fn pairs(query: &str, known: &[&str]) -> Result<Vec<(String, String)>, ApiError> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
        .map_err(|error| ApiError::new(BAD_REQUEST, format!("in the address: {error}")))?
        .into_inner();
    match pairs.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        None => Ok(pairs),
        Some((key, _)) => Err(ApiError::new(
            BAD_REQUEST,
            format!(
                "unknown parameter \"{}\"; known here: {}",
                key.chars().take(80).collect::<String>(),
                known.join(", ")
            ),
        )),
    }
}

/// A parameter's value as a whole number.
fn number(name: &str, value: &str) -> Result<usize, ApiError> {
    value.parse().map_err(|_| {
        let shown: String = value.chars().take(80).collect();
        ApiError::new(BAD_REQUEST, format!("{name} must be a whole number, not \"{shown}\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hex_digits_are_an_id() {
        assert!(photo_id(&"ab".repeat(32)).is_ok());
        for text in ["", "../../etc/passwd", "%2e%2e", "ab", &"zz".repeat(32)] {
            assert_eq!(photo_id(text).unwrap_err().kind, BAD_REQUEST, "{text}");
        }
    }

    #[test]
    fn unknown_parameters_are_named() {
        let error = pairs("q=a&limit=3", &["q", "k"]).unwrap_err();
        assert_eq!(error.message, "unknown parameter \"limit\"; known here: q, k");
        let found = pairs("q=a+b%26c&like=1&like=2", &["q", "like"]).unwrap();
        assert_eq!(found[0], ("q".into(), "a b&c".into()));
        assert_eq!(found.len(), 3);
    }
}
