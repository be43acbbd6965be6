//! Indexed folders and the devices they lie on.

use seer_types::{Device, DevicePlace};

use crate::Place;
use crate::compare::ok;
use crate::make::{path, photo};

fn on(text: &str, number: u64) -> DevicePlace {
    let device = Device { number, file_system: u64::MAX - number };
    DevicePlace { path: path(text), device, linked: number.is_multiple_of(2) }
}

/// Roots come by the bytes of their paths, each once.
pub fn roots_are_remembered_and_forgotten(place: &dyn Place) {
    let store = place.open();
    for root in ["/p/b", "/p/a/c", "/p/a-c", "/p/a", "/p/b", "/"] {
        ok(store.add_root(&path(root)));
    }
    ok(store.apply(&[photo(1, "/p/a/1.jpg", vec![])]));
    let roots = || -> Vec<String> { ok(store.roots()).iter().map(ToString::to_string).collect() };
    assert_eq!(roots(), ["/", "/p/a", "/p/a-c", "/p/a/c", "/p/b"]);
    ok(store.remove_root(&path("/p/a")));
    ok(store.remove_root(&path("/p/unknown")));
    assert_eq!(roots(), ["/", "/p/a-c", "/p/a/c", "/p/b"]);
    assert_eq!(ok(store.counts()).files, 1, "its files stay");
}

/// What a root leaves out is what was told last, whatever is told of its devices.
pub fn excludes_are_remembered(place: &dyn Place) {
    let root = path("/p/a");
    let told = ["private".to_owned(), "**/raw/*.tif".to_owned(), "ünï \"q\" \\".to_owned()];
    {
        let store = place.open();
        assert_eq!(ok(store.excludes(&root)), [""; 0]);
        ok(store.set_excludes(&root, &told));
        assert_eq!(ok(store.roots()), std::slice::from_ref(&root), "telling them adds the root");
        ok(store.set_places(&root, &[on("/p/a", 1)]));
        ok(store.add_root(&root));
        assert_eq!(ok(store.excludes(&root)), told, "in the order in which they were told");
        ok(store.set_excludes(&root, &told[..1]));
        assert_eq!(ok(store.places(&root)), [on("/p/a", 1)], "devices stay");
    }
    let store = place.open();
    assert_eq!(ok(store.excludes(&root)), told[..1], "also for the next process");
    ok(store.set_excludes(&root, &[]));
    assert_eq!(ok(store.excludes(&root)), [""; 0]);
    ok(store.set_excludes(&root, &told));
    ok(store.remove_root(&root));
    ok(store.add_root(&root));
    assert_eq!(ok(store.excludes(&root)), [""; 0], "a root that was forgotten forgets them");
}

/// The devices of a root are those that were told last.
pub fn places_are_remembered(place: &dyn Place) {
    let store = place.open();
    let root = path("/p/a");
    let places = || ok(store.places(&root));
    assert_eq!(places(), []);
    ok(store.add_root(&root));
    assert_eq!(places(), []);
    let told = [on("/p/a/mount", 2), on("/p/a", 1), on("/p/a/Ω", u64::MAX)];
    ok(store.set_places(&root, &told));
    assert_eq!(places(), told, "in the order in which they were told");
    ok(store.add_root(&root));
    assert_eq!(places(), told, "a root that is there keeps them");
    ok(store.set_places(&root, &told[..1]));
    assert_eq!(places(), told[..1]);
    ok(store.set_places(&root, &[]));
    assert_eq!(places(), []);
    ok(store.set_places(&path("/p/new"), &told));
    assert_eq!(ok(store.roots()), [root.clone(), path("/p/new")], "telling them adds the root");
    ok(store.remove_root(&path("/p/new")));
    ok(store.add_root(&path("/p/new")));
    assert_eq!(ok(store.places(&path("/p/new"))), []);
}
