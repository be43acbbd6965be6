//! `/api/backup`: the library in one file, as it is at this moment.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use seer_images::Piece;

use super::file_body::file_body;
use crate::access::Permit;
use crate::errors::{ApiError, ENVIRONMENT, INTERNAL};

/// The backup is written to a file first, so that a slow reader keeps no writer waiting.
pub(super) async fn backup(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let written = web::block(move || library.backup_file()).await;
    let file = written.map_err(|error| ApiError::new(INTERNAL, error.to_string()))??;
    let refused = |error: std::io::Error| ApiError::new(ENVIRONMENT, error.to_string());
    let length = file.metadata().map_err(refused)?.len();
    let whole = vec![Piece::Part { start: 0, length }];
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/octet-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(file_body(file, whole, 0, length)))
}
