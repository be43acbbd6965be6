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
    /// Whether the server takes over what changes there, by itself.
    #[serde(default)]
    pub watch: bool,
}

/// Body of `POST /api/roots/watch`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchRequest {
    /// An indexed folder: its absolute path on the server's machine, as it was indexed.
    pub folder: String,
    /// Whether it is watched from now on.
    pub watch: bool,
}

/// A folder that the server watches.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Watching {
    /// The folder, as it was indexed.
    pub folder: String,
    /// "told" (the system tells of changes), "polled" (it is looked at now and then) or "away" (it
    /// is not there, and watched once it is).
    pub how: String,
    /// Why it is polled, in words; null otherwise.
    pub why: Option<String>,
}

impl From<crate::Watching> for Watching {
    fn from(from: crate::Watching) -> Self {
        let (how, why) = match from.how {
            crate::Watched::Told => ("told", None),
            crate::Watched::Polled(why) => ("polled", Some(why)),
            crate::Watched::Away => ("away", None),
        };
        Self { folder: from.folder.to_text(), how: how.to_owned(), why }
    }
}

impl From<seer_engine::Root> for Root {
    fn from(from: seer_engine::Root) -> Self {
        let seer_engine::Root { folder, files, failures, there, excludes, watched } = from;
        Self { folder: folder.to_text(), files, failures, there, excludes, watch: watched }
    }
}
