//! Indexed folders as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer to `GET /api/roots`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Roots {
    /// By path.
    pub roots: Vec<Root>,
}

/// An indexed folder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Root {
    /// The folder, as it was indexed.
    pub folder: String,
    /// Files found under it that are photos.
    pub files: u64,
    /// Files found under it that could not be indexed.
    pub failures: u64,
    /// Whether it is a folder now; a drive that is not connected is none.
    pub there: bool,
    /// Globs of what it leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
}

impl From<seer_engine::Root> for Root {
    fn from(from: seer_engine::Root) -> Self {
        let seer_engine::Root { folder, files, failures, there, excludes } = from;
        Self { folder: folder.to_text(), files, failures, there, excludes }
    }
}
