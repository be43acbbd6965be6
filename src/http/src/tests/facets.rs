//! What photos are counted by, and where they were taken.

use seer_engine::Change;
use seer_types::{Coordinates, FileStamp, LibraryPath, PhotoFacts, PhotoFile, PhotoId};

use super::harness::{Server, Wanted};
use crate::wire::{Facets, OnMap};

const OTHERS: &str = "X-Forwarded-For: 10.0.0.9\r\n";

/// Adds photos of people at places.
fn add(server: &Server, photos: &[(&str, f64, f64)]) {
    let change = |(n, (person, latitude, longitude)): (usize, &(&str, f64, f64))| {
        let n = n as u8 + 1;
        let facts = PhotoFacts {
            format: "jpeg".into(),
            people: vec![(*person).to_owned()],
            position: Some(Coordinates { latitude: *latitude, longitude: *longitude }),
            ..PhotoFacts::default()
        };
        let path = LibraryPath::new(format!("/p/{n}.jpg"));
        let file = PhotoFile { path, root: LibraryPath::new("/p"), stamp: FileStamp::new(1, 1) };
        let facts = seer_engine::with_place(facts);
        Change::Photo { id: PhotoId([n; 32]), size: 1, facts, file, points: vec![] }
    };
    let changes: Vec<Change> = photos.iter().enumerate().map(change).collect();
    server.library.apply(changes).unwrap();
}

const PHOTOS: [(&str, f64, f64); 4] =
    [("Ann", 38.71, -9.13), ("Ann", 38.72, -9.14), ("Bob", 48.14, 11.58), ("Ann", -17.8, -179.9)];

fn facets(server: &Server, address: &str) -> Facets {
    serde_json::from_slice(&server.get(&format!("/api/facets{address}")).body).unwrap()
}

fn places(server: &Server, address: &str) -> OnMap {
    serde_json::from_slice(&server.get(&format!("/api/places{address}")).body).unwrap()
}

#[test]
fn values_come_with_counts_and_filters() {
    let server = Server::with(Wanted { pictures: false, ..Wanted::default() });
    add(&server, &PHOTOS);
    let all = facets(&server, "");
    let people: Vec<(&str, Option<u64>, Option<&str>)> = all
        .people
        .values
        .iter()
        .map(|one| (one.value.as_str(), one.photos, one.filter.as_deref()))
        .collect();
    assert_eq!(
        people,
        [("Ann", Some(3), Some("person:Ann")), ("Bob", Some(1), Some("person:Bob"))]
    );
    assert_eq!((all.photos, all.people.different), (4, 2));
    assert_eq!(all.cities.values[0].value, "Lisbon, Portugal");
    let bob = facets(&server, "?q=person:bob+at+night&most=1");
    assert_eq!((bob.photos, bob.cities.values[0].value.as_str()), (1, "Munich, Germany"));
    let asked = |facets: &Facets| facets.people.values[0].asked.clone();
    assert_eq!(asked(&bob), None, "person:bob is written otherwise than person:Bob");
    assert_eq!(asked(&facets(&server, "?q=person:%22Bob%22")), Some("person:\"Bob\"".into()));
    let found = facets(&server, "?find=li");
    assert_eq!((found.photos, found.cities.different, found.people.different), (4, 1, 0));
    let lisbon = facets(&server, "?q=place:%22Lisbon,+Portugal%22");
    assert_eq!((lisbon.photos, lisbon.cities.values[0].asked.is_some()), (2, true));
}

#[test]
fn photos_are_put_together_on_a_map() {
    let server = Server::with(Wanted { pictures: false, ..Wanted::default() });
    add(&server, &PHOTOS);
    let world = places(&server, "?zoom=2");
    assert_eq!((world.photos, world.zoom, world.clusters.len()), (4, 2, 3));
    let lisbon = &world.clusters[0];
    assert_eq!((lisbon.photos, lisbon.photo), (2, PhotoId([1; 32])));
    assert_eq!(lisbon.name.as_deref(), Some("Lisbon, Portugal"));
    assert_eq!(lisbon.bounds, [38.71, -9.14, 38.72, -9.13]);
    assert!((lisbon.center.latitude - 38.715).abs() < 2e-6);
    // A box across the date line.
    let fiji = places(&server, "?box=-20,170,-10,-170&zoom=6");
    assert_eq!((fiji.photos, fiji.clusters.len()), (1, 1));
    assert_eq!(places(&server, "?box=-20,170,-10,-170&q=person:bob").photos, 0);
    let found = server.get("/api/search?q=box:-20,170,-10,-170").body;
    assert_eq!(String::from_utf8(found).unwrap().matches("\"path\":").count(), 1);
    for (address, code) in [
        ("?box=1,2,3", "bad_request"),
        ("?box=2,0,1,0", "bad_request"),
        ("?zoom=x", "bad_request"),
        ("?limit=3", "bad_request"),
        ("?zoom=23", "out_of_range"),
        ("?zoom=9", "out_of_range"),
        ("?q=camra:x", "bad_query"),
    ] {
        assert_eq!(server.get(&format!("/api/places{address}")).error_code(), code, "{address}");
    }
    for (address, code) in
        [("?most=0", "out_of_range"), ("?most=101", "out_of_range"), ("?q=camra:x", "bad_query")]
    {
        assert_eq!(server.get(&format!("/api/facets{address}")).error_code(), code, "{address}");
    }
    let long = format!("/api/facets?q={}", "x".repeat(2001));
    assert_eq!(server.get(&long).error_code(), "too_large");
}

#[test]
fn who_is_not_told_positions_gets_no_places() {
    let server =
        Server::with(Wanted { pictures: false, strip_metadata: true, ..Wanted::default() });
    add(&server, &PHOTOS);
    let ask = |path: &str| server.send_with_token(&format!("GET {path}"), OTHERS, b"");
    for (name, query) in [("home", "dogs near:48.86,2.35"), ("dogs", "dogs")] {
        let album = format!(r#"{{"name": "{name}", "query": "{query}"}}"#);
        let album: crate::wire::Album = serde_json::from_str(&album).unwrap();
        server.library.save_album(album.into()).unwrap();
    }
    assert_eq!(ask("/api/places").error_code(), "not_shared");
    assert_eq!(ask("/api/facets?q=box:0,0,1,1").error_code(), "not_shared");
    assert_eq!(ask("/api/search?q=box:0,0,1,1").error_code(), "not_shared");
    let found: Facets = serde_json::from_slice(&ask("/api/facets").body).unwrap();
    assert_eq!((found.photos, found.cities.different, found.countries.values.len()), (4, 0, 0));
    assert_eq!((found.people.different, found.albums.different), (2, 1));
}
