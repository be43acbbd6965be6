//! `POST /api/hide`: photos that searches find no more, or find again.

use actix_web::{HttpRequest, HttpResponse, web};
use seer_types::PhotoId;

use super::fresh::fresh;
use super::order::order;
use super::photo_id;
use crate::access::Permit;
use crate::errors::ApiError;
use crate::gate::Refused;
use crate::wire;

pub(super) async fn hide(
    state: Permit,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let wanted: wire::Hide = order(&state, &request, payload).await?;
    let ids = wanted.photos.iter().map(|id| photo_id(id)).collect::<Result<Vec<PhotoId>, _>>()?;
    let library = state.library.clone();
    let work = move || library.hide(&ids, wanted.hidden);
    let hidden = web::block(work).await.map_err(|_| Refused::Broken)??;
    let answer = wire::Hidden { hidden };
    Ok(fresh(&answer))
}
