//! Hiding photos, as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /api/hide`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hide {
    /// Ids of 64 hex digits.
    pub photos: Vec<String>,
    /// Whether searches leave them out from now on; false: they find them again.
    pub hidden: bool,
}

/// Answer to `POST /api/hide`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Hidden {
    /// Photos that are hidden now.
    pub hidden: usize,
}
