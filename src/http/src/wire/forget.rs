//! Forgetting as JSON.

use seer_types::LibraryPath;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Body of `POST /api/forget`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetRequest {
    /// An absolute path on the server's machine, as it was indexed: a folder or a file, whether it
    /// is still there or not.
    pub place: String,
}

/// What was forgotten.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Forgotten {
    /// Files that left the library, failed ones included.
    pub files: u64,
    /// Photos that had no file left and were purged.
    pub photos: u64,
    /// Whether the place was an indexed folder; it is none any more.
    pub was_root: bool,
    /// The indexed folder that the place lies in, if any: its next run finds again what is there.
    pub inside: Option<String>,
    /// Indexed folders further down, which stay with their photos.
    pub kept: Vec<String>,
}

impl From<seer_engine::Forgotten> for Forgotten {
    fn from(from: seer_engine::Forgotten) -> Self {
        Self {
            files: from.files,
            photos: from.photos,
            was_root: from.was_root,
            inside: from.inside.as_ref().map(LibraryPath::to_text),
            kept: from.kept.iter().map(LibraryPath::to_text).collect(),
        }
    }
}

impl Forgotten {
    /// Whether the library knew nothing there.
    pub fn is_nothing(&self) -> bool {
        self.files == 0 && !self.was_root
    }
}
