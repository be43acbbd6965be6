//! `/api/albums`: queries under a name.
//!
//! Names stand in bodies, never in addresses: an address has one spelling, without percent signs.

use actix_web::{HttpRequest, HttpResponse, web};
use seer_engine::{Album, EngineError, Library, parse_query};
use seer_types::PhotoId;

use super::fresh::fresh;
use super::order::order;
use super::photo_id;
use crate::access::Permit;
use crate::errors::ApiError;
use crate::gate::Refused;
use crate::wire;

/// Lists them.
pub(super) async fn list(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let albums = state.readings.run(move || library.albums()).await??;
    Ok(answer(&state, albums))
}

/// Keeps one, in place of a search of the same name.
pub(super) async fn save(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::AlbumSave = order(&state, &request, payload).await?;
    change(&state, move |library| library.save_album(wire::Album::from(wanted).into()).map(drop))
        .await
}

/// Gives one another name.
pub(super) async fn rename(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::AlbumRename = order(&state, &request, payload).await?;
    change(&state, move |library| library.rename_album(&wanted.name, &wanted.to).map(drop)).await
}

/// Puts photos into one of picked photos, or takes them out.
pub(super) async fn pick(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::AlbumPhotos = order(&state, &request, payload).await?;
    let ids = wanted.photos.iter().map(|id| photo_id(id)).collect::<Result<Vec<PhotoId>, _>>()?;
    let library = state.library.clone();
    let work = move || library.pick(&wanted.name, &ids, wanted.put_in);
    let answer: wire::Picked = web::block(work).await.map_err(|_| Refused::Broken)??.into();
    Ok(fresh(&answer))
}

/// Lets go of one.
pub(super) async fn remove(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::AlbumName = order(&state, &request, payload).await?;
    change(&state, move |library| library.remove_album(&wanted.name)).await
}

/// Changes them and answers with what there is then.
async fn change(
    state: &Permit,
    work: impl FnOnce(&Library) -> Result<(), EngineError> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let work = move || {
        work(&library)?;
        library.albums()
    };
    let albums = web::block(work).await.map_err(|_| Refused::Broken)??;
    Ok(answer(state, albums))
}

/// Who is not told where photos were taken is not told of albums that say so.
fn answer(state: &Permit, mut albums: Vec<Album>) -> HttpResponse {
    if state.strips() {
        albums.retain(|album| {
            parse_query(&album.query).is_ok_and(|query| !query.asks_for_position())
        });
    }
    let albums = albums.into_iter().map(wire::Album::from).collect();
    fresh(&wire::Albums { albums })
}
