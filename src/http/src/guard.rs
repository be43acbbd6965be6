//! What happens around every route: host and origin are checked, protective headers are added.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use crate::access::Sealed;
use crate::errors::{ApiError, INTERNAL};

/// Only this server's own files; no inline code, no frames, no third party.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' blob: data:; media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

const PROTECTIVE: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Forms of the page name their origin, which "no-referrer" would hide; others are told nothing.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
];

/// Middleware around the whole service.
pub(crate) async fn guard<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let mut response = match admitted(&request) {
        Ok(()) => next.call(request).await?.map_into_left_body(),
        Err(refusal) => request.into_response(refusal.error_response()).map_into_right_body(),
    };
    protect(response.headers_mut());
    Ok(response)
}

fn admitted(request: &ServiceRequest) -> Result<(), ApiError> {
    match request.app_data::<Sealed>() {
        Some(sealed) => sealed.access().admits(request.request()),
        None => Err(ApiError::new(INTERNAL, "this server has no rules")),
    }
}

/// Adds each protective header that the route did not set more strictly itself.
fn protect(headers: &mut HeaderMap) {
    for (name, value) in PROTECTIVE {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}
