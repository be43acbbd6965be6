//! Folders of the server's machine, as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer to `GET /api/folders`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Folders {
    /// The folder that was looked into.
    pub folder: String,
    /// The one it lies in; null for the root.
    pub parent: Option<String>,
    /// Names of those in it, in order; hidden ones are left out.
    pub folders: Vec<String>,
    /// Whether there are more than the thousand that are named.
    pub more: bool,
}
