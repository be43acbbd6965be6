//! Photos that show classes.

use seer_store::{ClassHit, Filter};
use seer_types::{PhotoClass, PhotoFacts};

use super::with;
use crate::Place;
use crate::compare::ok;
use crate::make::{class, id, record, unlink};

fn shows(n: u32, classes: Vec<PhotoClass>) -> seer_types::PhotoRecord {
    let facts = PhotoFacts { classes, ..PhotoFacts::default() };
    record(n, &[&format!("/x/{n}.jpg")], facts)
}

/// The likeliest come first, of equals the lowest id; the probabilities of all classes add up, in
/// steps of their square roots.
pub fn the_likeliest_come_first(place: &dyn Place) {
    let store = with(
        place,
        &[
            shows(3, vec![class("dog, hound", 0.25)]),
            shows(1, vec![class("dog, hound", 0.25), class("wolf", 0.01)]),
            shows(2, vec![class("wolf", 0.5), class("dog, hound", 0.25), class("wolf", 0.25)]),
            shows(4, vec![class("cat", 1.0)]),
            shows(5, vec![class("dog, hound", 0.000_1)]),
        ],
    );
    let showing = |classes: &[&str], filter: Option<Filter>, most| {
        let classes: Vec<String> = classes.iter().map(|names| (*names).to_owned()).collect();
        let allowed = filter.map(|filter| ok(store.allow(&filter)));
        ok(store.showing(&classes, allowed.as_ref(), most))
    };
    let hits = |hits: &[(u32, u32)]| -> Vec<ClassHit> {
        let hit = |(n, squares): &(u32, u32)| ClassHit {
            id: id(*n),
            probability: *squares as f32 / 1024.0,
        };
        hits.iter().map(hit).collect()
    };
    let dogs = hits(&[(1, 256), (2, 256), (3, 256)]);
    assert_eq!(showing(&["dog, hound"], None, 9), dogs);
    assert_eq!(showing(&["dog, hound", "dog, hound"], None, 2), dogs[..2]);
    let both = hits(&[(2, 23 * 23 + 256), (1, 9 + 256), (3, 256)]);
    assert_eq!(showing(&["wolf", "dog, hound"], None, 9), both);
    assert_eq!(showing(&["dog", "hound", "DOG, hound", ""], None, 9), []);
    assert_eq!((showing(&[], None, 9), showing(&["cat"], None, 0)), (vec![], vec![]));
    let third = Filter::Name("3".into());
    assert_eq!(showing(&["wolf", "dog, hound"], Some(third), 9), hits(&[(3, 256)]));
    ok(store.apply(&[unlink("/x/2.jpg")]));
    assert_eq!(showing(&["wolf"], None, 9), hits(&[(1, 9)]));
}
