//! `/api/models`: which model answers, which embeddings are kept, and how they are indexed.

use actix_web::{HttpRequest, HttpResponse, web};

use super::fresh::fresh;
use super::index::{MAY_COME_BACK, must_be_idle};
use super::order::order;
use crate::access::Permit;
use crate::errors::{ApiError, INDEX_RUNNING, MODEL_NOT_USABLE};
use crate::gate::Refused;
use crate::{IndexOrder, wire};

/// The models to choose from.
pub(super) async fn offered(state: Permit) -> Result<HttpResponse, ApiError> {
    let (library, index) = (state.library.clone(), state.index.clone());
    let work = move || -> Result<_, ApiError> {
        let offered = library.offered_models()?.into_iter().map(|model| {
            let here = index.has_model(&model.name);
            wire::OfferedModel::new(model, here)
        });
        Ok(wire::OfferedModels { offered: offered.collect(), may_fetch: index.may_fetch() })
    };
    let offered = state.long_readings.run(work).await??;
    Ok(fresh(&offered))
}

/// Answers queries with another model from now on.
pub(super) async fn use_one(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::ModelRequest = order(&state, &request, payload).await?;
    let (library, index) = (state.library.clone(), state.index.clone());
    let work = move || {
        let space = library.find_space(&wanted.model)?;
        index.use_model(&space).map_err(|reason| ApiError::new(MODEL_NOT_USABLE, reason))?;
        Ok::<_, ApiError>(library.space_list()?)
    };
    // Loading takes seconds, and nothing that is asked meanwhile waits for it.
    answer(web::block(work).await.map_err(|_| Refused::Broken)??)
}

/// Forgets a model's embeddings.
pub(super) async fn forget(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::ModelRequest = order(&state, &request, payload).await?;
    let (library, index) = (state.library.clone(), state.index.clone());
    let work = move || {
        let _way = must_be_idle(&*index, MAY_COME_BACK)?;
        library.forget_space(&library.find_space(&wanted.model)?)?;
        Ok::<_, ApiError>(library.space_list()?)
    };
    answer(web::block(work).await.map_err(|_| Refused::Broken)??)
}

/// Has a model's vectors indexed in another way, and a run make what that needs.
pub(super) async fn index(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::ModelIndexRequest = order(&state, &request, payload).await?;
    let (library, index) = (state.library.clone(), state.index.clone());
    let work = move || {
        let busy = "an indexing run is going on; wait for it or cancel it first";
        let _way = must_be_idle(&*index, busy)?;
        library.set_index(library.find_space(&wanted.model)?.model, wanted.index)?;
        let begun = index.start(IndexOrder::default());
        begun.map_err(|reason| ApiError::new(INDEX_RUNNING, reason))?;
        Ok::<_, ApiError>(library.space_list()?)
    };
    answer(web::block(work).await.map_err(|_| Refused::Broken)??)
}

fn answer(models: Vec<seer_engine::SpaceStatus>) -> Result<HttpResponse, ApiError> {
    Ok(fresh(&wire::Models { models }))
}
