//! Values of filters that name places.

use seer_places::{Kind, Near, NearError, Place, PlaceName, find, position_or_place};
use seer_store::{Bounds, Filter};

/// Kilometres around a position unless said otherwise.
const AROUND_POSITION: f64 = 5.0;

/// Photos taken at a place that has this name: those for which it is written or known, and in whatever
/// language it is asked for, those of the best known place of that name.
pub(super) fn place(name: &str) -> Filter {
    let mut either = vec![Filter::Place(name.to_owned())];
    either.extend(parts_of(name));
    let Some(best) = find(name).into_iter().next() else { return any(either) };
    either.push(whole(&best.place));
    let local = best.place.names().next().and_then(|name| name.local.clone());
    either.extend(local.map(Filter::Place));
    any(either)
}

/// "Lisbon, Portugal": each of them is a name of the place.
fn parts_of(name: &str) -> Option<Filter> {
    let parts = name.split(',').map(str::trim).filter(|part| part.contains(char::is_alphanumeric));
    let parts: Vec<Filter> = parts.map(|part| Filter::Place(part.to_owned())).collect();
    (parts.len() > 1).then_some(Filter::All(parts))
}

fn any(mut either: Vec<Filter>) -> Filter {
    if either.len() == 1 { either.remove(0) } else { Filter::Any(either) }
}

/// A place by its English name and that of its country, so that "Paris" of another country is another
/// place.
fn whole(place: &Place) -> Filter {
    let narrowest = place.names().next();
    let country = place.country.as_ref().filter(|country| narrowest != Some(country));
    let english = |name: &PlaceName| Filter::Place(name.english.clone());
    Filter::All(narrowest.into_iter().chain(country).map(english).collect())
}

/// `48.86,2.35`, `48.86° N, 2.35° E`, `lisbon`, `paris, texas`, each also with a radius, `lisbon,10km`:
/// without one as far as the place goes. A region or country has a shape, so it is asked for by its name.
///
/// # Errors
/// Numbers that are no position, or a name that no place has.
pub(super) fn near(text: &str) -> Result<Filter, String> {
    let (found, km) = match (position_or_place(text), with_radius(text)) {
        (Err(NearError::Unknown(_)), Some((place, km))) => (position_or_place(place), Some(km)),
        (found, _) => (found, None),
    };
    let (center, reach) = match found.map_err(|error| error.to_string())? {
        Near::Position(center) => (center, AROUND_POSITION),
        Near::Places(places) => match places.first() {
            Some(best) if best.kind == Kind::City || km.is_some() => {
                (best.position, f64::from(best.radius_km))
            }
            _ => return Ok(place(text)),
        },
    };
    Ok(Filter::Near { center, km: km.unwrap_or(reach) })
}

/// `47.2,10.5,48.1,12`: south, west, north and east in degrees. A west that lies east of the east is a
/// box across the date line.
///
/// # Errors
/// Not four numbers that are a box.
pub(super) fn inside(text: &str) -> Result<Filter, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|one| one.trim().parse().ok()).collect();
    let bounds = match numbers.as_deref() {
        Some(&[south, west, north, east]) => Bounds::new(south, west, north, east),
        _ => None,
    };
    bounds.map(Filter::Inside).ok_or_else(|| {
        format!(
            "\"{text}\" is no box; write south, west, north and east in degrees, as in \
             47.2,10.5,48.1,12"
        )
    })
}

/// "lisbon,10km" as place and radius.
fn with_radius(text: &str) -> Option<(&str, f64)> {
    let (place, km) = text.rsplit_once(',')?;
    Some((place, kilometres(km)?))
}

/// "10km" or "10".
fn kilometres(text: &str) -> Option<f64> {
    let km: f64 = text.trim().trim_end_matches("km").trim_end().parse().ok()?;
    (0.0..=20_100.0).contains(&km).then_some(km)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (f64, f64, f64) {
        match near(text) {
            Ok(Filter::Near { center, km }) => (center.latitude, center.longitude, km),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn near_takes_numbers_and_names() {
        assert_eq!(at("48.86,2.35"), (48.86, 2.35, 5.0));
        assert_eq!(at("48.86,2.35,10km"), (48.86, 2.35, 10.0));
        assert_eq!(at("48.86° N, 2.35° W, 1.5"), (48.86, -2.35, 1.5));
        let (latitude, longitude, km) = at("lissabon");
        assert!((latitude - 38.72).abs() < 0.1 && (longitude + 9.13).abs() < 0.1 && km >= 5.0);
        assert_eq!(at("Lisboa,3 km").2, 3.0);
        assert!((at("paris, texas").0 - 33.66).abs() < 0.1);
        assert_eq!(near("portugal"), Ok(place("portugal")));
        for wrong in ["91,0", "91,0,3km", "48.86", "48.86,2.35,x", "nowhere at all", ""] {
            assert!(near(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_place_is_found_in_other_languages() {
        let Filter::Any(either) = place("lissabon") else { panic!("a known place") };
        let name = |name: &str| Filter::Place(name.into());
        let both = Filter::All(vec![name("Lisbon"), name("Portugal")]);
        assert_eq!(either, [name("lissabon"), both, name("Lisboa")]);
        assert_eq!(place("grandma's garden"), name("grandma's garden"));
        let parts = Filter::All(vec![name("grandma's garden"), name("Narnia")]);
        let written = name("grandma's garden, Narnia");
        assert_eq!(place("grandma's garden, Narnia"), Filter::Any(vec![written, parts]));
    }

    #[test]
    fn a_box_has_four_sides() {
        let bounds = |south, west, north, east| Bounds { south, west, north, east };
        assert_eq!(inside("47.2,10.5,48.1,12"), Ok(Filter::Inside(bounds(47.2, 10.5, 48.1, 12.0))));
        assert_eq!(
            inside("-20, 177, -16, -178"),
            Ok(Filter::Inside(bounds(-20.0, 177.0, -16.0, -178.0)))
        );
        for wrong in
            ["", "1,2,3", "1,2,3,4,5", "2,0,1,0", "0,0,91,0", "0,-181,1,0", "a,b,c,d", "nan,0,1,1"]
        {
            assert!(inside(wrong).is_err(), "{wrong}");
        }
    }
}
