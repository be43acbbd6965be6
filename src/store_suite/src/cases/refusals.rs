//! All or nothing.

use seer_store::{Analysis, Change};

use super::Both;
use crate::Place;
use crate::compare::{check_refused, check_same, ok};
use crate::make::{A, B, failure, id, link, photo, point, unlink, whole};

/// Changes that are refused after `photo(1, …)` with a point of length 2 in space A.
fn senseless() -> Vec<(&'static str, Change)> {
    let named = |name: String| Change::Analysed {
        id: id(1),
        analysis: Analysis::Named { name, version: 1 },
    };
    let text = Analysis::Named { name: "text".into(), version: 1 };
    vec![
        ("a link to an unknown photo", link(9, "/p/z.jpg")),
        ("points of an unknown photo", Change::Points { id: id(9), points: whole(&[1.0, 0.0]) }),
        ("no points of an unknown photo", Change::Points { id: id(9), points: vec![] }),
        ("an analysis of an unknown photo", Change::Analysed { id: id(9), analysis: text }),
        (
            "an embedding of an unknown photo",
            Change::Analysed { id: id(9), analysis: Analysis::Embedding(A) },
        ),
        ("a new photo's longer point", photo(3, "/p/c.jpg", whole(&[1.0, 0.0, 0.0]))),
        ("a shorter point", Change::Points { id: id(1), points: whole(&[1.0]) }),
        (
            "a right point and a wrong one",
            Change::Points {
                id: id(1),
                points: vec![point(A, 0, &[0.0, 1.0]), point(A, 1, &[1.0, 2.0, 3.0])],
            },
        ),
        ("an analysis without a name", named(String::new())),
        ("a name of 101 bytes", named("n".repeat(101))),
    ]
}

/// A refused change anywhere in a batch leaves nothing of the batch behind.
pub fn a_batch_is_done_wholly_or_not_at_all(place: &dyn Place) {
    let both = Both::new(place);
    for store in [&*both.store, &both.plain] {
        ok(store.add_space(A, "a", 2));
    }
    assert!(both.apply(&[photo(1, "/p/a.jpg", whole(&[1.0, 0.0]))], "the start"));
    for (what, change) in senseless() {
        let batch = [
            photo(2, "/p/b.jpg", vec![point(A, 0, &[0.5, 1.0]), point(B, 0, &[1.0])]),
            unlink("/p/a.jpg"),
            Change::Failed(failure("/p/f.jpg", "torn")),
            change,
            link(1, "/p/d.jpg"),
        ];
        for end in [4, 5] {
            check_refused(both.store.apply(&batch[..end]), what);
            check_same(&*both.store, &both.plain, &[], what);
        }
    }
    assert!(both.apply(&[link(1, "/p/b.jpg")], "goes on"));
    check_same(&*both.store, &both.plain, &[], "the end");
}

/// Where only points came, the first of them says how long the others are.
pub fn points_of_one_space_have_one_length(place: &dyn Place) {
    let both = Both::new(place);
    let mixed = vec![point(A, 0, &[1.0, 0.0]), point(A, 1, &[1.0, 0.0, 0.0])];
    assert!(!both.apply(&[photo(1, "/p/a.jpg", mixed)], "in one change"));
    assert!(both.apply(&[photo(1, "/p/a.jpg", whole(&[1.0, 0.0]))], "the first"));
    assert!(!both.apply(&[photo(2, "/p/b.jpg", whole(&[1.0, 0.0, 0.0]))], "another length"));
    check_refused(both.store.add_space(A, "a", 3), "another length than its points");
    assert!(both.apply(&[photo(2, "/p/b.jpg", whole(&[0.0, 1.0]))], "the same length"));
    check_same(&*both.store, &both.plain, &[], "two points");
}
