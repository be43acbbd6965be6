//! Three ways to ask, one request: JSON, a picture as the body, or only an address.

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use seer_engine::{Picture, SearchRequest};
use serde::de::DeserializeOwned;

use super::{number, pairs};
use crate::Limits;
use crate::bodies::{Body, Room};
use crate::errors::{
    ApiError, BAD_PICTURE, BAD_REQUEST, OUT_OF_RANGE, TOO_LARGE, UNSUPPORTED_MEDIA,
};
use crate::state::State;
use crate::wire;

/// What the address may say about a search.
const PARAMETERS: [&str; 8] = ["q", "k", "offset", "sort", "timeline", "all", "explain", "like"];

/// `?q=&k=&offset=&sort=&timeline=&all=&explain=&like=`, where `like` may stand several times.
pub(super) fn from_address(query: &str) -> Result<wire::SearchRequest, ApiError> {
    let mut request = wire::SearchRequest::default();
    for (key, value) in pairs(query, &PARAMETERS)? {
        match key.as_str() {
            "q" => request.query = value,
            "k" => request.k = number("k", &value)?,
            "offset" => request.offset = number("offset", &value)?,
            "sort" => request.sort = value.parse().map_err(refused)?,
            "timeline" => request.timeline = Some(value.parse().map_err(refused)?),
            "all" => request.all = yes_or_no("all", &value)?,
            "explain" => request.explain = yes_or_no("explain", &value)?,
            _ => request.pictures.push(wire::Picture::Id(value)),
        }
    }
    Ok(request)
}

fn refused(why: String) -> ApiError {
    ApiError::new(BAD_REQUEST, why)
}

fn yes_or_no(name: &str, value: &str) -> Result<bool, ApiError> {
    value.parse().map_err(|_| {
        let shown: String = value.chars().take(80).collect();
        ApiError::new(BAD_REQUEST, format!("{name} must be true or false, not \"{shown}\""))
    })
}

/// The engine's request from a body: JSON, or a picture with the rest in the address. The room is
/// to be held until the search is over.
pub(super) async fn from_body(
    http: &HttpRequest,
    payload: web::Payload,
    state: &State,
) -> Result<(SearchRequest, Room), ApiError> {
    let limits = &state.limits;
    let picture = is_picture(http);
    if !picture && !is_json(http) {
        return Err(ApiError::new(
            UNSUPPORTED_MEDIA,
            "send application/json, or a picture as image/* with q, k, offset and all in the address",
        ));
    }
    let read =
        |http, payload| state.bodies.read(http, payload, limits.max_body_bytes, limits.patience);
    if picture {
        let mut request = to_engine(from_address(http.query_string())?, limits)?;
        let body = read(http, payload).await?;
        request.pictures.push(Picture::Bytes(body.bytes));
        return Ok((check_pictures(request, limits)?, body.room));
    }
    pairs(http.query_string(), &[])?;
    let Body { bytes, room } = read(http, payload).await?;
    let request = object(&bytes)?;
    // Gone before the pictures are decoded: what is made of it never stands beside all of it.
    drop(bytes);
    Ok((to_engine(request, limits)?, room))
}

/// A body that is one JSON object. (Serde alone would take an array as well, field by field.)
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(ApiError::new(BAD_REQUEST, "the body is not a JSON object"));
    }
    serde_json::from_slice(body)
        .map_err(|error| ApiError::new(BAD_REQUEST, format!("in the body: {error}")))
}

/// Checks the limits and converts.
pub(super) fn to_engine(
    request: wire::SearchRequest,
    limits: &Limits,
) -> Result<SearchRequest, ApiError> {
    let query = checked_query(request.query, limits)?;
    let request = wire::SearchRequest { query, ..request };
    let most = if request.explain { limits.max_explained } else { limits.max_k };
    in_range("k", 1, most, request.k)?;
    in_range("offset", 0, limits.max_offset, request.offset)?;
    let request = SearchRequest::try_from(request).map_err(|error| {
        let kind = match error {
            wire::PictureError::Id(_) => BAD_REQUEST,
            wire::PictureError::Data(_) => BAD_PICTURE,
        };
        ApiError::new(kind, error.to_string())
    })?;
    check_pictures(request, limits)
}

/// A query that is not too long.
pub(super) fn checked_query(query: String, limits: &Limits) -> Result<String, ApiError> {
    match query.chars().count() <= limits.max_query_chars {
        true => Ok(query),
        false => {
            let message = format!("the query is longer than {} characters", limits.max_query_chars);
            Err(ApiError::new(TOO_LARGE, message))
        }
    }
}

fn check_pictures(request: SearchRequest, limits: &Limits) -> Result<SearchRequest, ApiError> {
    if request.pictures.len() > limits.max_pictures {
        let message = format!("more than {} pictures in one search", limits.max_pictures);
        return Err(ApiError::new(TOO_LARGE, message));
    }
    Ok(request)
}

pub(super) fn in_range(what: &str, min: usize, max: usize, found: usize) -> Result<(), ApiError> {
    if (min..=max).contains(&found) {
        return Ok(());
    }
    Err(ApiError::new(OUT_OF_RANGE, format!("{what} must be from {min} to {max}, not {found}")))
}

pub(super) fn is_json(http: &HttpRequest) -> bool {
    content_type(http) == "application/json"
}

fn is_picture(http: &HttpRequest) -> bool {
    let kind = content_type(http);
    kind.starts_with("image/") || kind == "application/octet-stream"
}

fn content_type(http: &HttpRequest) -> String {
    let text = http.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = text.unwrap_or("").split(';').next().unwrap_or("");
    kind.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_request() {
        let request = from_address("q=red+kite&k=5&offset=10&all=true&like=ab&like=cd").unwrap();
        assert!(request.all && !from_address("all=false").unwrap().all);
        assert!(from_address("all=1").unwrap_err().message.contains("true or false"));
        assert_eq!((request.query.as_str(), request.k, request.offset), ("red kite", 5, 10));
        assert_eq!(request.pictures.len(), 2);
        let request = from_address("sort=oldest&timeline=month").unwrap();
        assert_eq!(request.sort, wire::Sort::Oldest);
        assert_eq!(request.timeline, Some(wire::TimeUnit::Month));
        assert!(from_address("sort=best").unwrap_err().message.contains("newest"));
        assert_eq!(from_address("k=-1").unwrap_err().kind, BAD_REQUEST);
    }

    #[test]
    fn limits_are_checked_one_by_one() {
        let limits = Limits { max_query_chars: 3, max_pictures: 1, ..Limits::default() };
        let with = |change: fn(&mut wire::SearchRequest)| {
            let mut request = wire::SearchRequest::default();
            change(&mut request);
            to_engine(request, &limits).map(|_| "ok").unwrap_or_else(|error| error.kind.code)
        };
        assert_eq!(with(|_| ()), "ok");
        assert_eq!(with(|r| r.query = "äöü".into()), "ok");
        assert_eq!(with(|r| r.query = "äöüx".into()), "too_large");
        assert_eq!(with(|r| r.k = 0), "out_of_range");
        assert_eq!(with(|r| r.k = 1001), "out_of_range");
        assert_eq!(with(|r| (r.k, r.explain) = (100, true)), "ok");
        assert_eq!(with(|r| (r.k, r.explain) = (101, true)), "out_of_range");
        assert_eq!(with(|r| r.offset = 10_000_001), "out_of_range");
        let data = || wire::Picture::Data("QQ==".into());
        assert_eq!(with(|r| r.pictures = vec![wire::Picture::Data("QQ==".into())]), "ok");
        assert_eq!(with(|r| r.pictures = vec![wire::Picture::Data("!".into())]), "bad_picture");
        assert_eq!(with(|r| r.pictures = vec![wire::Picture::Id("..".into())]), "bad_request");
        let two = wire::SearchRequest { pictures: vec![data(), data()], ..Default::default() };
        assert_eq!(to_engine(two, &limits).unwrap_err().kind, TOO_LARGE);
    }
}
