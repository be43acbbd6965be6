//! How many photos have which values, and where they were taken.

use std::collections::{BTreeMap, BTreeSet};

use seer_store::fold::fold;
use seer_store::{Bounds, Cluster, Facet, FacetCounts, Filter, Grid, Store};
use seer_types::{PhotoFacts, PhotoId, PhotoRecord};

use super::{Both, with};
use crate::Place;
use crate::by_record;
use crate::compare::{each_photo, ok};
use crate::make::{id, place, record, unlink};
use crate::random::{Random, random_filter, random_library};

fn tagged(n: u32, paths: &[&str], tags: &[&str]) -> PhotoRecord {
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    record(n, paths, PhotoFacts { tags, format: "png".into(), ..PhotoFacts::default() })
}

fn facets(store: &dyn Store, filter: Option<&Filter>) -> FacetCounts {
    let allowed = filter.map(|filter| ok(store.allow(filter)));
    ok(store.facets(allowed.as_ref()))
}

fn clusters(store: &dyn Store, grid: Grid, filter: Option<&Filter>) -> Vec<Cluster> {
    let allowed = filter.map(|filter| ok(store.allow(filter)));
    ok(store.clusters(grid, allowed.as_ref()))
}

fn tags(store: &dyn Store, filter: Option<&Filter>) -> Vec<(String, u64)> {
    let values = facets(store, filter).of(Facet::Tag).into_iter();
    values.map(|one| (one.value, one.photos)).collect()
}

/// However many files it has, and however often it says it; one without files for none.
pub fn a_photo_counts_once_for_each_value(place: &dyn Place) {
    let records = [
        tagged(1, &["/p/1.png", "/p/copy.png"], &["sea", "Sea", "beach"]),
        tagged(2, &["/p/2.png"], &["Sea"]),
        tagged(3, &["/p/3.png"], &["Sea", "dog"]),
        tagged(4, &["/p/4.png"], &["cat"]),
        tagged(5, &["/p/5.png"], &[]),
    ];
    let store = with(place, &records);
    ok(store.apply(&[unlink("/p/4.png")]));
    let named = |found: &[(&str, u64)]| -> Vec<(String, u64)> {
        found.iter().map(|(name, photos)| ((*name).to_owned(), *photos)).collect()
    };
    assert_eq!(tags(&*store, None), named(&[("Sea", 3), ("beach", 1), ("dog", 1)]));
    let of_first = Filter::Tag("beach".into());
    assert_eq!(tags(&*store, Some(&of_first)), named(&[("beach", 1), ("sea", 1)]));
    assert_eq!(tags(&*store, Some(&Filter::Any(vec![]))), []);
    let formats = facets(&*store, None).of(Facet::Format);
    assert_eq!((formats.len(), formats[0].value.as_str(), formats[0].photos), (1, "png", 4));
    ok(store.apply(&crate::make::changes(&tagged(2, &["/p/2.png"], &["dog"]))));
    // Of two spellings that are equally common the one that is sorted first.
    assert_eq!(tags(&*store, None), named(&[("Sea", 2), ("dog", 2), ("beach", 1)]));
}

/// A second definition: every record by itself.
fn counted(records: &[PhotoRecord], filter: Option<&Filter>) -> BTreeMap<(Facet, String), u64> {
    let mut counts = BTreeMap::new();
    for record in records {
        let is_allowed = filter.is_none_or(|filter| by_record::meets(record, filter));
        if record.files.is_empty() || !is_allowed {
            continue;
        }
        let values: BTreeSet<(Facet, String)> = by_record::values(record)
            .into_iter()
            .map(|(facet, value)| (facet, fold(&value)))
            .collect();
        values.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
    }
    counts
}

fn by_key(counts: &FacetCounts) -> BTreeMap<(Facet, String), u64> {
    let of = |facet: Facet| {
        let values = counts.of(facet).into_iter();
        values.map(move |one| ((facet, fold(&one.value)), one.photos))
    };
    Facet::ALL.into_iter().flat_map(of).collect()
}

/// Random libraries under random filters.
pub fn values_are_counted_as_their_records_say(place: &dyn Place) {
    const SEED: u64 = 43;
    let random = &mut Random::new(SEED);
    let both = filled(place, random);
    let records = each_photo(&both.plain);
    let mut total = 0;
    for round in 0..200 {
        let filter = (round > 0).then(|| random_filter(2, random));
        let told = format!("{filter:?}, seed {SEED}, round {round}");
        let found = facets(&*both.store, filter.as_ref());
        assert_eq!(found, facets(&both.plain, filter.as_ref()), "{told}");
        let right = counted(&records, filter.as_ref());
        assert_eq!(by_key(&found), right, "{told}");
        total += right.values().sum::<u64>();
    }
    assert!(total > 20_000, "there is too little to say anything: {total}");
}

fn filled(place: &dyn Place, random: &mut Random) -> Both {
    let both = Both::new(place);
    for batch in random_library(300, random).batches {
        assert!(both.apply(&batch, "a random library"));
    }
    both
}

fn at(n: u32, latitude: f64, longitude: f64) -> PhotoRecord {
    let position = Some(place(latitude, longitude));
    let facts = PhotoFacts { position, ..PhotoFacts::default() };
    record(n, &[&format!("/p/{n}.jpg"), &format!("/p/copy of {n}.jpg")], facts)
}

/// The largest first; photos without a position, or without a file, are in none.
pub fn photos_of_a_cell_are_one_cluster(place: &dyn Place) {
    let records = [
        at(5, 48.0, 11.0),
        at(3, 50.0, 12.0),
        at(1, -30.0, 150.0),
        at(2, 48.0, -10.0),
        at(4, 95.0, 0.0),
        tagged(6, &["/p/6.png"], &[]),
        at(7, -30.0, 150.0),
    ];
    let store = with(place, &records);
    ok(store.apply(&[unlink("/p/7.jpg"), unlink("/p/copy of 7.jpg")]));
    let found = clusters(&*store, Grid::at_zoom(2), None);
    let short = |cluster: &Cluster| (cluster.photos, cluster.photo);
    let right: Vec<(u64, PhotoId)> = vec![(2, id(3)), (1, id(1)), (1, id(2))];
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), right);
    assert_eq!(found[0].center, crate::make::place(49.0, 11.5));
    assert_eq!(found[0].bounds, Bounds { south: 48.0, west: 11.0, north: 50.0, east: 12.0 });
    let alps = Filter::Inside(Bounds { south: 45.0, west: 5.0, north: 49.0, east: 15.0 });
    let found = clusters(&*store, Grid::at_zoom(2), Some(&alps));
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), [(1, id(5))]);
}

/// As many photos as have a position there, in as many cells as they lie in, whatever the grid.
pub fn clusters_are_those_of_their_records(place: &dyn Place) {
    const SEED: u64 = 47;
    let random = &mut Random::new(SEED);
    let both = filled(place, random);
    let records = each_photo(&both.plain);
    for round in 0..100 {
        let zoom = (round % 12) as u8;
        let filter = (round > 11).then(|| random_filter(2, random));
        let told = format!("{filter:?}, zoom {zoom}, seed {SEED}, round {round}");
        let found = clusters(&*both.store, Grid::at_zoom(zoom), filter.as_ref());
        assert_eq!(found, clusters(&both.plain, Grid::at_zoom(zoom), filter.as_ref()), "{told}");
        let is_there = |record: &&PhotoRecord| {
            let place = record.facts.position;
            let is_place =
                place.is_some_and(|at| at.latitude.abs() <= 90.0 && at.longitude.abs() <= 180.0);
            let is_allowed = filter.as_ref().is_none_or(|filter| by_record::meets(record, filter));
            !record.files.is_empty() && is_place && is_allowed
        };
        let right = records.iter().filter(is_there).count() as u64;
        assert_eq!(found.iter().map(|one| one.photos).sum::<u64>(), right, "{told}");
        for cluster in found {
            let (Bounds { south, west, north, east }, cell) =
                (cluster.bounds, Grid::at_zoom(zoom).cell());
            assert!(north - south <= cell && east - west <= cell, "{cluster:?}, {told}");
            let Bounds { south, west, .. } = cluster.bounds;
            let center = cluster.center;
            let slack = 1e-6;
            assert!(center.latitude >= south - slack && center.longitude >= west - slack, "{told}");
        }
    }
}
