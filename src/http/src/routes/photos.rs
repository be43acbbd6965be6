//! A photo's record and its small pictures.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use seer_engine::Stop;

use super::fresh::fresh;
use super::{number, pairs, photo_id};
use crate::access::Permit;
use crate::errors::{ApiError, NOT_FOUND, OUT_OF_RANGE};
use crate::wire;

/// Longest edge of a thumbnail unless the address says otherwise.
const USUAL_SIZE: usize = 512;
/// The longest edge that can be asked for.
pub(super) const LARGEST_SIZE: u32 = 2048;

/// `GET /api/photos/{id}`; the start of an id is enough where it is unambiguous.
pub(super) async fn record(state: Permit, id: web::Path<String>) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let record = state.readings.run(move || library.find(&id)).await??;
    let photo = wire::Photo::from(record);
    let photo = if state.strips() { photo.without_position() } else { photo };
    Ok(fresh(&photo))
}

/// `GET /api/photos/{id}/thumbnail?size=`: a JPEG; the same id and size never change.
pub(super) async fn thumbnail(
    state: Permit,
    http: HttpRequest,
    id: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let mut size = USUAL_SIZE;
    for (_, value) in pairs(http.query_string(), &["size"])? {
        size = number("size", &value)?;
    }
    if !(1..=LARGEST_SIZE as usize).contains(&size) {
        let message = format!("size must be from 1 to {LARGEST_SIZE}, not {size}");
        return Err(ApiError::new(OUT_OF_RANGE, message));
    }
    rendering(&state, &http, &id, size as u32).await
}

/// A JPEG of the photo, or 304 for a client that has it.
pub(super) async fn rendering(
    state: &Permit,
    http: &HttpRequest,
    id: &str,
    size: u32,
) -> Result<HttpResponse, ApiError> {
    let id = photo_id(id)?;
    let tag = format!("\"{id}-{size}\"");
    let known = has_tag(http, &tag);
    let library = state.library.clone();
    let read = move |stop: &Stop| -> Result<Option<Vec<u8>>, ApiError> {
        let unknown = || ApiError::new(NOT_FOUND, format!("no photo {id} is in the library"));
        library.photo(id)?.ok_or_else(unknown)?;
        if known { Ok(None) } else { Ok(Some(library.thumbnail_until(id, size, stop)?)) }
    };
    let jpeg = state.readings.run_until_left(read).await??;
    let mut response = match jpeg {
        Some(_) => HttpResponse::Ok(),
        None => HttpResponse::NotModified(),
    };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "private, max-age=31536000, immutable"));
    Ok(match jpeg {
        Some(bytes) => response.content_type("image/jpeg").body(bytes),
        None => response.finish(),
    })
}

/// Whether `If-None-Match` holds this strong tag.
pub(super) fn has_tag(http: &HttpRequest, tag: &str) -> bool {
    let held = http.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    held.unwrap_or("").split(',').any(|one| one.trim() == tag)
}
