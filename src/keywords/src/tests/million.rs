//! What counting costs in a library of a million photos. Run it with `--ignored --nocapture`.

use std::time::Instant;

use seer_store::{Facet, Grid};
use seer_types::{Coordinates, Place, PlaceName};

use super::*;

const PHOTOS: u32 = 1_000_000;
/// Records taken in at once.
const BATCH: u32 = 10_000;

fn facts(n: u32) -> PhotoFacts {
    let name = |english: String| Some(PlaceName { english, local: None });
    let place = Place {
        district: None,
        city: name(format!("Town {}", n % 3_000)),
        region: None,
        country: name(format!("Country {}", n % 100)),
    };
    let position = Coordinates {
        latitude: f64::from(n % 1_700) / 10.0 - 85.0,
        longitude: f64::from(n % 35_000) / 100.0 - 175.0,
    };
    PhotoFacts {
        format: "jpeg".into(),
        camera_make: Some("Canon".into()),
        camera_model: Some(format!("Canon {}", n % 40)),
        position: Some(position),
        place: Some(place),
        tags: vec![format!("tag {}", n % 20_000), format!("tag {}", n % 7)],
        people: vec![format!("Person {}", n % 500)],
        ..PhotoFacts::default()
    }
}

#[test]
#[ignore = "takes minutes: a million photos"]
fn a_million_photos_are_counted() {
    let (_folder, index) = new_index(&[]);
    for from in (0..PHOTOS).step_by(BATCH as usize) {
        let path = |n: u32| format!("/home/me/Pictures/{n}.jpg");
        let records: Vec<PhotoRecord> =
            (from..from + BATCH).map(|n| record(n, &[&path(n)], facts(n))).collect();
        update(&index, &records).unwrap();
    }
    index.commit(2).unwrap();
    let some = index.filter(&Filter::Tag("tag 3".into())).unwrap();
    for (what, within) in [("all", None), ("a seventh", Some(&some))] {
        let begun = Instant::now();
        let counts = index.facets(within).unwrap();
        let counted = begun.elapsed();
        let tags = counts.of(Facet::Tag);
        let sorted = begun.elapsed() - counted;
        let begun = Instant::now();
        let clusters = index.clusters(Grid::at_zoom(5), within).unwrap();
        println!(
            "{what}: {counted:?} to count, {sorted:?} to sort {} tags, {:?} for {} clusters",
            tags.len(),
            begun.elapsed(),
            clusters.len()
        );
    }
    assert_eq!(index.facets(None).unwrap().of(Facet::Person).len(), 500);
}
