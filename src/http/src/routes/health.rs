//! `GET /health`: alive, and which process; with a nonce also that it is the right one.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::pairs;
use crate::access::Permit;
use crate::errors::{ApiError, BAD_REQUEST};
use crate::proof::{HEADER, Nonce, PARAMETER};
use crate::wire;

/// Tells nothing about the library. `?nonce=` asks for a keyed answer (`proof.rs`).
pub(super) async fn health(state: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    let pid = std::process::id();
    let mut response = HttpResponse::Ok();
    for (_, value) in pairs(http.query_string(), &[PARAMETER])? {
        let nonce = Nonce::from_hex(&value)
            .ok_or_else(|| ApiError::new(BAD_REQUEST, "nonce must be 64 hex digits"))?;
        let answer = state.key.answer(nonce, state.address, pid);
        response.insert_header((HEADER, answer.to_hex().as_str()));
    }
    Ok(response.insert_header((header::CACHE_CONTROL, "no-store")).json(wire::Health {
        status: "ok".to_owned(),
        pid,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}
