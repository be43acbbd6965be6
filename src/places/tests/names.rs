//! Names to places.

use seer_places::{Coordinates, Kind, Near, NearError, find, position_or_place};

/// The country, the English name and the kind of the best known place of a name.
#[track_caller]
fn is(text: &str, country: &str, name: &str, kind: Kind) {
    let found = find(text);
    let first = found.first().unwrap_or_else(|| panic!("{text}: nothing"));
    let first_name = first.place.names().next().unwrap();
    assert_eq!(
        (first.country_code.as_str(), first_name.english.as_str(), first.kind),
        (country, name, kind),
        "{text}"
    );
}

#[test]
fn cities_are_found_in_many_languages() {
    for name in [
        "lisbon",
        "LISBOA",
        "Lissabon",
        "lisbonne",
        "Lisbona",
        "里斯本",
        "Лиссабон",
        "リスボン",
        "리스본",
        "Λισαβώνα",
        "لشبونة",
    ] {
        is(name, "PT", "Lisbon", Kind::City);
    }
    for name in [
        "munich",
        "München",
        "munchen",
        "muenchen",
        "Monaco di Baviera",
        "Múnich",
        "Мюнхен",
        "慕尼黑",
    ] {
        is(name, "DE", "Munich", Kind::City);
    }
    for name in ["londres", "londra", "Londen", "Londyn", "Лондон", "伦敦", "ロンドン"]
    {
        is(name, "GB", "London", Kind::City);
    }
    for name in ["paris", "Parigi", "París", "Parijs", "巴黎", "Париж"] {
        is(name, "FR", "Paris", Kind::City);
    }
    for name in ["Venedig", "venise", "venezia", "Veneza", "威尼斯"] {
        is(name, "IT", "Venice", Kind::City);
    }
    for name in ["東京", "Tokio", "tokyo", "东京"] {
        is(name, "JP", "Tokyo", Kind::City);
    }
    is("köln", "DE", "Cologne", Kind::City);
    is("Colonia", "DE", "Cologne", Kind::City);
    is("wien", "AT", "Vienna", Kind::City);
    is("Viena", "AT", "Vienna", Kind::City);
    is("Genf", "CH", "Geneva", Kind::City);
    is("Ginevra", "CH", "Geneva", Kind::City);
    is("Varsovie", "PL", "Warsaw", Kind::City);
    is("Praag", "CZ", "Prague", Kind::City);
    is("cancún", "MX", "Cancún", Kind::City);
    is("salvador", "BR", "Salvador", Kind::City);
    is("kreta", "GR", "Crete", Kind::Region);
    is("algarve", "PT", "Faro", Kind::Region);
    is("saigon", "VN", "Ho Chi Minh City", Kind::City);
    is("st. petersburg", "RU", "Saint Petersburg", Kind::City);
    is("xian", "CN", "Xi'an", Kind::City);
    is("Aix en Provence", "FR", "Aix-en-Provence", Kind::City);
}

#[test]
fn countries_and_regions_are_found_in_many_languages() {
    for name in [
        "germany",
        "Deutschland",
        "Allemagne",
        "Alemania",
        "germania",
        "Duitsland",
        "德国",
        "ドイツ",
        "Германия",
    ] {
        is(name, "DE", "Germany", Kind::Country);
    }
    for name in
        ["usa", "United States", "Vereinigte Staaten", "États-Unis", "america", "Stati Uniti"]
    {
        is(name, "US", "United States", Kind::Country);
    }
    is("uk", "GB", "United Kingdom", Kind::Country);
    is("turkey", "TR", "Türkiye", Kind::Country);
    is("holland", "NL", "Netherlands", Kind::Country);
    is("hong kong", "HK", "Hong Kong", Kind::City);
    is("bavaria", "DE", "Bavaria", Kind::Region);
    is("Bayern", "DE", "Bavaria", Kind::Region);
    is("toscana", "IT", "Tuscany", Kind::Region);
    is("california", "US", "California", Kind::Region);
    is("georgia", "GE", "Georgia", Kind::Country);
}

#[test]
fn what_is_named_behind_chooses() {
    for text in ["Paris, Texas", "paris texas", "paris tx", "Paris, TX, USA", "paris us"] {
        assert_eq!(find(text)[0].country_code, "US", "{text}");
        assert_eq!(find(text)[0].place.region.as_ref().unwrap().english, "Texas", "{text}");
    }
    assert_eq!(find("lisbon, portugal")[0].country_code, "PT");
    assert_eq!(find("Frankfurt (Oder), Brandenburg")[0].country_code, "DE");
    assert_eq!(find("san jose costa rica")[0].country_code, "CR");
    assert_eq!(find("Kreuzberg, Berlin")[0].country_code, "DE");
    assert_eq!(find("london, ontario")[0].country_code, "CA");
    assert!(find("lisbon, japan").is_empty());
    assert!(find("").is_empty() && find(" , ").is_empty() && find("qqxzy").is_empty());
}

#[test]
fn the_best_known_place_comes_first() {
    for (name, country) in [
        ("florence", "IT"),
        ("naples", "IT"),
        ("athens", "GR"),
        ("rome", "IT"),
        ("boston", "US"),
        ("birmingham", "GB"),
        ("valencia", "ES"),
        ("barcelona", "ES"),
        ("córdoba", "AR"),
        ("sydney", "AU"),
        ("melbourne", "AU"),
        ("vienna", "AT"),
        ("geneva", "CH"),
        ("manchester", "GB"),
        ("halifax", "CA"),
        ("perth", "AU"),
        ("dublin", "IE"),
        ("berlin", "DE"),
        ("moscow", "RU"),
        ("st louis", "US"),
        ("odessa", "UA"),
        ("tripoli", "LY"),
    ] {
        assert_eq!(find(name)[0].country_code, country, "{name}");
    }
}

#[test]
fn radii_are_sensible() {
    let radius = |name: &str| find(name)[0].radius_km;
    assert!((10.0..40.0).contains(&radius("lisbon")), "{}", radius("lisbon"));
    assert!((5.0..8.0).contains(&radius("zermatt")), "{}", radius("zermatt"));
    assert!((150.0..600.0).contains(&radius("portugal")), "{}", radius("portugal"));
    assert!((80.0..250.0).contains(&radius("tuscany")), "{}", radius("tuscany"));
    let fiji = &find("fiji")[0];
    assert!(fiji.position.longitude.abs() > 170.0, "{fiji:?}");
}

#[test]
fn numbers_are_positions_and_words_are_places() {
    let position = |text: &str| match position_or_place(text) {
        Ok(Near::Position(Coordinates { latitude, longitude })) => (latitude, longitude),
        other => panic!("{text}: {other:?}"),
    };
    for text in [
        "38.7,-9.1",
        " 38.7 , -9.1 ",
        "38.7 -9.1",
        "38.7;-9.1",
        "38.7N,9.1W",
        "38.7° N, 9.1° W",
        "N38.7, W9.1",
        "+38.7,−9.1",
    ] {
        assert_eq!(position(text), (38.7, -9.1), "{text}");
    }
    assert_eq!(position("-33.9,151.2"), (-33.9, 151.2));
    assert_eq!(position("33.9S 151.2E"), (-33.9, 151.2));
    for text in ["91,0", "0,181", "-90.1,5"] {
        assert_eq!(position_or_place(text), Err(NearError::OutOfRange), "{text}");
    }
    for text in ["lisbon", "lisbon, portugal", "paris us"] {
        assert!(matches!(position_or_place(text), Ok(Near::Places(_))), "{text}");
    }
    for text in ["", ",", "inf,0", "qqxzy", "1,2,3", "N,E", "38.7"] {
        assert!(matches!(position_or_place(text), Err(NearError::Unknown(_))), "{text}");
    }
}
