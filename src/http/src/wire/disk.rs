//! How much of the disk a library takes, as JSON.

use seer_engine::DiskUse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer to `GET /api/disk`, in bytes. What a PostgreSQL holds is not among them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Disk {
    /// Records and embeddings.
    pub catalog: u64,
    /// Vector indexes.
    pub vectors: u64,
    /// The keyword index.
    pub keywords: u64,
    /// Small pictures.
    pub thumbnails: u64,
    /// All else in the library's folder.
    pub other: u64,
    /// All of it.
    pub total: u64,
}

impl From<DiskUse> for Disk {
    fn from(found: DiskUse) -> Self {
        let DiskUse { catalog, vectors, keywords, thumbnails, other } = found;
        Self { catalog, vectors, keywords, thumbnails, other, total: found.total() }
    }
}
