//! The models of a library as JSON.

use seer_engine::SpaceStatus;
use serde::{Deserialize, Serialize};

/// Body of `POST /api/models/use` and `POST /api/models/forget`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRequest {
    /// The model's name, or at least 4 hex digits that its fingerprint begins with.
    pub model: String,
}

/// Answer to both.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Models {
    /// The models that photos are encoded with.
    pub models: Vec<SpaceStatus>,
}
