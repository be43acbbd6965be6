//! What a route is given once its right has been checked: the library, and who asks.
//!
//! Handlers reach the state through a [`Permit`] only, and a permit comes from [`behind`] only. A
//! route that was registered in any other way finds nothing to answer with.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, ResponseError, Route, web};

use seer_engine::Library;

use super::spelling::is_canonical;
use super::{Access, Asker, Holder, Right};
use crate::errors::{ApiError, INTERNAL};
use crate::state::State;

/// The service's state as the application holds it: opened by [`behind`] only.
#[derive(Clone)]
pub(crate) struct Sealed(web::Data<State>);

impl Sealed {
    pub(crate) fn new(state: web::Data<State>) -> Self {
        Self(state)
    }

    /// The rules, for the gate in front of all routes.
    pub(crate) fn access(&self) -> &Access {
        &self.0.access
    }
}

/// The state, for one request that may have it.
#[derive(Clone)]
pub(crate) struct Permit {
    state: web::Data<State>,
    holder: Holder,
    /// The library as whoever asks may see it.
    pub(crate) library: Arc<Library>,
    strips: bool,
}

impl Permit {
    /// Whether the photos' private facts are to be left out for whoever asks.
    pub(crate) fn strips(&self) -> bool {
        self.strips
    }

    /// Whether whoever asks sees some folders alone.
    pub(crate) fn is_bound(&self) -> bool {
        self.holder.folders().is_some()
    }

    /// Who asks, and what they may do.
    pub(crate) fn holder(&self) -> &Holder {
        &self.holder
    }
}

impl Deref for Permit {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl FromRequest for Permit {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let permit = request.extensions().get::<Self>().cloned();
        ready(permit.ok_or_else(|| ApiError::new(INTERNAL, "this address is closed")))
    }
}

/// Puts a route behind its right.
pub(crate) fn behind(right: Right, route: Route) -> Route {
    route.wrap(from_fn(move |request: ServiceRequest, next: Next<BoxBody>| async move {
        match permit(right, request.request()).await {
            Ok(permit) => {
                request.extensions_mut().insert(permit);
                next.call(request).await
            }
            Err(refusal) => Ok::<_, Error>(request.into_response(refusal.error_response())),
        }
    }))
}

async fn permit(right: Right, request: &HttpRequest) -> Result<Permit, ApiError> {
    let Some(Sealed(state)) = request.app_data::<Sealed>() else {
        return Err(ApiError::new(INTERNAL, "this address is closed"));
    };
    // Another spelling of an address is no address, even where the router understands it.
    let canonical = is_canonical(request.uri());
    let right = if canonical { right } else { Right::Within };
    let holder = state.access.permits(right, request).await?;
    if !canonical {
        return Err(ApiError::nothing_at(request.path()));
    }
    let mut library = match holder.folders() {
        Some(folders) => Arc::new(state.whole_library.within(folders.clone())),
        None => state.whole_library.clone(),
    };
    let strips = state.strip_metadata && holder.asker != Asker::Own;
    if strips {
        library = Arc::new(library.without_places());
    }
    Ok(Permit { state: state.clone(), holder, library, strips })
}
