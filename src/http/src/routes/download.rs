//! `POST /api/download`: the files of several photos as one.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::http::header;
use actix_web::rt::time::timeout;
use actix_web::{HttpRequest, HttpResponse, rt, web};
use futures_util::stream;
use seer_types::PhotoId;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::search_request::{is_json, object};
use super::{archive, photo_id};
use crate::access::Permit;
use crate::errors::{ApiError, BAD_REQUEST, TOO_LARGE};
use crate::wire;

/// Photos in one archive.
const MOST: usize = 10_000;
/// Longest body: as many ids.
const MOST_BYTES: usize = 1 << 20;
/// Bytes that are sent at once.
const AT_ONCE: usize = 256 << 10;
/// Pieces that wait for a slow reader.
const AHEAD: usize = 4;

/// Answers at once; the archive is made while it is sent. JSON, or a form with `photo` several times, which
/// a browser saves without holding it in memory.
pub(super) async fn download(
    state: Permit,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let (limits, bodies) = (&state.limits, &state.bodies);
    let most = MOST_BYTES.min(limits.max_body_bytes);
    let body = bodies.read(&http, payload, most, limits.patience).await?;
    let photos = wanted(is_json(&http), &body.bytes)?;
    let place = state.downloads.enter().await?;
    let (library, strips) = (state.library.clone(), state.strips());
    let (sender, receiver) = channel(AHEAD);
    let whole = Arc::new(AtomicBool::new(false));
    let pieces = Pieces { from: receiver, whole: whole.clone() };
    let pipe = Pipe { to: sender.clone(), patience: limits.patience, runtime: Handle::current() };
    rt::task::spawn_blocking(move || {
        let out = io::BufWriter::with_capacity(AT_ONCE, pipe);
        if archive::write(&library, &photos, strips, out).is_ok() {
            whole.store(true, Ordering::Release);
        }
        // Only now the reader comes to the end.
        drop((sender, place));
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/zip"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"photos.zip\""))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(stream::unfold(Some(pieces), next)))
}

/// The reader's end.
struct Pieces {
    from: Receiver<web::Bytes>,
    /// Whether the writer came to its end.
    whole: Arc<AtomicBool>,
}

/// The next piece. Where they end too soon, for whatever reason, the answer breaks off: whoever reads notices
/// that this is not all.
async fn next(pieces: Option<Pieces>) -> Option<(io::Result<web::Bytes>, Option<Pieces>)> {
    let mut pieces = pieces?;
    match pieces.from.recv().await {
        Some(bytes) => Some((Ok(bytes), Some(pieces))),
        None if pieces.whole.load(Ordering::Acquire) => None,
        None => Some((Err(io::ErrorKind::UnexpectedEof.into()), None)),
    }
}

/// The writer's end; it fails when the reader has gone, or takes nothing for too long: nobody holds a place
/// in the queue by not reading.
struct Pipe {
    to: Sender<web::Bytes>,
    patience: Duration,
    runtime: Handle,
}

impl io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.to.send(web::Bytes::copy_from_slice(bytes));
        // Not without the runtime: the time limit is one of its timers.
        match self.runtime.block_on(async { timeout(self.patience, sent).await }) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The photos that a body names, each once, in their order.
pub(super) fn wanted(json: bool, body: &[u8]) -> Result<Vec<PhotoId>, ApiError> {
    let names = match json {
        true => object::<wire::Download>(body)?.photos,
        false => of_form(body)?,
    };
    if names.is_empty() {
        return Err(ApiError::new(BAD_REQUEST, "name at least one photo"));
    }
    if names.len() > MOST {
        return Err(ApiError::new(TOO_LARGE, "more than 10,000 photos; download some of them"));
    }
    let mut photos = Vec::with_capacity(names.len());
    let mut known = std::collections::HashSet::new();
    for name in &names {
        let id = photo_id(name)?;
        if known.insert(id) {
            photos.push(id);
        }
    }
    Ok(photos)
}

fn of_form(body: &[u8]) -> Result<Vec<String>, ApiError> {
    form_urlencoded::parse(body)
        .map(|(key, value)| match &*key {
            "photo" => Ok(value.into_owned()),
            _ => {
                Err(ApiError::new(BAD_REQUEST, "a form holds nothing but \"photo\", several times"))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_named_in_json_or_in_a_form() {
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        let json = format!(r#"{{"photos": ["{a}", "{b}", "{a}"]}}"#);
        let photos = wanted(true, json.as_bytes()).unwrap();
        assert_eq!(
            photos.iter().map(PhotoId::to_string).collect::<Vec<_>>(),
            [a.clone(), b.clone()]
        );
        assert_eq!(wanted(false, format!("photo={a}&photo={b}").as_bytes()).unwrap(), photos);
        for (json, body) in [
            (true, r#"{"photos": []}"#),
            (true, r#"{"photos": ["../../etc/passwd"]}"#),
            (true, r#"{"ids": []}"#),
            (false, ""),
            (false, "photo=1"),
            (false, "file=%2Fetc%2Fpasswd"),
        ] {
            assert_eq!(wanted(json, body.as_bytes()).unwrap_err().kind, BAD_REQUEST, "{body}");
        }
        let many = "photo=x&".repeat(MOST + 1);
        assert_eq!(wanted(false, many.as_bytes()).unwrap_err().kind, TOO_LARGE);
    }
}
