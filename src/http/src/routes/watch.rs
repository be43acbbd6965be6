//! `/api/roots/watch`: has an indexed folder watched, or no longer.

use std::path::Path;

use actix_web::{HttpRequest, HttpResponse, web};
use seer_types::LibraryPath;

use super::fresh::fresh;
use super::order::order;
use crate::access::Permit;
use crate::errors::{ApiError, BAD_REQUEST, NO_ROOT};
use crate::wire;

pub(super) async fn watch(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::WatchRequest = order(&state, &request, payload).await?;
    let shown: String = wanted.folder.chars().take(400).collect();
    if !Path::new(&wanted.folder).is_absolute() {
        let message = format!("\"{shown}\" is not an absolute path on the server's machine");
        return Err(ApiError::new(BAD_REQUEST, message));
    }
    let (library, index) = (state.library.clone(), state.index.clone());
    let work = move || {
        if !library.set_watched(&LibraryPath::new(wanted.folder), wanted.watch)? {
            return Err(ApiError::new(NO_ROOT, format!("\"{shown}\" is no indexed folder")));
        }
        index.watched_changed();
        Ok(library.root_list()?)
    };
    let roots = state.readings.run(work).await??;
    let roots = roots.into_iter().map(wire::Root::from).collect();
    Ok(fresh(&wire::Roots { roots }))
}
