//! What photos are counted by, as JSON.

use seer_engine::{FacetKind, FacetList as Found, FacetOption};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Answer to `GET /api/facets`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Facets {
    /// How many photos the filters of the query allow.
    pub photos: u64,
    /// Years they were taken in.
    pub years: FacetList,
    /// Countries they were taken in.
    pub countries: FacetList,
    /// Towns they were taken in, each with its country.
    pub cities: FacetList,
    /// Cameras.
    pub cameras: FacetList,
    /// Formats by content.
    pub types: FacetList,
    /// Tags written in the files.
    pub tags: FacetList,
    /// What a classifier takes them to show.
    pub classes: FacetList,
    /// People in them.
    pub people: FacetList,
    /// Smart albums.
    pub albums: FacetList,
}

/// Values of one kind.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct FacetList {
    /// How many different ones there are.
    pub different: u64,
    /// Those with most photos, the one with most first.
    pub values: Vec<FacetValue>,
}

/// A value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct FacetValue {
    /// As people read it.
    pub value: String,
    /// How many photos have it; left out for albums that are not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photos: Option<u64>,
    /// The filter that asks for it; left out for albums that are more than filters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The query of an album; left out of other values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The filter of the query that asks for the same, as it was typed; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<String>,
}

impl Facets {
    /// Without what says where photos were taken.
    pub(crate) fn without_places(mut self) -> Self {
        self.countries = FacetList::default();
        self.cities = FacetList::default();
        let is_told = |query: &Option<String>| {
            let query = query.as_deref().and_then(|text| seer_engine::parse_query(text).ok());
            query.is_some_and(|query| !query.asks_for_position())
        };
        self.albums.values.retain(|album| is_told(&album.query));
        self.albums.different = self.albums.values.len() as u64;
        self
    }
}

impl From<seer_engine::Facets> for Facets {
    fn from(found: seer_engine::Facets) -> Self {
        let mut kinds = found.kinds;
        let mut take = |kind: FacetKind| {
            let place = kinds.iter().position(|list| list.kind == kind);
            place.map(|place| FacetList::from(kinds.swap_remove(place))).unwrap_or_default()
        };
        Self {
            photos: found.photos,
            years: take(FacetKind::Year),
            countries: take(FacetKind::Country),
            cities: take(FacetKind::City),
            cameras: take(FacetKind::Camera),
            types: take(FacetKind::Type),
            tags: take(FacetKind::Tag),
            classes: take(FacetKind::Class),
            people: take(FacetKind::Person),
            albums: take(FacetKind::Album),
        }
    }
}

impl From<Found> for FacetList {
    fn from(found: Found) -> Self {
        let values = found.values.into_iter().map(FacetValue::from).collect();
        Self { different: found.different, values }
    }
}

impl From<FacetOption> for FacetValue {
    fn from(option: FacetOption) -> Self {
        let FacetOption { value, filter, query, photos, asked } = option;
        Self { value, photos, filter, query, asked }
    }
}
