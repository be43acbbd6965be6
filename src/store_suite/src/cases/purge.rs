//! Letting go of photos without files.

use seer_store::{Analysis, Change, Store};
use seer_types::PhotoFacts;

use super::record_of;
use crate::Place;
use crate::compare::{check_refused, each_photo, each_point, ok};
use crate::make::{A, changes_of, class, id, ids, link, photo, record, unlink, whole};

fn text() -> Analysis {
    Analysis::Named { name: "text".into(), version: 1 }
}

fn three(store: &dyn Store) {
    for n in 1..4 {
        let facts = PhotoFacts {
            caption: Some("secret".into()),
            classes: vec![class("dog", 0.5)],
            ..PhotoFacts::default()
        };
        let record = record(n, &[&format!("/p/{n}.jpg")], facts);
        ok(store.apply(&changes_of(&record, whole(&[1.0, n as f32]))));
        ok(store.apply(&[Change::Analysed { id: id(n), analysis: text() }]));
    }
}

/// Nothing remains of a purged photo, and all of the others.
pub fn purged_photos_are_gone(place: &dyn Place) {
    let store = place.open();
    three(&*store);
    ok(store.apply(&[unlink("/p/1.jpg"), unlink("/p/3.jpg")]));
    assert_eq!(ok(store.purge()), 2);
    assert_eq!(ok(store.purge()), 0);
    assert_eq!(ok(store.photos(&ids([1, 3]))), [None, None]);
    let left = |ids: Vec<seer_types::PhotoId>| assert_eq!(ids, [id(2)]);
    left(each_photo(&*store).iter().map(|record| record.id).collect());
    left(each_point(&*store, A).iter().map(|(id, _)| *id).collect());
    left(ok(store.resolve_prefix("")));
    assert_eq!(ok(store.analysed(&text(), &ids([1, 2, 3]))), [false, true, false]);
    assert_eq!(ok(store.points(A, id(1))), []);
    let query = whole(&[1.0, 0.0]).remove(0).embedding;
    assert_eq!(ok(store.cosines(&query, &ids([1])))[0], None);
    assert_eq!((ok(store.spaces())[0].photos, ok(store.report(A)).searchable), (1, 1));
    assert_eq!(ok(store.having(&["secret".into()], None, 9)).counts, [1]);
    assert_eq!(ok(store.showing(&["dog".into()], None, 9)).len(), 1);
    check_refused(store.apply(&[link(1, "/p/1.jpg")]), "a link to a purged photo");
}

/// A purged photo that comes back is a new one.
pub fn a_purged_photo_comes_back_as_a_new_one(place: &dyn Place) {
    let store = place.open();
    three(&*store);
    ok(store.apply(&[unlink("/p/1.jpg")]));
    assert_eq!(ok(store.purge()), 1);
    ok(store.apply(&[photo(1, "/q/1.jpg", vec![])]));
    let record = record_of(&*store, id(1));
    assert_eq!((record.facts, record.files.len()), (PhotoFacts::default(), 1));
    assert_eq!(ok(store.analysed(&text(), &ids([1]))), [false]);
    assert_eq!((ok(store.points(A, id(1))), ok(store.report(A)).searchable), (vec![], 2));
}
