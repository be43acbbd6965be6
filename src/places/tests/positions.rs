//! Positions to places.

use seer_places::{Coordinates, Located, locate, place_at};

fn at(latitude: f64, longitude: f64) -> Option<Located> {
    locate(Coordinates { latitude, longitude })
}

/// City and country in English; "-" where there is none.
fn names(latitude: f64, longitude: f64) -> String {
    let Some(located) = at(latitude, longitude) else { return "nothing".to_owned() };
    let city = located.place.city.map_or("-".to_owned(), |city| city.english);
    format!("{city}, {}", located.place.country.map_or("-".to_owned(), |country| country.english))
}

#[test]
fn sights_are_in_the_cities_that_people_name() {
    let right = [
        (48.8584, 2.2945, "Paris, France"),
        (48.8867, 2.3431, "Paris, France"),
        (48.8356, 2.2395, "Boulogne-Billancourt, France"),
        (48.8049, 2.1204, "Versailles, France"),
        (51.5390, -0.1426, "London, United Kingdom"),
        (51.4769, -0.0005, "London, United Kingdom"),
        (40.7061, -73.9969, "New York City, United States"),
        (52.4986, 13.3915, "Berlin, Germany"),
        (52.3989, 13.0657, "Potsdam, Germany"),
        (48.1374, 11.5755, "Munich, Germany"),
        (48.1596, 11.5884, "Munich, Germany"),
        (48.0653, 11.6130, "Unterhaching, Germany"),
        (38.7139, -9.1335, "Lisbon, Portugal"),
        (38.7876, -9.3906, "Sintra, Portugal"),
        (41.9022, 12.4539, "Vatican City, Vatican City"),
        (41.8902, 12.4922, "Rome, Italy"),
        (45.4340, 12.3388, "Venice, Italy"),
        (35.6595, 139.7005, "Tokyo, Japan"),
        (34.9671, 135.7727, "Kyoto, Japan"),
        (37.5665, 126.9780, "Seoul, South Korea"),
        (-33.8568, 151.2153, "Sydney, Australia"),
        (-33.8915, 151.2767, "Sydney, Australia"),
        (22.2783, 114.1747, "Hong Kong, Hong Kong"),
        (1.2834, 103.8607, "Singapore, Singapore"),
        (41.0086, 28.9802, "Istanbul, Türkiye"),
        (43.7384, 7.4246, "Monaco, Monaco"),
        (46.0207, 7.7491, "Zermatt, Switzerland"),
        (27.1751, 78.0421, "Agra, India"),
        (37.8199, -122.4783, "San Francisco, United States"),
    ];
    let wrong: Vec<String> = (right.iter())
        .filter(|(latitude, longitude, name)| names(*latitude, *longitude) != *name)
        .map(|(latitude, longitude, name)| format!("{name}: {}", names(*latitude, *longitude)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn far_from_anything_there_is_a_country_only_and_at_sea_nothing() {
    assert_eq!(names(23.5, 9.0), "-, Algeria");
    assert_eq!(names(72.0, -40.0), "-, Greenland");
    assert_eq!(names(-24.0, 127.0), "-, Australia");
    assert_eq!(names(-80.0, 30.0), "-, Antarctica");
    for (latitude, longitude) in
        [(0.0, -30.0), (45.0, -40.0), (36.0, 18.5), (-40.0, 90.0), (56.0, 3.0)]
    {
        assert_eq!(names(latitude, longitude), "nothing", "{latitude} {longitude}");
    }
}

#[test]
fn names_are_english_and_local() {
    let lisbon = place_at(Coordinates { latitude: 38.7139, longitude: -9.1335 }).unwrap();
    assert_eq!(lisbon.city.unwrap().local.as_deref(), Some("Lisboa"));
    assert_eq!(lisbon.region.unwrap().english, "Lisbon");
    let kyoto = place_at(Coordinates { latitude: 35.0116, longitude: 135.7681 }).unwrap();
    assert_eq!(kyoto.city.unwrap().local.as_deref(), Some("京都"));
    assert_eq!(kyoto.country.unwrap().local.as_deref(), Some("日本"));
    let munich = at(48.1374, 11.5755).unwrap();
    assert_eq!(munich.country_code, "DE");
    assert_eq!(munich.place.region.unwrap().local.as_deref(), Some("Bayern"));
    assert_eq!(at(52.4986, 13.4034).unwrap().place.district.unwrap().english, "Kreuzberg");
}

#[test]
fn any_numbers_have_an_answer() {
    for longitude in [-360.0, -180.0, -179.999, 0.0, 179.999, 180.0, 181.0, 360.0] {
        for latitude in [-90.0, -89.99, -16.8, 0.0, 66.0, 89.99, 90.0] {
            let _ = at(latitude, longitude);
        }
    }
    let no_numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 91.0, 361.0];
    for bad in no_numbers {
        assert_eq!(at(bad, 0.0), None);
    }
    for bad in no_numbers.into_iter().filter(|&bad| bad != 91.0) {
        assert_eq!(at(0.0, bad), None);
    }
    assert_eq!(at(f64::MIN_POSITIVE, -0.0), at(0.0, 0.0));
}

#[test]
fn longitudes_that_go_round_are_the_same() {
    for longitude in [-175.0, -9.1335, 0.0, 139.7, 178.4] {
        let turned = if longitude > 0.0 { longitude - 360.0 } else { longitude + 360.0 };
        assert_eq!(at(-18.14, longitude), at(-18.14, turned), "{longitude}");
    }
    assert_eq!(names(-16.78, -179.99), names(-16.78, 180.01));
}

/// A position out of every square degree and a half.
#[test]
fn every_place_has_a_country_and_is_found_again() {
    for row in 0..120 {
        for column in 0..240 {
            let (latitude, longitude) =
                (f64::from(row) * 1.5 - 90.0, f64::from(column) * 1.5 - 180.0);
            if let Some(located) = at(latitude, longitude) {
                assert!(located.place.country.is_some());
                assert_eq!(located.country_code.len(), 2);
                assert!(located.place.city.is_none() || located.place.names().count() >= 2);
            }
        }
    }
}
