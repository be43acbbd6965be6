//! The library and the server in numbers, as JSON.

use seer_engine::{LibraryStatus, SpaceStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Held, IndexState, Watching, shapes};

/// Answer to `GET /api/status`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The library's folder.
    pub folder: String,
    /// Photos that can be found.
    pub photos: u64,
    /// Files they lie in.
    pub files: u64,
    /// Files that could not be indexed.
    pub failures: u64,
    /// Indexed folders.
    pub roots: Vec<String>,
    /// The model in use; null when none is loaded.
    pub model: Option<Model>,
    /// The vector index; null when no model is loaded.
    pub index: Option<Index>,
    /// The models that photos are encoded with.
    #[serde(default)]
    #[schema(value_type = Vec<shapes::Space>)]
    pub models: Vec<SpaceStatus>,
    /// Whether the words in pictures are read.
    #[serde(default)]
    pub text: bool,
    /// The model that describes photos; null when none does.
    #[serde(default)]
    pub captions: Option<String>,
    /// Whether others than the server's own user are not told where photos were taken.
    #[serde(default)]
    pub strip_metadata: bool,
    /// The indexing run that is going on, and the last one.
    pub indexing: IndexState,
    /// The folders that the server watches, each with how.
    #[serde(default)]
    pub watching: Vec<Watching>,
    /// Version of seer that serves.
    pub version: String,
    /// What one request may ask for.
    pub limits: LimitsInfo,
    /// What whoever asks may do.
    pub access: Held,
}

/// The model in use.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// Weights and preprocessing in 32 hex digits.
    pub fingerprint: String,
    /// Numbers per embedding.
    pub dim: usize,
    /// Where it runs, such as "cpu".
    pub device: String,
    /// How good it is, in a sentence; null when nobody published that.
    #[serde(default)]
    pub about: Option<String>,
    /// Share of ImageNet's pictures that it names right without having been taught their classes, 0 to 1;
    /// null where that is not known.
    #[serde(default)]
    pub imagenet: Option<f32>,
    /// A better one to be had; null unless the built-in model is in use.
    #[serde(default)]
    pub better: Option<BetterModel>,
}

/// A better model than the one in use.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct BetterModel {
    /// Its name, as `seer models pull` takes it.
    pub name: String,
    /// How good it is, in a sentence.
    pub about: String,
    /// Share of ImageNet's pictures that it names right without having been taught their classes, 0 to 1;
    /// null where that is not known.
    #[serde(default)]
    pub imagenet: Option<f32>,
}

/// The vector index.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Index {
    /// "exact", "ivf" or "hnsw".
    pub method: String,
    /// Photos in it.
    pub embedded: u64,
}

/// What one request may ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct LimitsInfo {
    /// Length of a body in bytes.
    pub max_body_bytes: usize,
    /// Length of a query in characters.
    pub max_query_chars: usize,
    /// Pictures in one search.
    pub max_pictures: usize,
    /// Results in one answer.
    pub max_k: usize,
}

/// Answer to `GET /health`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always "ok".
    pub status: String,
    /// Process id of the server.
    pub pid: u32,
    /// Version of seer that serves.
    pub version: String,
}

impl From<&crate::Limits> for LimitsInfo {
    fn from(limits: &crate::Limits) -> Self {
        Self {
            max_body_bytes: limits.max_body_bytes,
            max_query_chars: limits.max_query_chars,
            max_pictures: limits.max_pictures,
            max_k: limits.max_k,
        }
    }
}

impl Status {
    /// Joins what the library, the indexer and the server know.
    pub fn new(
        library: LibraryStatus,
        indexing: IndexState,
        watching: Vec<Watching>,
        limits: LimitsInfo,
        access: Held,
    ) -> Self {
        Self {
            folder: library.folder.to_text(),
            photos: library.photos,
            files: library.files,
            failures: library.failures,
            roots: library.roots.iter().map(|root| root.to_text()).collect(),
            model: library.model.map(|model| Model {
                name: model.name,
                fingerprint: model.fingerprint,
                dim: model.dim,
                device: model.device,
                about: model.advice.about,
                imagenet: model.advice.imagenet,
                better: model.advice.better.map(|better| BetterModel {
                    name: better.name,
                    about: better.about,
                    imagenet: better.imagenet,
                }),
            }),
            index: library
                .index
                .map(|index| Index { method: index.method, embedded: index.embedded }),
            models: library.spaces,
            text: library.reads_text,
            captions: library.captions,
            strip_metadata: false,
            indexing,
            watching,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            limits,
            access,
        }
    }
}
