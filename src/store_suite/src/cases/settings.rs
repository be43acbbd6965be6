//! What people chose.

use seer_store::Store;

use crate::Place;
use crate::compare::ok;
use crate::make::chosen;

fn told(store: &dyn Store, prefix: &str) -> Vec<(String, String)> {
    ok(store.settings(prefix)).into_iter().collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub fn settings_are_remembered_and_taken_back(place: &dyn Place) {
    let store = place.open();
    assert!(told(&*store, "").is_empty());
    ok(store.set_settings(&[]));
    ok(store.set_settings(&[chosen("text", Some("on"))]));
    let captions = ("captions", "a model, «élevé» 🐕");
    ok(store.set_settings(&[chosen("text", Some("off")), chosen(captions.0, Some(captions.1))]));
    ok(store.purge());
    drop(store);
    let store = place.open();
    assert_eq!(told(&*store, ""), pairs(&[captions, ("text", "off")]));
    ok(store.set_settings(&[
        chosen("captions", None),
        chosen("never", None),
        chosen("watch", Some("")),
    ]));
    assert_eq!(told(&*store, ""), pairs(&[("text", "off"), ("watch", "")]));
}

pub fn settings_are_found_by_how_their_names_begin(place: &dyn Place) {
    let store = place.open();
    let all = ["a", "z", "été/", "été/1", "été/2", "été0", "été\u{f8ff}"];
    ok(store.set_settings(&all.map(|name| chosen(name, Some(name)))));
    for prefix in ["", "a", "é", "été", "été/", "été/1", "été/1 ", "zz", "\u{10ffff}"] {
        let fits = all.into_iter().filter(|name| name.starts_with(prefix));
        let fits: Vec<(&str, &str)> = fits.map(|name| (name, name)).collect();
        assert_eq!(told(&*store, prefix), pairs(&fits), "{prefix:?}");
    }
}
