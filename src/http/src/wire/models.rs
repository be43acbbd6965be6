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

/// Answer to all three.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Models {
    /// The models that photos are encoded with.
    #[schema(value_type = Vec<shapes::Space>)]
    pub models: Vec<SpaceStatus>,
}
