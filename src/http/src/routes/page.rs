//! The page: `/` and `/assets/…`, out of the binary.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};

use super::photos::has_tag;
use crate::access::Access;
use crate::assets::{self, Asset};
use crate::errors::{ApiError, NOT_FOUND};
use crate::state::State;

/// The page. With the right `?token=` the browser gets a cookie; the page then takes the token
/// out of its address.
pub(super) async fn start(state: web::Data<State>, http: HttpRequest) -> HttpResponse {
    let mut response = send(&http, assets::page());
    if let Some(cookie) = cookie_for(&state.access, &http) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

pub(super) async fn asset(http: HttpRequest, name: web::Path<String>) -> HttpResponse {
    match assets::find(&name) {
        Some(asset) => send(&http, asset),
        None => ApiError::new(NOT_FOUND, "the page has no such file").error_response(),
    }
}

/// Not readable by scripts, and sent by no other site's pages.
fn cookie_for(access: &Access, http: &HttpRequest) -> Option<header::HeaderValue> {
    let query = web::Query::<Vec<(String, String)>>::from_query(http.query_string()).ok()?;
    let (_, given) = query.iter().find(|(key, _)| key == "token")?;
    if !access.token.equals(given.trim()) {
        return None;
    }
    let cookie = format!(
        "{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000",
        access.cookie_name(),
        access.token.as_str()
    );
    header::HeaderValue::from_str(&cookie).ok()
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
