//! What people chose.

use crate::Place;
use crate::compare::ok;

pub fn settings_are_remembered_and_taken_back(place: &dyn Place) {
    let store = place.open();
    assert!(ok(store.settings()).is_empty());
    ok(store.set_setting("text", Some("on")));
    ok(store.set_setting("text", Some("off")));
    ok(store.set_setting("captions", Some("a model, «élevé» 🐕")));
    ok(store.purge());
    drop(store);
    let store = place.open();
    let settings = ok(store.settings());
    let told: Vec<_> = settings.iter().map(|(name, value)| (&**name, &**value)).collect();
    assert_eq!(told, [("captions", "a model, «élevé» 🐕"), ("text", "off")]);
    ok(store.set_setting("captions", None));
    ok(store.set_setting("never", None));
    assert_eq!(ok(store.settings()).len(), 1);
}
