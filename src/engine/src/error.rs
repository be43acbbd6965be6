//! What can go wrong with a library, and whose turn it is.

use std::path::PathBuf;

use seer_embedded::EmbeddedError;
use seer_encoders::{EncodeError, LoadError};
use seer_images::ImageError;
use seer_store::{StoreError, StoreErrorKind, TokenRight};
use seer_types::{EmbeddingError, LibraryPath};

use crate::QueryError;

/// Who can mend it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The request is wrong: asking differently helps.
    User,
    /// The machine or the files are not as needed.
    Environment,
    /// A defect in seer.
    Bug,
}

/// Why a library could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The query cannot be understood.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A number of the request is out of range.
    #[error("{what} must be {}, not {found}", range(*min, *max))]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// Smallest accepted.
        min: usize,
        /// Largest accepted.
        max: usize,
        /// What was asked.
        found: usize,
    },
    /// The query asks where photos were taken, and whoever asks is not told.
    #[error(
        "this server does not tell others where photos were taken; leave out near:, place: and box:"
    )]
    PlacesNotShared,
    /// An example picture cannot be used.
    #[error("the example picture cannot be read: {0}")]
    Picture(#[source] ImageError),
    /// A picture file cannot be used.
    #[error("the picture {path} cannot be read: {source}")]
    PictureFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ImageError,
    },
    /// No photo has this id.
    #[error("no photo with the id \"{0}\" is in the library")]
    NotFound(String),
    /// The start of an id fits several photos.
    #[error("{count} photos have ids that start with \"{prefix}\"; write more digits")]
    Ambiguous {
        /// What was given.
        prefix: String,
        /// How many fit.
        count: usize,
    },
    /// The photo is known, but none of its files can be read now.
    #[error("the photo's file is not there now: {0} (is its drive connected?)")]
    FileGone(PathBuf),
    /// No model is loaded.
    #[error("no model is loaded: choose one with --model (\"seer models list\" shows them)")]
    NoModel,
    /// Photos exist, but none was encoded with this model.
    #[error("no photo is encoded with the model \"{model}\" yet; run: seer index --model {model}")]
    ModelHasNoPhotos {
        /// The model.
        model: String,
    },
    /// No space, or several, are what a person meant.
    #[error("{}", no_space(meant, *several, known))]
    NoSpace {
        /// What was written.
        meant: String,
        /// How many spaces fit.
        several: usize,
        /// The spaces there are.
        known: Vec<String>,
    },
    /// The space that queries are answered in is to be forgotten.
    #[error(
        "queries are answered with {name}, so it cannot be forgotten\nnext: switch to another one \
         first: seer models use NAME"
    )]
    SpaceInUse {
        /// Its name.
        name: String,
    },
    /// No album has this name.
    #[error("there is no album \"{name}\"; \"seer album\" lists those there are")]
    NoAlbum {
        /// The name.
        name: String,
    },
    /// An album has this name already.
    #[error("there is an album \"{name}\" already; remove it first, or choose another name")]
    AlbumExists {
        /// The name.
        name: String,
    },
    /// A name that an album cannot have.
    #[error("\"{}\" cannot be an album's name: {reason}", name.escape_debug())]
    AlbumName {
        /// The name.
        name: String,
        /// Why.
        reason: String,
    },
    /// No token has this name.
    #[error("there is no token \"{name}\"; \"seer tokens\" lists those there are")]
    NoToken {
        /// The name.
        name: String,
    },
    /// A token has this name already.
    #[error("there is a token \"{name}\" already; revoke it first, or choose another name")]
    TokenExists {
        /// The name.
        name: String,
    },
    /// A name that a token cannot have.
    #[error("\"{}\" cannot be a token's name: {reason}", name.escape_debug())]
    TokenName {
        /// The name.
        name: String,
        /// Why not.
        reason: String,
    },
    /// A token that cannot be bound to this folder.
    #[error("a token cannot be bound to \"{folder}\": {reason}")]
    TokenFolder {
        /// The folder.
        folder: LibraryPath,
        /// Why not.
        reason: &'static str,
    },
    /// A token with this right cannot be bound to folders.
    #[error("a token with the right \"{right}\" cannot be bound to folders; one with \"look\" can")]
    TokenBound {
        /// The right.
        right: TokenRight,
    },
    /// There are as many tokens as there may be.
    #[error("the library has 200 tokens already; revoke one first")]
    TooManyTokens,
    /// There are as many albums as there may be.
    #[error("the library has 1,000 albums already; remove one first")]
    TooManyAlbums,
    /// The query cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The model's text tower for more languages cannot be read.
    #[error("the text tower for more languages cannot be used: {0}")]
    Languages(#[source] LoadError),
    /// The parts of the query cancel out.
    #[error("the parts of the query cancel each other out")]
    Cancelled(#[source] EmbeddingError),
    /// What keeps the library.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the library.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// "read", "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

fn no_space(meant: &str, several: usize, known: &[String]) -> String {
    let what = match several {
        0 => format!("no photo is encoded with a model \"{meant}\""),
        _ => format!("{several} models fit \"{meant}\"; write the start of a fingerprint"),
    };
    match known {
        [] => format!("{what}\nnext: seer index FOLDER"),
        known => format!(
            "{what}; there are: {}\nnext: encode them with it first: seer index --model NAME",
            known.join(", ")
        ),
    }
}

impl From<EmbeddedError> for EngineError {
    fn from(error: EmbeddedError) -> Self {
        Self::Store(error.into())
    }
}

/// "from 1 to 10", or the only number.
fn range(min: usize, max: usize) -> String {
    if min == max { min.to_string() } else { format!("from {min} to {max}") }
}

impl EngineError {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Query(_) => "bad_query",
            Self::OutOfRange { .. } => "out_of_range",
            Self::PlacesNotShared => "not_shared",
            Self::Picture(ImageError::TooLarge { .. }) => "too_large",
            Self::Picture(ImageError::Bug { .. }) => "internal",
            Self::Picture(_) | Self::PictureFile { .. } => "bad_picture",
            Self::NotFound(_) => "not_found",
            Self::Ambiguous { .. } => "ambiguous_id",
            Self::FileGone(_) => "file_gone",
            Self::NoModel => "no_model",
            Self::NoSpace { .. } => "no_space",
            Self::SpaceInUse { .. } => "space_in_use",
            Self::ModelHasNoPhotos { .. } => "model_has_no_photos",
            Self::NoAlbum { .. } => "no_album",
            Self::AlbumExists { .. } => "album_exists",
            Self::AlbumName { .. } => "bad_album_name",
            Self::TooManyAlbums => "too_many_albums",
            Self::NoToken { .. } => "no_token",
            Self::TokenExists { .. } => "token_exists",
            Self::TokenName { .. } => "bad_token_name",
            Self::TokenFolder { .. } | Self::TokenBound { .. } => "bad_token_folder",
            Self::TooManyTokens => "too_many_tokens",
            Self::Cancelled(_) => "bad_query",
            Self::Store(error) => match error.kind() {
                StoreErrorKind::Locked => "locked",
                StoreErrorKind::Full => "disk_full",
                StoreErrorKind::Unreachable => "unreachable",
                _ => "internal",
            },
            Self::Languages(_) => "model_not_usable",
            Self::Encode(_) | Self::Io { .. } => "internal",
        }
    }

    /// Who can mend it.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Picture(ImageError::Bug { .. })
            | Self::PictureFile { source: ImageError::Bug { .. }, .. } => Fault::Bug,
            Self::Query(_)
            | Self::PlacesNotShared
            | Self::OutOfRange { .. }
            | Self::Picture(_)
            | Self::PictureFile { .. }
            | Self::NotFound(_)
            | Self::Ambiguous { .. }
            | Self::NoSpace { .. }
            | Self::SpaceInUse { .. }
            | Self::NoAlbum { .. }
            | Self::AlbumExists { .. }
            | Self::AlbumName { .. }
            | Self::TooManyAlbums
            | Self::NoToken { .. }
            | Self::TokenExists { .. }
            | Self::TokenName { .. }
            | Self::TokenFolder { .. }
            | Self::TokenBound { .. }
            | Self::TooManyTokens
            | Self::Cancelled(_) => Fault::User,
            Self::FileGone(_)
            | Self::NoModel
            | Self::ModelHasNoPhotos { .. }
            | Self::Languages(_)
            | Self::Io { .. } => Fault::Environment,
            Self::Store(error) if error.kind() == StoreErrorKind::Bug => Fault::Bug,
            Self::Store(_) => Fault::Environment,
            Self::Encode(_) => Fault::Bug,
        }
    }
}
