//! `GET /api/status`, `GET /api/disk`, `GET /api/roots` and `GET /api/failures`.

use actix_web::HttpResponse;

use super::fresh::fresh;
use super::index::index_state;
use crate::access::Permit;
use crate::errors::ApiError;
use crate::{RunState, wire};

pub(super) async fn status(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let numbers = state.readings.run(move || library.status()).await??;
    let limits = wire::LimitsInfo::from(&state.limits);
    let access = state.holder().told();
    // Runs and watched folders are those of the whole library.
    let (indexing, watching) = match state.is_bound() {
        true => (RunState::default().into(), Vec::new()),
        false => (index_state(state.index.as_ref()), state.index.watching()),
    };
    let watching = watching.into_iter().map(Into::into).collect();
    let mut status = wire::Status::new(numbers, indexing, watching, limits, access);
    if state.is_bound() {
        status.folder.clear();
    }
    Ok(fresh(&wire::Status { strip_metadata: state.strip_metadata, ..status }))
}

pub(super) async fn roots(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let roots = state.readings.run(move || library.root_list()).await??;
    let roots = roots.into_iter().map(wire::Root::from).collect();
    Ok(fresh(&wire::Roots { roots }))
}

pub(super) async fn disk(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let found = state.readings.run(move || library.disk_use()).await??;
    Ok(fresh(&wire::Disk::from(found)))
}

pub(super) async fn failures(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let failures = state.readings.run(move || library.failures()).await??;
    let failures = failures.into_iter().map(wire::Failure::from).collect();
    Ok(fresh(&wire::Failures { failures }))
}
