//! `/api/forget`: lets go of a folder or a file for good.

use std::path::Path;

use actix_web::{HttpRequest, HttpResponse, web};
use seer_types::LibraryPath;

use super::fresh::fresh;
use super::index::{MAY_COME_BACK, must_be_idle};
use super::order::order;
use crate::access::Permit;
use crate::errors::{ApiError, BAD_REQUEST};
use crate::gate::Refused;
use crate::wire;

pub(super) async fn forget(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::ForgetRequest = order(&state, &request, payload).await?;
    if !Path::new(&wanted.place).is_absolute() {
        let shown: String = wanted.place.chars().take(400).collect();
        let message = format!("\"{shown}\" is not an absolute path on the server's machine");
        return Err(ApiError::new(BAD_REQUEST, message));
    }
    let (library, index) = (state.library.clone(), state.index.clone());
    let work = move || {
        let _way = must_be_idle(&*index, MAY_COME_BACK)?;
        let forgotten = library.forget(&LibraryPath::new(wanted.place))?;
        index.watched_changed();
        Ok::<_, ApiError>(forgotten)
    };
    // It has no line to stand in and no deadline: what is being forgotten is forgotten to the end.
    let forgotten = web::block(work).await.map_err(|_| Refused::Broken)??;
    Ok(fresh(&wire::Forgotten::from(forgotten)))
}
