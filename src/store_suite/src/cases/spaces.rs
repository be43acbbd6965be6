//! The spaces of models.

use seer_store::SpaceEntry;
use seer_types::{IndexKind, ModelFingerprint};

use crate::Place;
use crate::compare::{check_refused, each_point, ok};
use crate::make::{A, B, embedding, id, photo, point, unlink, whole};

fn entry(model: ModelFingerprint, name: &str, dim: usize, photos: u64) -> SpaceEntry {
    SpaceEntry { model, name: name.into(), dim, photos, index: IndexKind::Auto }
}

/// A space has its name, its length and the number of its photos.
pub fn a_space_is_added_and_filled(place: &dyn Place) {
    let store = place.open();
    ok(store.add_space(A, "a", 2));
    assert_eq!(ok(store.spaces()), [entry(A, "a", 2, 0)]);
    assert_eq!(ok(store.current_space()), None);
    ok(store.apply(&[
        photo(1, "/p/a.jpg", vec![point(A, 0, &[1.0, 0.0]), point(A, 1, &[0.0, 1.0])]),
        photo(2, "/p/b.jpg", whole(&[1.0, 0.0])),
        photo(3, "/p/c.jpg", vec![point(B, 0, &[1.0])]),
        unlink("/p/b.jpg"),
    ]));
    let right = [entry(B, "", 0, 1), entry(A, "a", 2, 2)];
    assert_eq!(ok(store.spaces()), right, "by model, also those where only points came");
    let searchable = |model| ok(store.report(model)).searchable;
    assert_eq!((searchable(A), searchable(B)), (1, 1));
    assert_eq!(searchable(ModelFingerprint([1; 16])), 0);
    let bytes = |model| ok(store.bytes_of(model));
    assert!(bytes(A) > 0 && bytes(B) > 0);
    assert_eq!(bytes(ModelFingerprint([1; 16])), 0);
    ok(store.add_space(B, "b", 1));
    ok(store.add_space(A, "renamed", 2));
    assert_eq!(ok(store.spaces()), [entry(B, "b", 1, 1), entry(A, "renamed", 2, 2)]);
}

/// A space has one length for ever.
pub fn another_length_is_refused(place: &dyn Place) {
    let store = place.open();
    ok(store.add_space(A, "a", 2));
    check_refused(store.add_space(A, "b", 3), "another length");
    assert_eq!(ok(store.spaces()), [entry(A, "a", 2, 0)]);
    check_refused(store.apply(&[photo(1, "/p/a.jpg", whole(&[1.0; 3]))]), "a long point");
    ok(store.delete_space(A));
    ok(store.add_space(A, "b", 3));
    ok(store.apply(&[photo(1, "/p/a.jpg", whole(&[1.0; 3]))]));
}

/// Only a space that was added can be used, and it is used until another one is or it goes.
pub fn one_space_is_in_use(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[photo(1, "/p/a.jpg", whole(&[1.0, 0.0]))]));
    check_refused(store.use_space(A), "a space where only points came");
    check_refused(store.use_space(B), "an unknown space");
    ok(store.add_space(A, "a", 2));
    ok(store.add_space(B, "b", 3));
    assert_eq!(ok(store.current_space()), None);
    for model in [A, B, B, A] {
        ok(store.use_space(model));
        assert_eq!(ok(store.current_space()), Some(model));
    }
    ok(store.delete_space(B));
    assert_eq!(ok(store.current_space()), Some(A));
    ok(store.delete_space(A));
    assert_eq!(ok(store.current_space()), None);
}

/// A deleted space takes its points with it, and nothing else.
pub fn a_deleted_space_is_gone(place: &dyn Place) {
    let store = place.open();
    ok(store.delete_space(A));
    ok(store.add_space(A, "a", 2));
    ok(store.set_index(A, IndexKind::Exact));
    let points = vec![point(A, 0, &[1.0, 0.0]), point(B, 0, &[1.0])];
    ok(store.apply(&[photo(1, "/p/a.jpg", points)]));
    ok(store.delete_space(A));
    assert_eq!(ok(store.spaces()), [entry(B, "", 0, 1)]);
    assert_eq!((ok(store.report(A)).searchable, ok(store.points(A, id(1)))), (0, vec![]));
    assert!(each_point(&*store, A).is_empty());
    let query = embedding(A, &[1.0, 0.0]);
    assert!(ok(store.nearest(&query, 9, None)).neighbours.is_empty());
    assert_eq!(ok(store.cosines(&query, &[id(1)])), [None]);
    assert_eq!(ok(store.newest(9, None)), [id(1)]);
    // It comes back empty, with the choices that every new space has.
    ok(store.add_space(A, "again", 2));
    assert_eq!(ok(store.spaces())[1], entry(A, "again", 2, 0));
    ok(store.apply(&[photo(2, "/p/b.jpg", whole(&[0.0, 1.0]))]));
    assert_eq!(ok(store.nearest(&query, 9, None)).neighbours.len(), 1);
    ok(store.delete_space(B));
    assert_eq!(ok(store.spaces()).len(), 1);
}

/// How vectors are indexed is remembered for each space that was added.
pub fn the_kind_of_index_is_remembered(place: &dyn Place) {
    let store = place.open();
    check_refused(store.set_index(A, IndexKind::Hnsw), "an index of an unknown space");
    ok(store.open_space(A));
    ok(store.apply(&[photo(1, "/p/a.jpg", whole(&[1.0, 0.0]))]));
    check_refused(store.set_index(A, IndexKind::Exact), "an index where only points came");
    ok(store.open_space(A));
    ok(store.add_space(A, "a", 2));
    ok(store.add_space(B, "b", 2));
    for kind in IndexKind::ALL {
        ok(store.set_index(A, kind));
        let kinds: Vec<IndexKind> = ok(store.spaces()).iter().map(|space| space.index).collect();
        assert_eq!(kinds, [IndexKind::Auto, kind]);
        ok(store.open_space(A));
    }
    ok(store.set_index(A, IndexKind::Lists));
    ok(store.add_space(A, "renamed", 2));
    assert_eq!(ok(store.spaces())[1].index, IndexKind::Lists);
}
