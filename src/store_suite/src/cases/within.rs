//! A store of which some folders are seen, beside one that holds nothing else.

use std::sync::Arc;

use seer_store::{Album, Change, Grid, Part, Point, Store, Within};
use seer_types::{LibraryPath, PhotoRecord};

use super::{Both, paths_of};
use crate::compare::{
    check_cosines, check_nearest, check_refused, each_photo, files_under, found, ok,
};
use crate::make::{A, changes_of, chosen, failure, ids, link, path, photo, whole};
use crate::random::{DIM_A, Random, random_embedding, random_filter, random_library};
use crate::{Place, PlainStore};

/// A plain store with the photos that have a file in these folders, each with its files there alone.
fn alone(plain: &PlainStore, folders: &[LibraryPath]) -> PlainStore {
    let alone = PlainStore::new();
    for mut record in each_photo(plain) {
        record
            .files
            .retain(|file| folders.iter().any(|folder| file.path.as_path().starts_with(folder)));
        if !record.files.is_empty() {
            let points = ok(plain.points(A, record.id));
            let changes: Vec<Change> = changes_of(&record, points);
            ok(alone.apply(&changes));
        }
    }
    alone
}

/// Whatever is asked, it is as if nothing else were there.
pub fn some_folders_are_a_library_of_their_own(place: &dyn Place) {
    const SEED: u64 = 29;
    let random = &mut Random::new(SEED);
    let both = Both::new(place);
    for batch in random_library(300, random).batches {
        assert!(both.apply(&batch, "a random library"));
    }
    let folders = [path("/mnt"), path("/home/me/Pictures/#7"), path("/nowhere")];
    let plain = alone(&both.plain, &folders);
    let store = Within::new(Arc::from(both.store), folders.into());

    let whole = each_photo(&both.plain);
    let plainly = |records: Vec<PhotoRecord>| -> Vec<PhotoRecord> {
        records.into_iter().map(|record| PhotoRecord { added: 0, ..record }).collect()
    };
    let records = plainly(each_photo(&store));
    assert_eq!(records, plainly(each_photo(&plain)));
    assert!(records.len() > 30 && records.len() < whole.len() / 2, "{} photos", records.len());
    let several =
        |records: &[PhotoRecord]| records.iter().map(|record| record.files.len()).sum::<usize>();
    assert!(several(&records) < several(&whole));

    let all: Vec<_> = whole.iter().map(|record| record.id).collect();
    let seen = plainly(ok(store.photos(&all)).into_iter().flatten().collect());
    assert_eq!(seen, records);
    assert_eq!(ok(store.counts()), ok(plain.counts()));
    assert_eq!(ok(store.photo_count()), records.len() as u64);
    assert_eq!(files_under(&store, &path("/")), files_under(&plain, &path("/")));
    assert_eq!(ok(store.facets(None)), ok(plain.facets(None)));
    assert_eq!(ok(store.day_counts(None)), ok(plain.day_counts(None)));
    let grid = Grid::at_zoom(3);
    assert_eq!(ok(store.clusters(grid, None)), ok(plain.clusters(grid, None)));
    for id in &all {
        assert_eq!(ok(store.points(A, *id)), ok(plain.points(A, *id)));
        let start = &id.to_string()[..8];
        assert_eq!(ok(store.resolve_prefix(start)), ok(plain.resolve_prefix(start)));
    }
    let mut total = 0;
    let mut filters = Vec::new();
    for round in 0..400 {
        let told = format!("seed {SEED}, round {round}");
        let filter = random_filter(3, random);
        let right = found(&plain, &filter);
        assert_eq!(found(&store, &filter), right, "{filter:?}, {told}");
        total += right.len();
        if round % 4 == 0 {
            let query = random_embedding(A, DIM_A, random);
            let filter = (round % 8 == 0).then_some(&filter);
            check_nearest(&store, &plain, &query, 1 + random.below(40) as usize, filter, &told);
            check_cosines(&store, &plain, &query, &right, &told);
        }
        filters.push(filter);
    }
    assert!(total > 2000, "the filters allow too little to say anything: {total}");
    assert_eq!(ok(store.allows_any(&filters)), ok(plain.allows_any(&filters)));
}

/// Folders, failures and the rest are told as far as they lie there; nothing is written.
pub fn of_the_rest_little_is_told_from_some_folders(place: &dyn Place) {
    let store = place.open();
    let photos =
        [photo(1, "/a/mine/1.jpg", whole(&[1.0, 0.0])), photo(2, "/a/2.jpg", whole(&[0.0, 1.0]))];
    ok(store.apply(&photos));
    ok(store.apply(&[
        link(2, "/a/minely/2.jpg"),
        Change::Failed(failure("/a/mine/3.jpg", "it broke")),
        Change::Failed(failure("/a/4.jpg", "it broke")),
    ]));
    for root in ["/a", "/a/mine/new", "/b"] {
        ok(store.add_root(&path(root)));
    }
    ok(store.set_excludes(&path("/a"), &["private".to_owned()]));
    ok(store.set_settings(&[chosen("token:grandma", Some("a hash"))]));
    let (name, query) = ("kept".into(), "a secret".into());
    ok(store.put_album(&Album { name, query, order: None, most: 60 }));
    let within = Within::new(Arc::from(store), Arc::from([path("/a/mine")]));
    assert_eq!(ok(within.roots()), [path("/a/mine"), path("/a/mine/new")]);
    let failures: Vec<String> =
        ok(within.failures()).iter().map(|one| one.path.to_text()).collect();
    assert_eq!(failures, ["/a/mine/3.jpg"]);
    let photos = ok(within.photos(&ids(1..3)));
    assert_eq!(paths_of(photos[0].as_ref().expect("its own photo")), ["/a/mine/1.jpg"]);
    assert!(photos[1].is_none(), "a name that begins alike is another folder");
    assert!(ok(within.albums()).is_empty() && ok(within.settings("")).is_empty());
    assert!(ok(within.excludes(&path("/a"))).is_empty());
    assert!(ok(within.spaces()).iter().all(|space| space.photos <= 1));

    let point = Point { part: Part(0), ..whole(&[1.0, 0.0]).remove(0) };
    check_refused(within.apply(&[photo(9, "/a/mine/9.jpg", vec![point])]), "a photo");
    check_refused(within.add_root(&path("/c")), "a folder");
    check_refused(within.set_settings(&[chosen("token:me", Some("a hash"))]), "a setting");
    check_refused(within.remove_album("kept"), "an album");
    check_refused(within.purge(), "purging");
    check_refused(within.backup(&mut Vec::new()), "a backup");
    check_refused(within.each_point(A, &mut |_, _| Ok(())), "all points");
}
