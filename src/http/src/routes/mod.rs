//! One file per group of addresses.

mod backup;
mod file_body;
mod forget;
pub mod fuzzing;
mod health;
mod index;
mod original;
mod page;
mod photos;
mod search;
mod search_request;
mod status;

use actix_web::guard::{Any, Get, Head};
use actix_web::{HttpRequest, HttpResponse, Resource, ResponseError, Route, web};
use seer_types::PhotoId;

use crate::errors::{ApiError, BAD_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND};
pub(crate) use original::is_viewable;

/// All addresses of the service.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(at("/health").route(read().to(health::health)))
        .service(
            at("/api/search")
                .route(read().to(search::by_address))
                .route(web::post().to(search::by_body)),
        )
        .service(at("/api/photos/{id}").route(read().to(photos::record)))
        .service(at("/api/photos/{id}/thumbnail").route(read().to(photos::thumbnail)))
        .service(at("/api/photos/{id}/original").route(read().to(original::original)))
        .service(at("/api/status").route(read().to(status::status)))
        .service(at("/api/failures").route(read().to(status::failures)))
        .service(
            at("/api/index")
                .route(read().to(index::state))
                .route(web::post().to(index::start))
                .route(web::delete().to(index::cancel)),
        )
        .service(at("/api/backup").route(web::post().to(backup::backup)))
        .service(at("/api/forget").route(web::post().to(forget::forget)))
        .service(at("/").route(read().to(page::start)))
        .service(at("/assets/{name}").route(read().to(page::asset)))
        .default_service(web::to(no_such_address));
}

fn at(path: &str) -> Resource {
    web::resource(path).default_service(web::to(other_method))
}

fn read() -> Route {
    web::route().guard(Any(Get()).or(Head()))
}

async fn no_such_address(request: HttpRequest) -> HttpResponse {
    let path: String = request.path().chars().take(200).collect();
    ApiError::new(NOT_FOUND, format!("there is nothing at \"{path}\"")).error_response()
}

async fn other_method(request: HttpRequest) -> HttpResponse {
    let message = format!("{} is not possible here", request.method());
    ApiError::new(METHOD_NOT_ALLOWED, message).error_response()
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
