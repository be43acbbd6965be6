//! What Immich asks its machine-learning service: `GET /ping` and `POST /predict`, for the embeddings
//! of texts and pictures. The model in use answers, whatever model is named.

use std::convert::Infallible;
use std::future::ready;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use multer::Multipart;
use seer_engine::{Library, Stop, language_of};
use seer_types::Embedding;

use super::fresh::fresh;
use super::pairs;
use crate::Limits;
use crate::access::Permit;
use crate::bodies::Body;
use crate::errors::{ApiError, BAD_ENTRIES, BAD_REQUEST, INTERNAL, TOO_LARGE, UNSUPPORTED_MEDIA};
use crate::wire::{Entries, PredictEntry, Prediction};

pub(super) async fn ping() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("pong")
}

/// Tasks and types that are answered.
const OFFERED: [(&str, &str); 2] = [("clip", "textual"), ("clip", "visual")];

/// What is to be encoded.
pub(super) enum Task {
    Text { text: String, language: Option<String> },
    Picture(Bytes),
}

/// The parts of a form that are read.
#[derive(Default)]
pub(super) struct Form {
    entries: Option<Bytes>,
    text: Option<Bytes>,
    image: Option<Bytes>,
}

pub(super) async fn predict(
    state: Permit,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let limits = &state.limits;
    pairs(http.query_string(), &[])?;
    let boundary = boundary(&http)?;
    let read = state.bodies.read(&http, payload, limits.max_body_bytes, limits.patience);
    let Body { bytes, room } = read.await?;
    let task = task(form(bytes, boundary).await?, limits)?;
    let gate = match task {
        Task::Text { .. } => &state.searches,
        Task::Picture(_) => &state.pictures,
    };
    let library = state.library.clone();
    let encode = move |stop: &Stop| {
        let prediction = encoded(&library, task, stop);
        drop(room);
        prediction
    };
    let prediction = gate.run_until_left(encode).await??;
    Ok(fresh(&prediction))
}

fn boundary(http: &HttpRequest) -> Result<String, ApiError> {
    let kind = http.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    multer::parse_boundary(kind.unwrap_or("")).map_err(|_| {
        let message = "send multipart/form-data with entries, and text or image";
        ApiError::new(UNSUPPORTED_MEDIA, message)
    })
}

/// The parts of a form; they are parts of the body's memory. Of two with the same name the last counts.
pub(super) async fn form(body: Vec<u8>, boundary: String) -> Result<Form, ApiError> {
    let wrong = |error: multer::Error| ApiError::new(BAD_REQUEST, format!("in the form: {error}"));
    let body = stream::once(ready(Ok::<_, Infallible>(Bytes::from(body))));
    let mut parts = Multipart::new(body, boundary);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        let place = match part.name() {
            Some("entries") => &mut form.entries,
            Some("text") => &mut form.text,
            Some("image") => &mut form.image,
            _ => continue,
        };
        *place = Some(part.bytes().await.map_err(wrong)?);
    }
    Ok(form)
}

/// The one thing that the entries name, with what it is about.
pub(super) fn task(form: Form, limits: &Limits) -> Result<Task, ApiError> {
    let refused = |why: String| ApiError::new(BAD_ENTRIES, why);
    let entries = form.entries.ok_or_else(|| refused("the form has no entries".to_owned()))?;
    let entries: Entries = serde_json::from_slice(&entries)
        .map_err(|error| refused(format!("in entries: {error}")))?;
    let all = entries.into_iter().flat_map(|(task, kinds)| {
        kinds.into_iter().map(move |(kind, entry)| (task.clone(), kind, entry))
    });
    let mut all: Vec<(String, String, PredictEntry)> = all.collect();
    let strange =
        all.iter().find(|(task, kind, _)| !OFFERED.contains(&(task.as_str(), kind.as_str())));
    if let Some((task, kind, _)) = strange {
        let [task, kind] = [task, kind].map(|text| text.chars().take(80).collect::<String>());
        return Err(refused(format!(
            "the task \"{task}\" of type \"{kind}\" is not offered; there is \"clip\" of type \
             \"textual\" or \"visual\""
        )));
    }
    let Some((_, kind, entry)) = all.pop() else {
        return Err(refused("entries name no task".to_owned()));
    };
    if !all.is_empty() {
        return Err(refused("entries name several things; ask for one at a time".to_owned()));
    }
    log::debug!("{kind} is asked of the model {}", entry.model_name);
    match kind.as_str() {
        "textual" => text_task(form.text, entry, limits),
        _ => form.image.map(Task::Picture).ok_or_else(|| {
            ApiError::new(BAD_REQUEST, "\"visual\" needs a picture in the part \"image\"")
        }),
    }
}

fn text_task(text: Option<Bytes>, entry: PredictEntry, limits: &Limits) -> Result<Task, ApiError> {
    let text = text.ok_or_else(|| {
        ApiError::new(BAD_REQUEST, "\"textual\" needs a text in the part \"text\"")
    })?;
    let text = std::str::from_utf8(&text)
        .map_err(|_| ApiError::new(BAD_REQUEST, "the part \"text\" is not UTF-8"))?;
    if text.chars().count() > limits.max_query_chars {
        let message = format!("text is longer than {} characters", limits.max_query_chars);
        return Err(ApiError::new(TOO_LARGE, message));
    }
    let language = entry.options.and_then(|options| options.language);
    Ok(Task::Text { text: text.to_owned(), language })
}

fn encoded(library: &Library, task: Task, stop: &Stop) -> Result<Prediction, ApiError> {
    match task {
        Task::Text { text, language } => {
            let code = language.as_deref().and_then(|code| code.split(['-', '_']).next());
            let language = code.and_then(|code| language_of(&code.to_ascii_lowercase()));
            let clip = list(&library.text_embedding(&text, language)?)?;
            Ok(Prediction { clip, ..Prediction::default() })
        }
        Task::Picture(bytes) => {
            let seen = library.picture_embedding(&bytes, stop)?;
            let clip = list(&seen.embedding)?;
            let (image_height, image_width) = (Some(seen.height), Some(seen.width));
            Ok(Prediction { clip, image_height, image_width })
        }
    }
}

/// An embedding as Immich reads it.
fn list(embedding: &Embedding) -> Result<String, ApiError> {
    serde_json::to_string(embedding.values())
        .map_err(|error| ApiError::new(INTERNAL, format!("an embedding is no JSON: {error}")))
}
