//! What can go wrong with a store in a folder.

use std::path::PathBuf;

use seer_catalog::CatalogError;
use seer_keywords::KeywordsError;
use seer_store::{MOST_WORDS, StoreError, StoreErrorKind};
use seer_vectors::VectorError;

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// The truth.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The keyword index.
    #[error(transparent)]
    Keywords(#[from] KeywordsError),
    /// A vector index.
    #[error(transparent)]
    Vectors(#[from] VectorError),
    /// A derived index cannot catch up with the catalog any more.
    #[error("the index is too far behind the catalog; it is built again")]
    Behind,
    /// More words are asked for than an answer has bits for.
    #[error("{found} words are asked for at once; {MOST_WORDS} are possible")]
    TooManyWords {
        /// How many.
        found: usize,
    },
    /// A query's embedding has another length than those of its space.
    #[error("the query has {found} numbers, the embeddings of its space have {expected}")]
    WrongQuery {
        /// Numbers of the query.
        found: usize,
        /// Numbers of the space.
        expected: usize,
    },
    /// A derived index does not fit onto the disk.
    #[error("there is too little room on the disk of {folder}; free some and try again")]
    NoRoom {
        /// Where it would lie.
        folder: PathBuf,
    },
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

impl EmbeddedError {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    fn kind(&self) -> StoreErrorKind {
        match self {
            Self::Catalog(error) if error.is_full() => StoreErrorKind::Full,
            Self::NoRoom { .. } => StoreErrorKind::Full,
            Self::Catalog(error) => kind_of(error),
            Self::TooManyWords { .. }
            | Self::WrongQuery { .. }
            | Self::Vectors(VectorError::WrongDim { .. }) => StoreErrorKind::Refused,
            Self::Vectors(_) | Self::Behind => StoreErrorKind::Bug,
            Self::Keywords(_) | Self::Io { .. } => StoreErrorKind::System,
        }
    }
}

fn kind_of(error: &CatalogError) -> StoreErrorKind {
    match error {
        CatalogError::Locked { .. } => StoreErrorKind::Locked,
        CatalogError::NewerFormat { .. } => StoreErrorKind::NewerFormat,
        CatalogError::Damaged { .. } => StoreErrorKind::Damaged,
        CatalogError::UnknownPhoto { .. }
        | CatalogError::WrongDimension { .. }
        | CatalogError::OtherLength { .. }
        | CatalogError::UnknownSpace { .. }
        | CatalogError::BadAnalysis { .. }
        | CatalogError::BadBackup { .. }
        | CatalogError::NotEmpty { .. }
        | CatalogError::Full => StoreErrorKind::Refused,
        _ => StoreErrorKind::System,
    }
}

impl From<EmbeddedError> for StoreError {
    fn from(error: EmbeddedError) -> Self {
        Self::new(error.kind(), error)
    }
}

pub(crate) type Result<T> = std::result::Result<T, EmbeddedError>;
