//! Request bodies, counted before they are read.
//!
//! All bodies together have one room. A body takes its share before its first byte is read, or as
//! it grows when it does not say its length, and gives it back when everything made of it is gone.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::rt::time::timeout;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::errors::{ApiError, BAD_REQUEST, BUSY, TOO_LARGE, TOO_SLOW};

/// Room is given in units of so many bytes.
const UNIT: usize = 1024;
/// A body and what is made of it while both are there: JSON beside its text, or the text beside
/// the decoded picture, which is three quarters of it.
const COPIES: usize = 2;
/// A body without a length takes room for so many bytes at a time.
const STEP: usize = 64 << 10;

/// The room for all bodies of a server.
#[derive(Debug)]
pub(crate) struct Bodies {
    room: Arc<Semaphore>,
}

/// A whole body, with the room it takes.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) room: Room,
}

/// Room that is given back when this is dropped: it goes wherever the content goes.
#[derive(Debug)]
pub(crate) struct Room {
    taken: OwnedSemaphorePermit,
}

impl Bodies {
    /// Room for `bytes` altogether.
    pub(crate) fn new(bytes: usize) -> Self {
        let units = (bytes / UNIT).clamp(1, u32::MAX as usize).min(Semaphore::MAX_PERMITS);
        Self { room: Arc::new(Semaphore::new(units)) }
    }

    /// Reads a whole body of at most `max` bytes within `patience`.
    pub(crate) async fn read(
        &self,
        http: &HttpRequest,
        payload: web::Payload,
        max: usize,
        patience: Duration,
    ) -> Result<Body, ApiError> {
        let stated = stated_length(http);
        let length = usize::try_from(stated.unwrap_or(0)).unwrap_or(usize::MAX);
        if length > max {
            return Err(too_large(max));
        }
        let mut body = Body { bytes: Vec::new(), room: Room { taken: self.take(length)? } };
        body.bytes.reserve_exact(length);
        let read = timeout(patience, self.fill(&mut body, payload, max)).await;
        read.map_err(|_| ApiError::new(TOO_SLOW, "the request did not arrive in time"))??;
        Ok(body)
    }

    async fn fill(
        &self,
        body: &mut Body,
        mut payload: web::Payload,
        max: usize,
    ) -> Result<(), ApiError> {
        while let Some(piece) = payload.next().await {
            let piece = piece.map_err(|error| {
                ApiError::new(BAD_REQUEST, format!("the body broke off: {error}"))
            })?;
            let length = body.bytes.len() + piece.len();
            if length > max {
                return Err(too_large(max));
            }
            let capacity = body.bytes.capacity();
            if length > capacity {
                // Twice as much, as a growing vector takes, but counted first.
                let larger = length.max(2 * capacity).max(STEP).min(max);
                body.room.taken.merge(self.take(larger - capacity)?);
                body.bytes.reserve_exact(larger - body.bytes.len());
            }
            body.bytes.extend_from_slice(&piece);
        }
        Ok(())
    }

    /// Room for a body of `bytes` and what is made of it.
    fn take(&self, bytes: usize) -> Result<OwnedSemaphorePermit, ApiError> {
        let units = u32::try_from((bytes * COPIES).div_ceil(UNIT)).unwrap_or(u32::MAX);
        Arc::clone(&self.room).try_acquire_many_owned(units).map_err(|_| {
            ApiError::new(BUSY, "too much is being sent at the moment; try again shortly")
        })
    }

    /// Bytes that are free now.
    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.room.available_permits() * UNIT
    }
}

/// `Content-Length`, if there is one.
fn stated_length(http: &HttpRequest) -> Option<u64> {
    http.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large(max: usize) -> ApiError {
    ApiError::new(TOO_LARGE, format!("the body is larger than {max} bytes"))
}
