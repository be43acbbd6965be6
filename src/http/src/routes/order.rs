//! The JSON body of a request that changes something.

use actix_web::{HttpRequest, web};
use serde::de::DeserializeOwned;

use super::search_request::{is_json, object};
use crate::access::Permit;
use crate::errors::{ApiError, UNSUPPORTED_MEDIA};

/// Longest body: thousands of folders.
pub(super) const MOST_BYTES: usize = 1 << 20;

/// Reads and parses the body of an order.
pub(super) async fn order<T: DeserializeOwned>(
    state: &Permit,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<T, ApiError> {
    if !is_json(request) {
        return Err(ApiError::new(UNSUPPORTED_MEDIA, "send the request as application/json"));
    }
    let max = MOST_BYTES.min(state.limits.max_body_bytes);
    let body = state.bodies.read(request, payload, max, state.limits.patience).await?;
    object(&body.bytes)
}
