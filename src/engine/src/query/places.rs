//! Values of filters that name places.

use seer_places::{FoundPlace, Kind, Place, PlaceName, find};
use seer_store::Filter;

use super::values::coordinates;

/// Photos taken at a place that has this name: those for which it is written or known, and in whatever
/// language it is asked for, those of the best known place of that name.
pub(super) fn place(name: &str) -> Filter {
    let typed = Filter::Place(name.to_owned());
    let Some(best) = find(name).into_iter().next() else { return typed };
    let mut either = vec![typed, whole(&best.place)];
    let local = best.place.names().next().and_then(|name| name.local.clone());
    either.extend(local.map(Filter::Place));
    Filter::Any(either)
}

/// A place by its English name and that of its country, so that "Paris" of another country is another
/// place.
fn whole(place: &Place) -> Filter {
    let narrowest = place.names().next();
    let country = place.country.as_ref().filter(|country| narrowest != Some(country));
    let english = |name: &PlaceName| Filter::Place(name.english.clone());
    Filter::All(narrowest.into_iter().chain(country).map(english).collect())
}

/// `48.86,2.35`, `48.86,2.35,10km`, `lisbon`, `lisbon,10km`, `paris, texas`: as far as the place goes
/// unless said. A region or country has a shape, so it is asked for by its name.
///
/// # Errors
/// Numbers that are no position, or a name that no place has.
pub(super) fn near(text: &str) -> Result<Filter, String> {
    let is_number =
        text.trim_start().starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    if is_number {
        let (center, km) = coordinates(text)?;
        return Ok(Filter::Near { center, km });
    }
    let (name, km) = match text.rsplit_once(',').map(|(name, km)| (name, kilometres(km))) {
        Some((name, Some(km))) => (name, Some(km)),
        _ => (text, None),
    };
    let Some(FoundPlace { kind, position, radius_km, .. }) = find(name).into_iter().next() else {
        return Err(format!(
            "no place \"{name}\" is known; try a larger town nearby, or latitude,longitude[,radius]"
        ));
    };
    match (kind, km) {
        (Kind::City, _) | (_, Some(_)) => {
            let km = km.unwrap_or(f64::from(radius_km));
            Ok(Filter::Near { center: position, km })
        }
        (Kind::Region | Kind::Country, None) => Ok(place(name)),
    }
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
        let (latitude, longitude, km) = at("lissabon");
        assert!((latitude - 38.72).abs() < 0.1 && (longitude + 9.13).abs() < 0.1 && km >= 5.0);
        assert_eq!(at("Lisboa,3 km").2, 3.0);
        assert!((at("paris, texas").0 - 33.66).abs() < 0.1);
        assert_eq!(near("portugal"), Ok(place("portugal")));
        for wrong in ["91,0", "48.86", "48.86,2.35,x", "nowhere at all", ""] {
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
    }
}
