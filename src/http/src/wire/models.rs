//! The models of a library as JSON.

use seer_engine::SpaceStatus;
use seer_types::IndexKind;
use serde::{Deserialize, Serialize};

/// Body of `POST /api/models/use` and `POST /api/models/forget`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRequest {
    /// The model's name, or at least 4 hex digits that its fingerprint begins with.
    pub model: String,
}

/// Body of `POST /api/models/index`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelIndexRequest {
    /// The model, as in [`ModelRequest`].
    pub model: String,
    /// How its vectors are indexed from now on: "auto", "exact", "lists" or "hnsw".
    pub index: IndexKind,
}

/// Answer to all three.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Models {
    /// The models that photos are encoded with.
    pub models: Vec<SpaceStatus>,
}
