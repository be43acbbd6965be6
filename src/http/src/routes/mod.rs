//! One file per group of addresses.

mod albums;
mod archive;
mod backup;
mod download;
mod duplicates;
mod facets;
mod file_body;
mod folders;
mod forget;
pub mod fuzzing;
mod health;
mod hide;
mod index;
mod metrics;
mod models;
mod order;
mod original;
mod page;
mod photos;
mod places;
mod position;
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
pub(crate) use original::is_viewable;

/// One method of one address, with the right that it takes. Making one is the only way to
/// register a handler.
pub(crate) struct Entry {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) right: Right,
    route: Route,
}

impl Entry {
    fn new<F, Args>(method: Method, path: &'static str, right: Right, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = match method {
            Method::GET => web::route().guard(Any(Get()).or(Head())),
            _ => web::method(method.clone()),
        };
        Self { method, path, right, route: behind(right, route.to(handler)) }
    }
}

/// Everything the service answers, `HEAD` beside every `GET`.
pub(crate) fn table() -> Vec<Entry> {
    use Method as M;
    use Right::{Administer, Index, Look, Public};
    vec![
        Entry::new(M::GET, "/", Public, page::start),
        Entry::new(M::GET, "/assets/{name}", Public, page::asset),
        Entry::new(M::GET, "/service-worker.js", Public, page::service_worker),
        Entry::new(M::GET, "/health", Public, health::health),
        Entry::new(M::GET, "/metrics", Look, metrics::metrics),
        Entry::new(M::GET, "/api/search", Look, search::by_address),
        Entry::new(M::POST, "/api/search", Look, search::by_body),
        Entry::new(M::POST, "/api/search/batch", Look, search_batch::batch),
        Entry::new(M::GET, "/api/facets", Look, facets::facets),
        Entry::new(M::GET, "/api/places", Look, places::places),
        Entry::new(M::GET, "/api/duplicates", Look, duplicates::duplicates),
        Entry::new(M::GET, "/api/photos/{id}", Look, photos::record),
        Entry::new(M::GET, "/api/photos/{id}/thumbnail", Look, photos::thumbnail),
        Entry::new(M::GET, "/api/photos/{id}/original", Look, original::original),
        Entry::new(M::POST, "/api/download", Look, download::download),
        Entry::new(M::GET, "/api/status", Look, status::status),
        Entry::new(M::GET, "/api/disk", Look, status::disk),
        Entry::new(M::GET, "/api/roots", Look, status::roots),
        Entry::new(M::POST, "/api/roots/watch", Administer, watch::watch),
        Entry::new(M::GET, "/api/folders", Administer, folders::list),
        Entry::new(M::GET, "/api/failures", Look, status::failures),
        Entry::new(M::GET, "/api/albums", Look, albums::list),
        Entry::new(M::POST, "/api/albums", Index, albums::save),
        Entry::new(M::POST, "/api/albums/rename", Index, albums::rename),
        Entry::new(M::POST, "/api/albums/remove", Index, albums::remove),
        Entry::new(M::POST, "/api/hide", Index, hide::hide),
        Entry::new(M::GET, "/api/index", Look, index::state),
        Entry::new(M::POST, "/api/index", Index, index::start),
        Entry::new(M::DELETE, "/api/index", Index, index::cancel),
        Entry::new(M::POST, "/api/models/use", Administer, models::use_one),
        Entry::new(M::POST, "/api/models/forget", Administer, models::forget),
        Entry::new(M::POST, "/api/models/index", Administer, models::index),
        Entry::new(M::POST, "/api/forget", Administer, forget::forget),
        Entry::new(M::POST, "/api/backup", Administer, backup::backup),
        Entry::new(M::GET, "/api/tokens", Administer, tokens::list),
        Entry::new(M::POST, "/api/tokens", Administer, tokens::create),
        Entry::new(M::POST, "/api/tokens/revoke", Administer, tokens::revoke),
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
    config.default_service(behind(Right::Look, web::to(no_such_address)));
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
