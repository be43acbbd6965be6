//! `GET /metrics`: numbers for Prometheus.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::access::Permit;
use crate::errors::{ApiError, INTERNAL};
use crate::metrics::Now;

/// What Prometheus expects of OpenMetrics.
const TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) async fn metrics(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let library = &state.readings.run(move || library.status()).await??;
    let index = &state.index.state();
    let queues = [
        ("searches", &state.searches),
        ("pictures", &state.pictures),
        ("readings", &state.readings),
        ("long_readings", &state.long_readings),
    ];
    let text = state.metrics.text(&Now { library, index, queues });
    let text = text.map_err(|error| ApiError::new(INTERNAL, format!("no numbers: {error}")))?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(response.insert_header((header::CONTENT_TYPE, TYPE)).body(text))
}
