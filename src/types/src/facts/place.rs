//! The place where a photo was taken, by its position.

use serde::{Deserialize, Serialize};

/// A place by the names of what it lies in. At least one of them is known.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// The town or city.
    pub city: Option<PlaceName>,
    /// The state, province or county: the first level below the country.
    pub region: Option<PlaceName>,
    /// The country.
    pub country: Option<PlaceName>,
}

impl Place {
    /// The names that are known, the narrowest first.
    pub fn names(&self) -> impl Iterator<Item = &PlaceName> {
        [&self.city, &self.region, &self.country].into_iter().flatten()
    }
}

/// A name in English and in the language of the place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlaceName {
    /// "Lisbon".
    pub english: String,
    /// "Lisboa"; `None` where it is the English one.
    pub local: Option<String>,
}
