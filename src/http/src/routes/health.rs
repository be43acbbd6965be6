//! `GET /health`: alive, and which process.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::wire;

pub(super) async fn health() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(wire::Health {
        status: "ok".to_owned(),
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
