//! `/api/tokens`: who else may ask this library's servers.

use actix_web::{HttpRequest, HttpResponse, web};
use seer_engine::{EngineError, Library, NamedToken};
use seer_types::LibraryPath;

use super::fresh::fresh;
use super::order::order;
use crate::access::{Permit, Token};
use crate::errors::{ApiError, ENVIRONMENT};
use crate::gate::Refused;
use crate::wire;

/// Lists them, without their letters: nobody knows those any more.
pub(super) async fn list(state: Permit) -> Result<HttpResponse, ApiError> {
    let library = state.library.clone();
    let tokens = state.readings.run(move || library.tokens()).await??;
    Ok(fresh(&listed(tokens)))
}

/// Makes one. Its letters stand in this answer and nowhere else.
pub(super) async fn create(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::TokenCreate = order(&state, &request, payload).await?;
    let token = Token::random().map_err(|error| ApiError::new(ENVIRONMENT, error.to_string()))?;
    let hash = token.hash();
    let wire::TokenCreate { name, right, folders } = wanted;
    let folders: Vec<LibraryPath> = folders.into_iter().map(LibraryPath::new).collect();
    let add =
        move |library: &Library| library.add_token(&name, right.into(), &folders, hash).map(drop);
    let tokens = change(&state, add).await?;
    Ok(fresh(&wire::TokenCreated {
        token: token.as_str().to_owned(),
        tokens: listed(tokens).tokens,
    }))
}

/// Takes one back.
pub(super) async fn revoke(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::TokenName = order(&state, &request, payload).await?;
    let tokens = change(&state, move |library| library.revoke_token(&wanted.name)).await?;
    Ok(fresh(&listed(tokens)))
}

/// Changes them; from then on this server knows them as they are.
async fn change(
    state: &Permit,
    work: impl FnOnce(&Library) -> Result<(), EngineError> + Send + 'static,
) -> Result<Vec<NamedToken>, ApiError> {
    let library = state.library.clone();
    let work = move || {
        work(&library)?;
        library.tokens()
    };
    let tokens = web::block(work).await.map_err(|_| Refused::Broken);
    state.access.named.forget();
    Ok(tokens??)
}

fn listed(tokens: Vec<NamedToken>) -> wire::Tokens {
    wire::Tokens { tokens: tokens.into_iter().map(wire::NamedToken::from).collect() }
}
