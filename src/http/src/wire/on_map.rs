//! Photos on a map, as JSON.

use seer_engine::{Bounds, Cluster as Found};
use seer_types::{Coordinates, PhotoId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Position;

/// Answer to `GET /api/places`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct OnMap {
    /// How finely photos are told apart.
    pub zoom: u8,
    /// Photos of the box.
    pub photos: u64,
    /// They by place; the one with most photos first.
    pub clusters: Vec<Cluster>,
}

/// Photos near each other.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Cluster {
    /// How many.
    pub photos: u64,
    /// The mean of their positions.
    pub center: Position,
    /// The smallest box around them: south, west, north, east in degrees.
    #[serde(rename = "box")]
    pub bounds: [f64; 4],
    /// The town and country at the centre; left out far from any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// One of them.
    #[schema(value_type = String)]
    pub photo: PhotoId,
}

impl From<seer_engine::OnMap> for OnMap {
    fn from(found: seer_engine::OnMap) -> Self {
        let clusters = found.clusters.into_iter().map(Cluster::from).collect();
        Self { zoom: found.zoom, photos: found.photos, clusters }
    }
}

impl From<(Found, Option<String>)> for Cluster {
    fn from((found, name): (Found, Option<String>)) -> Self {
        let Coordinates { latitude, longitude } = found.center;
        let Bounds { south, west, north, east } = found.bounds;
        Self {
            photos: found.photos,
            center: Position { latitude, longitude },
            bounds: [south, west, north, east],
            name,
            photo: found.photo,
        }
    }
}
