//! `GET /api/openapi.json`.

use std::sync::OnceLock;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::{pairs, table};
use crate::access::Permit;
use crate::errors::{ApiError, INTERNAL};

/// The document; the same as long as the process runs.
pub(super) async fn document(_: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    static TEXT: OnceLock<Result<String, String>> = OnceLock::new();
    pairs(http.query_string(), &[])?;
    let make = || crate::openapi::document(&table()).to_json().map_err(|error| error.to_string());
    match TEXT.get_or_init(make) {
        Ok(text) => Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .content_type("application/json")
            .body(text.as_str())),
        Err(reason) => Err(ApiError::new(INTERNAL, format!("no document: {reason}"))),
    }
}
