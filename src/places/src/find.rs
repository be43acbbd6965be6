//! A name to the places that have it.

use seer_types::{Coordinates, Place, PlaceName};

use crate::earth::kilometres;
use crate::fold::key;
use crate::gazetteer::gazetteer;
use crate::kind::Kind;
use crate::locate::reach;
use crate::name_index::{Id, name_index};
use crate::region_shape::shape;

/// A place that has a name which was asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct FoundPlace {
    /// What it is.
    pub kind: Kind,
    /// Its names: a city with region and country, a region with its country.
    pub place: Place,
    /// The country's two letters of ISO 3166, "PT".
    pub country_code: String,
    /// Its middle.
    pub position: Coordinates,
    /// Inhabitants, give or take 4 percent; of regions and countries those of all towns.
    pub population: u64,
    /// Kilometres from the middle within which a photo is near it, at least 5. Regions and countries
    /// have shapes: compare names or codes rather than distances.
    pub radius_km: f32,
}

/// At most so many places are given.
const MOST: usize = 50;
/// A town is near the city that it is asked for with, "Versailles, Paris", up to so many kilometres.
const BESIDE: f32 = 50.0;

/// The places of a name in any language, whatever its case and accents, the best known first. A
/// region or a country behind the name ("paris, texas", "paris us", "Kreuzberg Berlin") leaves those
/// that lie there. Empty where no place has the name.
///
/// ```
/// use seer_places::{Kind, find};
/// let lisbon = &find("lissabon")[0];
/// assert_eq!(lisbon.place.city.as_ref().unwrap().local.as_deref(), Some("Lisboa"));
/// assert_eq!(find("paris, texas")[0].country_code, "US");
/// assert_eq!(find("portugal")[0].kind, Kind::Country);
/// ```
pub fn find(text: &str) -> Vec<FoundPlace> {
    ids(text).into_iter().take(MOST).map(found).collect()
}

/// As [`find`], by number.
pub(crate) fn ids(text: &str) -> Vec<Id> {
    let parts: Vec<String> =
        text.split([',', '，', '、']).map(key).filter(|p| !p.is_empty()).collect();
    let Some((name, within)) = parts.split_first() else { return Vec::new() };
    let mut found = if within.is_empty() { whole_or_with(name) } else { of_key(name) };
    found.retain(|&id| within.iter().all(|within| lies_in(id, within)));
    found
}

/// The places of a key; where there are none, of its beginning with the rest as what it lies in.
fn whole_or_with(name: &str) -> Vec<Id> {
    let found = of_key(name);
    if !found.is_empty() {
        return found;
    }
    let blanks: Vec<usize> = name.match_indices(' ').map(|(at, _)| at).rev().take(8).collect();
    for at in blanks {
        let mut found = of_key(&name[..at]);
        found.retain(|&id| lies_in(id, &name[at + 1..]));
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// The places of a key, the best known first.
pub(crate) fn of_key(key: &str) -> Vec<Id> {
    let mut found: Vec<(f32, Id)> =
        name_index().places(key).map(|id| (importance(id) + own(id, key), id)).collect();
    found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|found| found.1).collect()
}

/// Whether a place lies in what has this key: a country or its code, a region or its letters, or a
/// city that it is a part of or near.
pub(crate) fn lies_in(id: Id, within: &str) -> bool {
    let all = gazetteer();
    let (region, country) = match id.kind {
        Kind::City => (Some(all.region_of(id.number)), all.country_of(id.number)),
        Kind::Region => (Some(id.number), usize::from(all.regions[id.number].country)),
        Kind::Country => return false,
    };
    let in_letters = region.is_some_and(|region| all.regions[region].letters == within);
    if all.countries[country].code.eq_ignore_ascii_case(within)
        || (id.kind == Kind::City && in_letters && !within.is_empty())
    {
        return true;
    }
    name_index().places(within).any(|other| match other.kind {
        Kind::Country => other.number == country,
        Kind::Region => id.kind == Kind::City && Some(other.number) == region,
        Kind::City => id.kind == Kind::City && is_beside(id.number, other.number),
    })
}

fn is_beside(city: usize, other: usize) -> bool {
    let all = gazetteer();
    let larger = all.size(other) > all.size(city);
    all.whole(city) == Some(other)
        || (larger && kilometres(all.position(city), all.position(other)) < BESIDE)
}

/// How well known a place is: about the logarithm of its inhabitants, more for one with names in many
/// languages.
pub(crate) fn importance(id: Id) -> f32 {
    let (index, all) = (name_index(), gazetteer());
    let people = (index.population(id) as f32 + 1.0).ln();
    let fame = f32::from(index.fame(id));
    match id.kind {
        Kind::City if all.whole(id.number).is_some() => people + 0.03 * fame - 1.0,
        Kind::City => people + 0.04 * fame,
        Kind::Region => people + 0.05 * fame,
        Kind::Country => people + 3.0,
    }
}

/// More for a place that has this key by the name that it is told by: "Cancún" is the one in Mexico,
/// though a larger city is called so in some language.
fn own(id: Id, wanted: &str) -> f32 {
    let own = if id.kind == Kind::Region { 1.0 } else { 4.0 };
    let all = gazetteer();
    let (english, local) = match id.kind {
        Kind::City => all.names(id.number),
        Kind::Region => all.regions[id.number].name.as_ref().map_or(("", None), names),
        Kind::Country => names(&all.countries[id.number].name),
    };
    let is = key(english) == wanted || local.is_some_and(|local| key(local) == wanted);
    if is { own } else { 0.0 }
}

fn names(name: &PlaceName) -> (&str, Option<&str>) {
    (&name.english, name.local.as_deref())
}

/// All that is told of a place.
pub(crate) fn found(id: Id) -> FoundPlace {
    let all = gazetteer();
    let (city, region, country) = match id.kind {
        Kind::City => (Some(id.number), Some(all.region_of(id.number)), all.country_of(id.number)),
        Kind::Region => (None, Some(id.number), usize::from(all.regions[id.number].country)),
        Kind::Country => (None, None, id.number),
    };
    let (position, radius_km) = match city {
        Some(city) => (all.position(city), (2.0 * reach(all.size(city))).max(5.0)),
        None => shape(id).unwrap_or((Coordinates { latitude: 0.0, longitude: 0.0 }, 5.0)),
    };
    FoundPlace {
        kind: id.kind,
        place: Place {
            district: None,
            city: city.map(|city| all.name(city)),
            region: region.and_then(|region| all.regions[region].name.clone()),
            country: Some(all.countries[country].name.clone()),
        },
        country_code: all.countries[country].code.clone(),
        position,
        population: name_index().population(id),
        radius_km,
    }
}
