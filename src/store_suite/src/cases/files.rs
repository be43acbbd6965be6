//! Photos with several files.

use seer_store::{Filter, Store};
use seer_types::PhotoFacts;

use super::{numbers, with};
use crate::Place;
use crate::make::record;

fn facts() -> PhotoFacts {
    PhotoFacts::default()
}

#[track_caller]
fn found(store: &dyn Store, filter: &Filter) -> Vec<u32> {
    numbers(&crate::found(store, filter))
}

/// What is asked of files must be true of one, and a negation leaves out files.
pub fn files_are_asked_one_by_one(place: &dyn Place) {
    let tagged = PhotoFacts { tags: vec!["beach".into()], ..facts() };
    let store = with(
        place,
        &[
            record(0, &["/p/a/x.jpg", "/p/b/x.png"], tagged),
            record(1, &["/p/a/y.png"], facts()),
            record(2, &["/p/b/holiday.jpg", "/p/c/z.jpg"], facts()),
        ],
    );
    let not = |filter| Filter::Not(Box::new(filter));
    let path = |text: &str| Filter::Path(text.into());
    let folder = |text: &str| Filter::Folder(text.into());
    let ext = |text: &str| Filter::Extension(text.into());
    let name = |text: &str| Filter::Name(text.into());
    let text = |text: &str| Filter::Text(text.into());
    let tag = || Filter::Tag("beach".into());
    let (all, any) = (Filter::All, Filter::Any);
    for (filter, right) in [
        (all(vec![folder("a"), ext("png")]), vec![1]),
        (all(vec![folder("b"), ext("png"), tag()]), vec![0]),
        (all(vec![folder("a"), all(vec![ext("png"), tag()])]), vec![]),
        (not(path("/b/")), vec![0, 1, 2]),
        (not(path("/a/")), vec![0, 2]),
        (all(vec![not(path("/b/")), not(path("/a/"))]), vec![2]),
        (all(vec![not(path("/b/")), ext("png")]), vec![1]),
        (not(any(vec![folder("a"), folder("b")])), vec![2]),
        (not(all(vec![folder("a"), ext("jpg")])), vec![0, 1, 2]),
        (all(vec![any(vec![folder("a"), folder("c")]), ext("jpg")]), vec![0, 2]),
        (not(text("holiday")), vec![0, 1, 2]),
        (all(vec![text("holiday"), folder("c")]), vec![]),
        (all(vec![text("beach"), folder("b")]), vec![0]),
        (not(text("beach")), vec![1, 2]),
        (all(vec![name("x"), any(vec![not(tag()), not(folder("a"))])]), vec![0]),
        (any(vec![all(vec![folder("a"), ext("png")]), all(vec![folder("c"), tag()])]), vec![1]),
        (not(not(all(vec![folder("a"), ext("png")]))), vec![1]),
    ] {
        assert_eq!(found(&*store, &filter), right, "{filter:?}");
    }
    crate::compare::ok(store.apply(&[crate::make::unlink("/p/c/z.jpg")]));
    assert_eq!(found(&*store, &not(path("/b/"))), [0, 1]);
}
