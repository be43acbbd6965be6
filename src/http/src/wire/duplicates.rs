//! Photos that are alike, as JSON.

use seer_types::PhotoRecord;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Photo;

/// Answer to `GET /api/duplicates`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Duplicates {
    /// In the order of their first path.
    pub groups: Vec<DuplicateGroup>,
}

/// Photos that are alike, or one with several files.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct DuplicateGroup {
    /// The one to keep first.
    pub photos: Vec<Photo>,
}

impl Duplicates {
    /// Without the places where the photos were taken, and their names.
    pub(crate) fn without_positions(self) -> Self {
        let without = |group: DuplicateGroup| DuplicateGroup {
            photos: group.photos.into_iter().map(Photo::without_position).collect(),
        };
        Self { groups: self.groups.into_iter().map(without).collect() }
    }
}

impl From<Vec<Vec<PhotoRecord>>> for Duplicates {
    fn from(groups: Vec<Vec<PhotoRecord>>) -> Self {
        let group = |photos: Vec<PhotoRecord>| DuplicateGroup {
            photos: photos.into_iter().map(Photo::from).collect(),
        };
        Self { groups: groups.into_iter().map(group).collect() }
    }
}
