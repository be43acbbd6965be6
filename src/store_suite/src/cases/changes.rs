//! What each change means.

use seer_store::{Analysis, Change, Counts, Part, Store};
use seer_types::{FileStamp, PhotoFacts};

use super::{paths_of, record_of};
use crate::Place;
use crate::compare::{check_refused, files_under, ok};
use crate::make::{
    A, B, changes, class, failure, file, id, link, path, photo, point, record, unlink, whole,
};

fn counts(store: &dyn Store) -> (u64, u64, u64) {
    let Counts { photos, files, failures } = ok(store.counts());
    (photos, files, failures)
}

/// A new store holds nothing, and an empty batch is none.
pub fn nothing_is_there_at_first(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[]));
    assert_eq!(ok(store.counts()), Counts::default());
    assert!(ok(store.spaces()).is_empty() && ok(store.roots()).is_empty());
    assert!(ok(store.failures()).is_empty() && ok(store.newest(10, None)).is_empty());
    assert_eq!(ok(store.current_space()), None);
    assert_eq!(ok(store.photos(&[id(1)])), [None]);
    assert_eq!(ok(store.purge()), 0);
    ok(store.maintain(&mut |_, _| true));
}

/// A photo read again gets the new size and facts; it keeps its files and its first moment.
pub fn a_photo_seen_before_is_renewed(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[photo(1, "/p/a.jpg", vec![])]));
    let before = record_of(&*store, id(1));
    assert!(before.added > 1_600_000_000, "Unix seconds: {}", before.added);
    let facts = PhotoFacts { width: 7, caption: Some("new".into()), ..PhotoFacts::default() };
    let mut stamped = file("/p/b.jpg");
    stamped.stamp =
        FileStamp { changed_ns: Some(7), inode: Some(8), sidecars: 9, ..FileStamp::new(5, -6) };
    let again = Change::Photo {
        id: id(1),
        size: 99,
        facts: facts.clone(),
        file: stamped.clone(),
        points: vec![],
    };
    ok(store.apply(&[again]));
    let after = record_of(&*store, id(1));
    assert_eq!(after.files, [file("/p/a.jpg"), stamped]);
    assert_eq!((after.size, after.facts, after.added), (99, facts, before.added));
    assert_eq!(counts(&*store), (1, 2, 0));
}

/// A classifier's classes stay until another names some.
pub fn classes_stay_until_others_are_named(place: &dyn Place) {
    let store = place.open();
    let read = |classes: &[&str]| {
        let classes = classes.iter().map(|names| class(names, 0.5)).collect();
        let facts = PhotoFacts { classes, ..PhotoFacts::default() };
        ok(store.apply(&changes(&record(1, &["/p/a.jpg"], facts))));
        let seen = record_of(&*store, id(1)).facts.classes;
        seen.into_iter().map(|class| class.names).collect::<Vec<_>>()
    };
    assert_eq!(read(&["dog", "cat"]), ["dog", "cat"]);
    assert_eq!(read(&[]), ["dog", "cat"]);
    assert_eq!(read(&["bird"]), ["bird"]);
}

/// The same path with the same photo once more is the same file with a new stamp.
pub fn a_file_seen_again_has_the_new_stamp(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[photo(1, "/p/a.jpg", vec![])]));
    let mut newer = file("/p/a.jpg");
    newer.stamp = FileStamp::new(3, 4);
    newer.root = path("/p");
    ok(store.apply(&[Change::Link { id: id(1), file: newer.clone() }]));
    assert_eq!(record_of(&*store, id(1)).files, [newer]);
    assert_eq!(counts(&*store), (1, 1, 0));
}

/// A linked path leaves the photo it belonged to.
pub fn a_path_moves_to_another_photo(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[
        photo(1, "/p/a.jpg", vec![]),
        photo(2, "/p/b.jpg", vec![]),
        link(2, "/p/a.jpg"),
    ]));
    assert_eq!(paths_of(&record_of(&*store, id(1))), [""; 0]);
    assert_eq!(paths_of(&record_of(&*store, id(2))), ["/p/a.jpg", "/p/b.jpg"]);
    assert_eq!(counts(&*store), (1, 2, 0));
    ok(store.apply(&[photo(3, "/p/b.jpg", vec![])]));
    assert_eq!(paths_of(&record_of(&*store, id(2))), ["/p/a.jpg"]);
}

/// A photo without a file is kept and found by id, but is in no answer.
pub fn a_photo_without_files_is_in_no_answer(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[
        photo(1, "/p/a.jpg", whole(&[1.0, 0.0])),
        photo(2, "/p/b.jpg", whole(&[1.0, 1.0])),
        unlink("/p/a.jpg"),
        unlink("/p/unknown.jpg"),
    ]));
    assert_eq!(counts(&*store), (1, 1, 0));
    assert_eq!(ok(store.newest(10, None)), [id(2)]);
    assert_eq!(ok(store.report(A)).searchable, 1);
    let query = whole(&[1.0, 0.0]).remove(0).embedding;
    let near = ok(store.nearest(&query, 10, None)).neighbours;
    assert_eq!(near.iter().map(|one| one.id).collect::<Vec<_>>(), [id(2)]);
    assert_eq!(ok(store.having(&["a".into(), "b".into()], None, 9)).counts, [0, 1]);
    assert_eq!(ok(store.lacking(&Analysis::Embedding(B), None, 9)), [id(2)]);
    // Its record and its points wait for a copy to come back.
    assert!(record_of(&*store, id(1)).files.is_empty());
    assert_eq!(ok(store.points(A, id(1))).len(), 1);
    assert_eq!(ok(store.cosines(&query, &[id(1)])), [Some(1.0)]);
    ok(store.apply(&[link(1, "/q/a.jpg")]));
    assert_eq!((counts(&*store), ok(store.report(A)).searchable), ((2, 2, 0), 2));
}

/// A file that could not be read leaves its photo; read at last, it is no failure any more.
pub fn failures_come_and_go(place: &dyn Place) {
    let store = place.open();
    let broken = |text: &str| Change::Failed(failure(text, "torn"));
    ok(store.apply(&[photo(1, "/p/a.jpg", vec![]), broken("/p/a.jpg"), broken("/p/b.jpg")]));
    assert_eq!(counts(&*store), (0, 0, 2));
    assert_eq!(ok(store.failures()), [failure("/p/a.jpg", "torn"), failure("/p/b.jpg", "torn")]);
    ok(store.apply(&[Change::Failed(failure("/p/b.jpg", "worse"))]));
    assert_eq!(ok(store.failures())[1].reason, "worse");
    ok(store.apply(&[link(1, "/p/a.jpg"), unlink("/p/b.jpg")]));
    assert_eq!((counts(&*store), ok(store.failures())), ((1, 1, 0), vec![]));
    ok(store.apply(&[broken("/p/c.jpg"), photo(2, "/p/c.jpg", vec![])]));
    assert_eq!(counts(&*store), (2, 2, 0));
    assert_eq!(files_under(&*store, &path("/p")).len(), 2);
}

/// Points take the place of all that the photo had in their spaces, and of no others.
pub fn points_are_replaced_by_space(place: &dyn Place) {
    let store = place.open();
    let parts = |model| -> Vec<Part> {
        ok(store.points(model, id(1))).iter().map(|point| point.part).collect()
    };
    let many = vec![
        point(A, 7, &[0.0, 1.0]),
        point(A, 0, &[1.0, 0.0]),
        point(A, u32::MAX, &[1.0, 1.0]),
        point(B, 1, &[1.0, 2.0, 3.0]),
    ];
    ok(store.apply(&[photo(1, "/p/a.jpg", many)]));
    assert_eq!(parts(A), [Part(0), Part(7), Part(u32::MAX)]);
    assert_eq!(parts(B), [Part(1)]);
    ok(store.apply(&[Change::Points { id: id(1), points: vec![point(A, 3, &[1.0, 0.5])] }]));
    assert_eq!((parts(A), parts(B)), (vec![Part(3)], vec![Part(1)]));
    // Read again without being encoded: the points stay.
    ok(store.apply(&[photo(1, "/p/a.jpg", vec![])]));
    ok(store.apply(&[Change::Points { id: id(1), points: vec![] }]));
    assert_eq!((parts(A), parts(B)), (vec![Part(3)], vec![Part(1)]));
    ok(store.apply(&[photo(1, "/p/b.jpg", vec![point(B, 0, &[3.0, 2.0, 1.0])])]));
    assert_eq!((parts(A), parts(B)), (vec![Part(3)], vec![Part(0)]));
}

/// Record and points change in one batch, and the whole picture's point is not among the new ones:
/// it is in no answer any more, also where the record is the same afterwards as the index knows it.
pub fn a_renewed_photo_may_lose_its_whole(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[photo(1, "/p/a.jpg", whole(&[1.0, 0.0]))]));
    let query = whole(&[1.0, 0.0]).remove(0).embedding;
    assert_eq!(ok(store.nearest(&query, 9, None)).neighbours[0].part, Part::WHOLE);
    ok(store.apply(&[photo(1, "/p/b.jpg", vec![point(A, 3, &[0.0, 1.0])])]));
    let near = ok(store.nearest(&query, 9, None)).neighbours;
    assert_eq!((near.len(), near[0].part), (1, Part(3)));
    assert!(near[0].cosine.abs() < 1e-3, "{near:?}");
}

/// A later change sees what earlier ones of its batch did.
pub fn changes_of_a_batch_build_on_each_other(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[
        photo(1, "/p/a.jpg", vec![]),
        Change::Points { id: id(1), points: whole(&[1.0, 0.0]) },
        link(1, "/p/b.jpg"),
        Change::Failed(failure("/p/b.jpg", "torn")),
        link(1, "/p/c.jpg"),
        unlink("/p/a.jpg"),
        photo(2, "/p/c.jpg", vec![]),
        link(1, "/p/b.jpg"),
    ]));
    assert_eq!(paths_of(&record_of(&*store, id(1))), ["/p/b.jpg"]);
    assert_eq!(paths_of(&record_of(&*store, id(2))), ["/p/c.jpg"]);
    assert_eq!((counts(&*store), ok(store.report(A)).searchable), ((2, 2, 0), 1));
    check_refused(store.apply(&[link(3, "/p/d.jpg"), photo(3, "/p/e.jpg", vec![])]), "too early");
}
