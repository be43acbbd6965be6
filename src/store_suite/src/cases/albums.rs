//! Queries under a name.

use seer_store::{Album, TimeOrder};

use crate::Place;
use crate::compare::ok;

fn album(name: &str, query: &str, order: Option<TimeOrder>) -> Album {
    Album { name: name.into(), query: query.into(), order, most: 60 }
}

pub fn albums_are_remembered_and_forgotten(place: &dyn Place) {
    let sea = album("sea", "the sea -fog more:3fa91c02", None);
    let dogs = album("Dogs & cats, 2019: «été» 🐕", "dogs", Some(TimeOrder::OldestFirst));
    let store = place.open();
    assert_eq!(ok(store.albums()), []);
    ok(store.put_album(&sea));
    ok(store.put_album(&dogs));
    assert_eq!(ok(store.albums()), [dogs.clone(), sea.clone()], "by the bytes of their names");

    let newest = Album { order: Some(TimeOrder::NewestFirst), most: 7, ..sea.clone() };
    ok(store.put_album(&newest));
    assert_eq!(ok(store.albums()), [dogs.clone(), newest.clone()], "one of a name");
    drop(store);
    let store = place.open();
    assert_eq!(ok(store.albums()), [dogs.clone(), newest], "opened again");

    ok(store.remove_album("Sea"));
    assert_eq!(ok(store.albums()).len(), 2, "names are exact");
    ok(store.remove_album("sea"));
    ok(store.remove_album("never there"));
    assert_eq!(ok(store.albums()), [dogs]);
}

pub fn albums_are_no_photos(place: &dyn Place) {
    let store = place.open();
    let before = ok(store.counts());
    ok(store.put_album(&album("all", "", None)));
    ok(store.purge());
    assert_eq!(ok(store.counts()), before);
    assert_eq!(ok(store.albums()).len(), 1, "a purge keeps them");
}
