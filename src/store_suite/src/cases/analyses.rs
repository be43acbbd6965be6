//! What has been computed for which photo.

use seer_store::{Analysis, Change, Store};

use crate::Place;
use crate::compare::ok;
use crate::make::{A, B, id, ids, link, photo, point, unlink, whole};

fn named(name: &str, version: u32) -> Analysis {
    Analysis::Named { name: name.into(), version }
}

fn note(store: &dyn Store, n: u32, name: &str, version: u32) {
    ok(store.apply(&[Change::Analysed { id: id(n), analysis: named(name, version) }]));
}

fn done(store: &dyn Store, name: &str, version: u32) -> Vec<bool> {
    ok(store.analysed(&named(name, version), &ids([1, 2, 9])))
}

fn two_photos(place: &dyn Place) -> Box<dyn Store> {
    let store = place.open();
    ok(store.apply(&[photo(1, "/p/a.jpg", whole(&[1.0, 0.0])), photo(2, "/p/b.jpg", vec![])]));
    store
}

/// Done with a version is done with all earlier ones; what is noted last counts.
pub fn a_later_version_asks_for_it_again(place: &dyn Place) {
    let store = two_photos(place);
    assert_eq!(done(&*store, "text", 0), [false; 3]);
    note(&*store, 1, "text", 3);
    assert_eq!(done(&*store, "text", 3), [true, false, false]);
    assert_eq!(done(&*store, "text", 0), [true, false, false]);
    assert_eq!(done(&*store, "text", 4), [false; 3]);
    assert_eq!(
        (done(&*store, "tex", 1), done(&*store, "text2", 1)),
        (vec![false; 3], vec![false; 3])
    );
    note(&*store, 1, "text", u32::MAX);
    assert_eq!(done(&*store, "text", u32::MAX), [true, false, false]);
    note(&*store, 1, "text", 0);
    assert_eq!(done(&*store, "text", 1), [false; 3]);
    assert_eq!(done(&*store, "text", 0), [true, false, false]);
}

/// An embedding is done where there is a point, and nothing can be noted of it.
pub fn embeddings_are_done_by_their_points(place: &dyn Place) {
    let store = two_photos(place);
    let done = |model| ok(store.analysed(&Analysis::Embedding(model), &ids([1, 2, 9])));
    assert_eq!(done(A), [true, false, false]);
    let pretended = Change::Analysed { id: id(2), analysis: Analysis::Embedding(A) };
    ok(store.apply(&[pretended]));
    assert_eq!((done(A), done(B)), (vec![true, false, false], vec![false; 3]));
    ok(store.apply(&[Change::Points { id: id(2), points: vec![point(B, 5, &[1.0])] }]));
    assert_eq!((done(A), done(B)), (vec![true, false, false], vec![false, true, false]));
    ok(store.delete_space(A));
    assert_eq!((done(A), done(B)), (vec![false; 3], vec![false, true, false]));
    assert_eq!(ok(store.lacking(&Analysis::Embedding(A), None, 9)), ids([1, 2]));
}

/// What was noted stays when the photo is read again or loses its files for a while.
pub fn notes_stay_with_the_photo(place: &dyn Place) {
    let store = two_photos(place);
    note(&*store, 1, "text", 1);
    ok(store.apply(&[photo(1, "/p/a.jpg", vec![]), unlink("/p/a.jpg")]));
    assert_eq!(done(&*store, "text", 1), [true, false, false]);
    ok(store.apply(&[link(1, "/p/c.jpg")]));
    assert_eq!(done(&*store, "text", 1), [true, false, false]);
}

/// Photos with a file that lack an analysis, by id, in pages.
pub fn lacking_photos_come_in_pages(place: &dyn Place) {
    let store = place.open();
    for n in [6, 2, 9, 4, 1, 7] {
        let points = if n % 2 == 0 { vec![] } else { whole(&[1.0, 0.0]) };
        ok(store.apply(&[photo(n, &format!("/p/{n}.jpg"), points)]));
    }
    ok(store.apply(&[unlink("/p/6.jpg"), unlink("/p/7.jpg")]));
    note(&*store, 2, "text", 2);
    note(&*store, 9, "text", 1);
    let text = |after: Option<u32>, most| ok(store.lacking(&named("text", 2), after.map(id), most));
    assert_eq!(text(None, 99), ids([1, 4, 9]));
    assert_eq!((text(None, 2), text(Some(4), 2)), (ids([1, 4]), ids([9])));
    assert_eq!(
        (text(Some(3), 9), text(Some(9), 9), text(None, 0)),
        (ids([4, 9]), ids([]), ids([]))
    );
    assert_eq!(ok(store.lacking(&named("text", 1), None, 9)), ids([1, 4]));
    let embedding = |model| ok(store.lacking(&Analysis::Embedding(model), None, usize::MAX));
    assert_eq!((embedding(A), embedding(B)), (ids([2, 4]), ids([1, 2, 4, 9])));
}

/// Names are told apart byte by byte; they may be long and of any script.
pub fn names_are_exact(place: &dyn Place) {
    let store = two_photos(place);
    let long = "é".repeat(50);
    for name in ["Text", "text ", "классы", "%", long.as_str()] {
        note(&*store, 1, name, 1);
        assert_eq!(done(&*store, name, 1), [true, false, false], "{name}");
    }
    for name in ["text", "TEXT", "_", "класс", &long[..98]] {
        assert_eq!(done(&*store, name, 0), [false; 3], "{name}");
    }
}
