//! Answers that are true only now.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Serialize;

/// 200 with this as JSON, which nobody keeps.
pub(super) fn fresh(answer: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer)
}
