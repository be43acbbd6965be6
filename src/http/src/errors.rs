//! One table of error codes, and the type that every failing handler returns.

use std::fmt;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use seer_engine::{EngineError, Fault};

use crate::gate::Refused;
use crate::wire;

/// One row of the table: what a program can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorCode {
    /// Stable name, sent as `error.code`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What it means, one line.
    pub meaning: &'static str,
}

macro_rules! error_codes {
    ($($name:ident = $code:literal, $status:literal, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub(crate) const $name: ErrorCode =
            ErrorCode { code: $code, status: $status, meaning: $meaning };)*

        /// Every code the service can answer with. `docs/HTTP.md` lists the same ones.
        pub const ERROR_CODES: &[ErrorCode] = &[$($name),*];
    };
}

error_codes! {
    BAD_REQUEST = "bad_request", 400, "The request is not understood: a missing, unknown or malformed field.";
    BAD_QUERY = "bad_query", 400, "The query text does not follow the query language.";
    BAD_PICTURE = "bad_picture", 422, "A picture in the query is damaged or of a format seer does not decode.";
    BAD_ENTRIES = "bad_entries", 422, "The entries of a prediction are malformed, or name a task that is not offered.";
    OUT_OF_RANGE = "out_of_range", 400, "A number, such as k or offset, is outside its range.";
    AMBIGUOUS_ID = "ambiguous_id", 400, "The start of an id fits several photos.";
    TOO_LARGE = "too_large", 413, "The body, a picture or the query is above its limit.";
    UNSUPPORTED_MEDIA = "unsupported_media", 415, "The body's content type is neither JSON nor a picture.";
    TOKEN_REQUIRED = "token_required", 401, "The token is missing or wrong.";
    RIGHT_REQUIRED = "right_required", 403, "The token is good, but has a lesser right than this needs.";
    HOST_REFUSED = "host_refused", 403, "The Host header names a host this server does not answer for.";
    ORIGIN_REFUSED = "origin_refused", 403, "The request comes from a page of another origin.";
    NOT_SHARED = "not_shared", 403, "The server keeps this fact of its photos to its own user.";
    NOT_FOUND = "not_found", 404, "No such photo in the library, or no such address.";
    METHOD_NOT_ALLOWED = "method_not_allowed", 405, "The address exists, but not for this method.";
    INDEX_RUNNING = "index_running", 409, "An indexing run is going on, or could not be started.";
    FILE_GONE = "file_gone", 410, "The photo's files have changed or left since they were indexed.";
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable", 416, "The requested bytes lie outside the file.";
    BUSY = "busy", 429, "Too many requests wait already; Retry-After says when to come back.";
    INTERNAL = "internal", 500, "A bug or damaged data; the server's log has the details.";
    ENVIRONMENT = "environment", 503, "The machine refused something: a file, space or permission.";
    DISK_FULL = "disk_full", 507, "Too little room on the library's disk; searching goes on, nothing is added.";
    NO_MODEL = "no_model", 503, "The library has no model loaded yet, so it cannot search by meaning.";
    MODEL_HAS_NO_PHOTOS = "model_has_no_photos", 503, "No photo is encoded with the model in use yet.";
    NO_SPACE = "no_space", 404, "No photo is encoded with the model that was named, or several models fit.";
    SPACE_IN_USE = "space_in_use", 409, "Queries are answered with the model whose embeddings are to be forgotten.";
    NO_ALBUM = "no_album", 404, "No album has this name.";
    NO_ROOT = "no_root", 404, "No indexed folder has this path.";
    BAD_ALBUM_NAME = "bad_album_name", 400, "An album cannot have this name.";
    ALBUM_EXISTS = "album_exists", 409, "Another album has the name already.";
    TOO_MANY_ALBUMS = "too_many_albums", 409, "The library has as many albums as it may have.";
    NO_TOKEN = "no_token", 404, "No token has this name.";
    BAD_TOKEN_NAME = "bad_token_name", 400, "A token cannot have this name.";
    BAD_TOKEN_FOLDER = "bad_token_folder", 400, "A token cannot be bound to this folder, or not with this right.";
    TOKEN_EXISTS = "token_exists", 409, "Another token has this name already.";
    TOO_MANY_TOKENS = "too_many_tokens", 409, "The library has as many tokens as it may have.";
    MODEL_NOT_USABLE = "model_not_usable", 503, "The model that was named cannot be loaded.";
    UNREACHABLE = "unreachable", 503, "The database that keeps the library cannot be reached now; try again.";
    LOCKED = "locked", 503, "Another process holds the library.";
    TOO_SLOW = "too_slow", 503, "The answer took longer than the server waits.";
}

/// An error on its way to the client.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) kind: ErrorCode,
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(kind: ErrorCode, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// No address of this server is spelt like this path.
    pub(crate) fn nothing_at(path: &str) -> Self {
        let path: String = path.chars().take(200).collect();
        Self::new(NOT_FOUND, format!("there is nothing at \"{path}\""))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.code, self.message)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if self.kind == BUSY {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        if self.kind == TOKEN_REQUIRED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"seer\""));
        }
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.json(wire::ErrorBody {
            error: wire::ErrorMessage {
                code: self.kind.code.to_owned(),
                message: self.message.clone(),
            },
        })
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Full => Self::new(BUSY, "too many requests are waiting; try again shortly"),
            Refused::TooSlow => {
                Self::new(TOO_SLOW, "the answer took too long; try again, or ask for less at once")
            }
            Refused::Broken => Self::new(INTERNAL, "the request failed; see the server's log"),
        }
    }
}

impl From<EngineError> for ApiError {
    /// By the engine's own code; one that says no more than "internal", or has no row here, is
    /// told by whose fault it is.
    fn from(error: EngineError) -> Self {
        let by_fault = match error.fault() {
            Fault::User => BAD_REQUEST,
            Fault::Environment => ENVIRONMENT,
            Fault::Bug => INTERNAL,
        };
        let own = ERROR_CODES.iter().find(|row| row.code == error.code() && **row != INTERNAL);
        let kind = own.copied().unwrap_or(by_fault);
        if kind.status >= 500 {
            log::error!("{error}");
        }
        Self::new(kind, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_their_statuses_exist() {
        for (position, row) in ERROR_CODES.iter().enumerate() {
            assert!(StatusCode::from_u16(row.status).unwrap().as_u16() >= 400, "{}", row.code);
            assert!(ERROR_CODES[..position].iter().all(|other| other.code != row.code));
            assert!(row.meaning.ends_with('.'), "{}", row.meaning);
        }
    }

    #[test]
    fn the_documentation_lists_every_code_with_its_status() {
        let page = include_str!("../../../docs/HTTP.md");
        for row in ERROR_CODES {
            let line = format!("| `{}` | {} | {} |", row.code, row.status, row.meaning);
            assert!(page.contains(&line), "docs/HTTP.md lacks the line\n{line}");
        }
    }

    #[test]
    fn the_engine_s_errors_keep_their_codes() {
        let code = |error: EngineError| ApiError::from(error).kind.code;
        assert_eq!(code(EngineError::NotFound("ab".into())), "not_found");
        assert_eq!(code(EngineError::NoModel), "no_model");
        assert_eq!(code(EngineError::FileGone("/p/a.jpg".into())), "file_gone");
        assert_eq!(
            code(EngineError::Ambiguous { prefix: "ab12".into(), count: 2 }),
            "ambiguous_id"
        );
        assert_eq!(
            code(EngineError::ModelHasNoPhotos { model: "builtin".into() }),
            "model_has_no_photos"
        );
        assert_eq!(
            code(EngineError::OutOfRange { what: "k", min: 1, max: 9, found: 10 }),
            "out_of_range"
        );
        let io = std::io::Error::other("disk full");
        assert_eq!(
            code(EngineError::Io { action: "write", path: "/l/t".into(), source: io }),
            "environment"
        );
    }

    #[test]
    fn busy_says_when_to_come_back() {
        let response = ApiError::from(Refused::Full).error_response();
        assert_eq!(response.status().as_u16(), 429);
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "1");
    }
}
