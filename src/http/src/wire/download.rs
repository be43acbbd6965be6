//! A download of several photos, as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /api/download`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Download {
    /// Ids of 64 hex digits, at most 10,000.
    pub photos: Vec<String>,
}
