//! What clip-retrieval's clients ask: `POST /knn-service`, `POST /metadata` and `GET /indices-list`.
//!
//! They send JSON under any content type or none, and name photos by numbers.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use seer_engine::{Library, Stop};
use seer_types::{Embedding, PhotoId, PhotoRecord};
use serde::Serialize;

use super::fresh::fresh;
use super::order::MOST_BYTES;
use super::pairs;
use super::search_request::{in_range, object};
use crate::Limits;
use crate::access::Permit;
use crate::bodies::Body;
use crate::errors::{ApiError, BAD_PICTURE, BAD_REQUEST, NOT_FOUND, TOO_LARGE};
use crate::wire::{Kept, KnnMetadata, KnnRequest, KnnResult, MetadataRequest, MetadataResult};

/// The name of the one index.
const INDEX: &str = "photos";
/// Results that say what they are, unless the request says.
const USUAL: usize = 40;
/// Hex digits of an id that make a number which JavaScript can hold: 52 bits.
const DIGITS: usize = 13;

pub(super) async fn indices(_: Permit, http: HttpRequest) -> Result<HttpResponse, ApiError> {
    pairs(http.query_string(), &[])?;
    Ok(answer(&[INDEX]))
}

/// What is to be compared.
pub(super) enum Query {
    Text(String),
    Picture(Vec<u8>),
    Numbers(Vec<f32>),
}

pub(super) async fn knn(
    state: Permit,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let limits = &state.limits;
    pairs(http.query_string(), &[])?;
    let read = state.bodies.read(&http, payload, limits.max_body_bytes, limits.patience);
    let Body { bytes, room } = read.await?;
    let request: KnnRequest = object(&bytes)?;
    drop(bytes);
    let (said, results) = counts(&request, limits)?;
    let once = request.deduplicate.unwrap_or(false);
    let query = query(request, limits)?;
    let gate = match query {
        Query::Picture(_) => &state.pictures,
        Query::Text(_) | Query::Numbers(_) => &state.searches,
    };
    let library = state.library.clone();
    let find = move |stop: &Stop| {
        let point = point(&library, query, stop);
        drop(room);
        Ok::<_, ApiError>(library.nearest_to(&point?, results, once)?)
    };
    let found = gate.run_until_left(find).await??;
    let found = found.into_iter().enumerate().map(|(place, (photo, similarity))| {
        let id = number_of(photo.id);
        KnnResult::new(id, similarity, (place < said).then(|| metadata(&http, photo)))
    });
    Ok(answer(&found.collect::<Vec<_>>()))
}

/// How many results say what they are, and how many there are.
pub(super) fn counts(request: &KnnRequest, limits: &Limits) -> Result<(usize, usize), ApiError> {
    known_index(request.indice_name.as_deref())?;
    if let Some(other) = request.modality.as_deref().filter(|modality| *modality != "image") {
        let shown: String = other.chars().take(80).collect();
        let message =
            format!("modality must be \"image\", not \"{shown}\": captions are no index here");
        return Err(ApiError::new(BAD_REQUEST, message));
    }
    let said = request.num_images.unwrap_or(USUAL);
    in_range("num_images", 1, limits.max_k, said)?;
    let results = request.num_result_ids.unwrap_or(said);
    Ok((said, results.clamp(said, limits.max_k)))
}

fn known_index(name: Option<&str>) -> Result<(), ApiError> {
    match name {
        None | Some(INDEX) => Ok(()),
        Some(other) => {
            let shown: String = other.chars().take(80).collect();
            let message = format!("there is no index \"{shown}\"; indice_name must be \"{INDEX}\"");
            Err(ApiError::new(BAD_REQUEST, message))
        }
    }
}

/// The first of what a request may give, as clip-retrieval reads it.
pub(super) fn query(request: KnnRequest, limits: &Limits) -> Result<Query, ApiError> {
    let KnnRequest { text, image, image_url, embedding_input, .. } = request;
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        if text.chars().count() > limits.max_query_chars {
            let message = format!("text is longer than {} characters", limits.max_query_chars);
            return Err(ApiError::new(TOO_LARGE, message));
        }
        return Ok(Query::Text(text));
    }
    if let Some(image) = image {
        let bytes = STANDARD.decode(image.trim());
        let wrong = |error: base64::DecodeError| {
            ApiError::new(BAD_PICTURE, format!("image is not base64: {error}"))
        };
        return bytes.map(Query::Picture).map_err(wrong);
    }
    match (image_url, embedding_input) {
        (Some(_), _) => Err(ApiError::new(
            BAD_REQUEST,
            "pictures are not fetched from image_url; send the picture itself in image, in base64",
        )),
        (None, Some(Kept(numbers))) => match numbers.iter().all(|number| number.is_finite())
            && numbers.iter().any(|number| *number != 0.0)
        {
            true => Ok(Query::Numbers(numbers)),
            false => Err(ApiError::new(
                BAD_REQUEST,
                "embedding_input must be numbers that are not all 0",
            )),
        },
        (None, None) => {
            Err(ApiError::new(BAD_REQUEST, "one of text, image and embedding_input must be given"))
        }
    }
}

fn point(library: &Library, query: Query, stop: &Stop) -> Result<Embedding, ApiError> {
    Ok(match query {
        Query::Text(text) => library.text_embedding(&text, None)?,
        Query::Picture(bytes) => library.picture_embedding(&bytes, stop)?.embedding,
        Query::Numbers(numbers) => library.embedding_of(numbers)?,
    })
}

pub(super) async fn metadata_of(
    state: Permit,
    http: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let limits = &state.limits;
    pairs(http.query_string(), &[])?;
    let read =
        state.bodies.read(&http, payload, MOST_BYTES.min(limits.max_body_bytes), limits.patience);
    let Body { bytes, room } = read.await?;
    let request: MetadataRequest = object(&bytes)?;
    known_index(request.indice_name.as_deref())?;
    let ids = request.ids.0;
    if ids.len() > limits.max_k {
        let message = format!("more than {} ids in one request", limits.max_k);
        return Err(ApiError::new(TOO_LARGE, message));
    }
    let library = state.library.clone();
    let find = move || {
        let found = ids.into_iter().map(|id| Ok((id, photo_of(&library, id)?)));
        let found = found.collect::<Result<Vec<_>, ApiError>>();
        drop((bytes, room));
        found
    };
    let found = state.readings.run(find).await??.into_iter();
    let found = found.map(|(id, photo)| MetadataResult { id, metadata: metadata(&http, photo) });
    Ok(answer(&found.collect::<Vec<_>>()))
}

/// A photo as a number.
fn number_of(id: PhotoId) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = id.0;
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> (64 - 4 * DIGITS)
}

/// The photo that a number means.
fn photo_of(library: &Library, number: u64) -> Result<PhotoRecord, ApiError> {
    let digits = format!("{number:0DIGITS$x}");
    if digits.len() > DIGITS {
        return Err(ApiError::new(NOT_FOUND, format!("no photo has the number {number}")));
    }
    Ok(library.find(&digits)?)
}

fn metadata(http: &HttpRequest, photo: PhotoRecord) -> KnnMetadata {
    let host = http.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let id = photo.id;
    KnnMetadata {
        url: format!("http://{}/api/photos/{id}/thumbnail?size=1024", host.unwrap_or("localhost")),
        caption: photo.facts.caption.or(photo.facts.generated_caption).unwrap_or_default(),
        image_path: photo.files.first().map(|file| file.path.to_text()).unwrap_or_default(),
        photo: id.to_string(),
    }
}

fn answer(found: &[impl Serialize]) -> HttpResponse {
    fresh(&found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_start_of_an_id() {
        let id: PhotoId = "0123456789abcdef".repeat(4).parse().unwrap();
        assert_eq!(number_of(id), 0x0123456789abc);
        assert_eq!(number_of(PhotoId([0xff; 32])), (1 << 52) - 1);
        assert_eq!(format!("{:0DIGITS$x}", number_of(id)), "0123456789abc");
    }
}
