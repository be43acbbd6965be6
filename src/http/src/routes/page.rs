//! The page: `/` and `/assets/…`, out of the binary.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};

use super::photos::has_tag;
use crate::access::{Access, Permit};
use crate::assets::{self, Asset};
use crate::errors::{ApiError, NOT_FOUND};

/// The page. An address with a token is left at once: the browser is sent on to the same address
/// without it, with a cookie if the token is a good one.
pub(super) async fn start(state: Permit, http: HttpRequest) -> HttpResponse {
    let Ok(query) = web::Query::<Vec<(String, String)>>::from_query(http.query_string()) else {
        return send(&http, assets::page());
    };
    let (tokens, others): (Vec<_>, Vec<_>) =
        query.into_inner().into_iter().partition(|(key, _)| key == "token");
    let Some((_, given)) = tokens.first() else { return send(&http, assets::page()) };
    let mut response = HttpResponse::SeeOther();
    response
        .insert_header((header::LOCATION, address_with(&others)))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if state.access.is_token(given, &http).await {
        response.insert_header((header::SET_COOKIE, cookie(&state.access, given.trim())));
    }
    response.finish()
}

/// The page's own address with these parameters.
fn address_with(parameters: &[(String, String)]) -> String {
    if parameters.is_empty() {
        return "/".to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/?{query}")
}

pub(super) async fn asset(http: HttpRequest, name: web::Path<String>) -> HttpResponse {
    file(&http, &name)
}

pub(super) async fn language(http: HttpRequest, name: web::Path<String>) -> HttpResponse {
    file(&http, &format!("languages/{name}"))
}

fn file(http: &HttpRequest, name: &str) -> HttpResponse {
    match assets::find(name) {
        Some(asset) => send(http, asset),
        None => ApiError::new(NOT_FOUND, "the page has no such file").error_response(),
    }
}

/// Of all pages below `/`, so it does not lie below `/assets/`.
pub(super) async fn service_worker(_: Permit, http: HttpRequest) -> HttpResponse {
    file(&http, "service-worker.js")
}

/// Not readable by scripts, and sent by no other site's pages.
fn cookie(access: &Access, token: &str) -> String {
    let name = access.cookie_name();
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000")
}

/// Asked again each time, answered with 304 while it is the same.
fn send(http: &HttpRequest, asset: &Asset) -> HttpResponse {
    let tag = asset.tag();
    let known = has_tag(http, &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "no-cache"));
    if known {
        return response.finish();
    }
    response.content_type(asset.content_type).body(asset.bytes)
}
