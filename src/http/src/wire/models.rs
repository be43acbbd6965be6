//! The models of a library as JSON.

use seer_engine::SpaceStatus;
use seer_types::IndexKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shapes;

/// Body of `POST /api/models/use` and `POST /api/models/forget`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelRequest {
    /// The model's name, or at least 4 hex digits that its fingerprint begins with.
    pub model: String,
}

/// Body of `POST /api/models/index`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelIndexRequest {
    /// The model, as in [`ModelRequest`].
    pub model: String,
    /// How its vectors are indexed from now on: "auto", "exact", "lists" or "hnsw".
    #[schema(value_type = shapes::IndexKind)]
    pub index: IndexKind,
}

/// Answer to `GET /api/models`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferedModels {
    /// The built-in one first, then those with least work for a photo.
    pub offered: Vec<OfferedModel>,
    /// Whether the server may fetch one that is not on its machine.
    pub may_fetch: bool,
}

/// A model to choose, and what is known of it before photos are encoded with it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct OfferedModel {
    /// Its name, as `POST /api/index` takes it.
    pub name: String,
    /// How good it is, in a sentence or two.
    pub about: String,
    /// Share of ImageNet's pictures that it names right without having been taught their classes, 0 to 1;
    /// null where that is not known.
    pub imagenet: Option<f32>,
    /// SPDX identifier of its licence, or the publisher's name for it; null where it is not known.
    pub license: Option<String>,
    /// Whether the licence, as far as it is known, lets everybody use it for everything.
    pub free: bool,
    /// Languages it was trained on, ISO 639-1; `mul` for many.
    pub languages: Vec<String>,
    /// Parameters of both towers, in millions.
    pub params_millions: Option<f32>,
    /// Numbers per embedding.
    pub dim: Option<usize>,
    /// Photos that the server's processor encodes in a second, without decoding.
    pub images_per_second: Option<f64>,
    /// Whether that was measured with the model just now, and not estimated from its operations.
    pub measured: bool,
    /// About how many bytes of memory the server takes with it.
    pub memory_bytes: Option<u64>,
    /// Whether it is on the server's machine.
    pub here: bool,
}

impl OfferedModel {
    /// `here`: whether it is on this machine.
    pub(crate) fn new(model: seer_engine::OfferedModel, here: bool) -> Self {
        Self {
            name: model.name,
            about: model.about,
            imagenet: model.imagenet,
            license: model.license,
            free: model.is_free,
            languages: model.languages,
            params_millions: model.params_millions,
            dim: model.dim,
            images_per_second: model.images_per_second,
            measured: model.is_measured,
            memory_bytes: model.memory_bytes,
            here,
        }
    }
}

/// Answer to `POST /api/models/use`, `/forget` and `/index`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Models {
    /// The models that photos are encoded with.
    #[schema(value_type = Vec<shapes::Space>)]
    pub models: Vec<SpaceStatus>,
}
