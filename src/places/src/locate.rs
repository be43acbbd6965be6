//! A position to city, region and country.

use seer_types::{Coordinates, Place};

use crate::country::country_at;
use crate::earth::{DEGREE, checked};
use crate::gazetteer::{COLUMNS, Gazetteer, ROWS, gazetteer};

/// A town is that of a position up to so many kilometres away, and by its own size further.
const TOWN: f32 = 25.0;
/// A region is, up to so many kilometres from a town of it.
const REGION: f32 = 100.0;
/// On the open sea a town is near up to here.
const AT_SEA: f32 = 20.0;
/// Towns are looked for so far away, and further where there are fewer than `ENOUGH`.
const AROUND: [f32; 3] = [15.0, 30.0, 60.0];
const ENOUGH: usize = 8;

/// Where a position is.
#[derive(Clone, PartialEq, Debug)]
pub struct Located {
    /// Part of the city, city, region and country.
    pub place: Place,
    /// The country's two letters of ISO 3166, "PT".
    pub country_code: String,
}

/// City, region and country of a position: the city is the nearest one, where a larger one reaches
/// further; far from any, only region and country, or the country alone. `None` on the open sea and
/// for numbers that are no position.
///
/// ```
/// use seer_places::{Coordinates, place_at};
/// let eiffel_tower = Coordinates { latitude: 48.8584, longitude: 2.2945 };
/// let place = place_at(eiffel_tower).unwrap();
/// assert_eq!(place.city.unwrap().english, "Paris");
/// assert_eq!(place.country.unwrap().english, "France");
/// ```
pub fn place_at(position: Coordinates) -> Option<Place> {
    locate(position).map(|located| located.place)
}

/// [`place_at`] with the part of the city and the country's code.
pub fn locate(position: Coordinates) -> Option<Located> {
    let position = checked(position)?;
    let all = gazetteer();
    let around = all.borders.around(position);
    let near = Nearby::around(all, position);
    if around.is_open_sea() && near.first().is_none_or(|first| first.kilometres > AT_SEA) {
        return None;
    }
    let country = country_at(all, &around, &near)?;
    let town = near.best(|city| all.country_of(city) == country);
    let region = town.map(|town| town.city).or_else(|| {
        let far = Nearby::of(all, position, REGION);
        far.best(|city| all.country_of(city) == country).map(|town| town.city)
    });
    let town = town.filter(|town| town.kilometres <= TOWN + reach(all.size(town.city)));
    let whole = town.map(|town| all.whole(town.city).unwrap_or(town.city));
    let part = town.map(|town| town.city).filter(|&city| Some(city) != whole);
    let region = whole.or(region).map(|city| all.region_of(city));
    Some(Located {
        place: Place {
            district: part.map(|city| all.name(city)),
            city: whole.map(|city| all.name(city)),
            region: region.and_then(|region| all.regions[region].name.clone()),
            country: Some(all.countries[country].name.clone()),
        },
        country_code: all.countries[country].code.clone(),
    })
}

/// How far a city of this size (14 times the logarithm of its inhabitants) goes from its middle, in
/// kilometres, where 3,000 people live on a square kilometre.
pub(crate) fn reach(size: u8) -> f32 {
    ((f32::from(size) / 14.0).exp() / (3000.0 * std::f32::consts::PI)).sqrt()
}

/// A town that is near.
#[derive(Clone, Copy)]
pub(crate) struct Town {
    pub(crate) city: usize,
    pub(crate) kilometres: f32,
    /// Kilometres, less for a large town: what counts for being the nearest.
    pub(crate) distance: f32,
}

/// The towns around a position.
pub(crate) struct Nearby(Vec<Town>);

impl Nearby {
    /// Enough towns to tell the place by; the position is a checked one.
    pub(crate) fn around(all: &Gazetteer, position: Coordinates) -> Nearby {
        let mut near = Nearby(Vec::new());
        for kilometres in AROUND {
            near = Nearby::of(all, position, kilometres);
            if near.0.len() >= ENOUGH {
                break;
            }
        }
        near
    }

    /// All up to so many kilometres away; the position is a checked one.
    pub(crate) fn of(all: &Gazetteer, position: Coordinates, kilometres: f32) -> Nearby {
        let (latitude, longitude) =
            (position.latitude as f32 + 90.0, position.longitude as f32 + 180.0);
        let high = kilometres / DEGREE;
        let shrink = (position.latitude.to_radians().cos() as f32).max(0.001);
        let wide = (high / shrink).min(180.0);
        let (bottom, top) = ((latitude - high).max(0.0) as usize, (latitude + high) as usize);
        let (left, right) = ((longitude - wide).floor() as i32, (longitude + wide).floor() as i32);
        let right = right.min(left + COLUMNS as i32 - 1);
        let mut towns = Vec::new();
        for row in bottom..=top.min(ROWS - 1) {
            for column in left..=right {
                // How far east the square begins, the short way round.
                let east = column as f32 - longitude;
                let column = column.rem_euclid(COLUMNS as i32) as usize;
                let square = (row as f32 - latitude, east);
                for city in all.in_square(row, column) {
                    towns.extend(town(all, city, square, shrink, kilometres));
                }
            }
        }
        Nearby(towns)
    }

    /// The nearest town.
    pub(crate) fn first(&self) -> Option<Town> {
        self.0.iter().copied().min_by(|a, b| a.kilometres.total_cmp(&b.kilometres))
    }

    /// The town whose place this is, among those that are `wanted`.
    pub(crate) fn best(&self, wanted: impl Fn(usize) -> bool) -> Option<Town> {
        let towns = self.0.iter().filter(|town| wanted(town.city)).copied();
        towns.min_by(|a, b| a.distance.total_cmp(&b.distance))
    }

    /// All but one.
    #[cfg(test)]
    pub(crate) fn without(self, city: usize) -> Nearby {
        Nearby(self.0.into_iter().filter(|town| town.city != city).collect())
    }

    pub(crate) fn towns(&self) -> &[Town] {
        &self.0
    }
}

/// A city whose square begins so many degrees north and east of the position; `None` where it is
/// further away than `most` kilometres.
fn town(
    all: &Gazetteer,
    city: usize,
    (north, east): (f32, f32),
    shrink: f32,
    most: f32,
) -> Option<Town> {
    let [up, right] = all.within(city).map(|part| (f32::from(part) + 0.5) / 256.0);
    let (up, right) = (DEGREE * (north + up), DEGREE * shrink * (east + right));
    let square = up * up + right * right;
    if square > most * most {
        return None;
    }
    let kilometres = square.sqrt();
    // The fourth root of the population: of 16 times as many people is twice as far as near.
    let distance = kilometres * (-f32::from(all.size(city).max(70)) / (14.0 * 4.0)).exp();
    Some(Town { city, kilometres, distance })
}
