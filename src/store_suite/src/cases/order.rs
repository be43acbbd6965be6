//! In which order things come.

use std::thread::sleep;
use std::time::Duration;

use seer_store::{Change, Filter, Store, StoreErrorKind, TimeOrder};
use seer_types::{FileStamp, LocalTime, PhotoFacts, PhotoRecord};

use super::{numbers, with};
use crate::Place;
use crate::compare::{each_photo, each_point, ended, ok};
use crate::make::{A, id, ids, photo, point, record, unlink};

fn dated(n: u32, taken: Option<i64>, modified: i64) -> PhotoRecord {
    let taken = taken.map(|at| LocalTime::from_seconds(at).into());
    let facts = PhotoFacts { taken, ..PhotoFacts::default() };
    let mut record = record(n, &[&format!("/p/{n}.jpg")], facts);
    record.files[0].stamp = FileStamp::new(1, modified * 1_000_000_000);
    record
}

fn newest(store: &dyn Store, count: usize) -> Vec<u32> {
    numbers(&ok(store.by_time(TimeOrder::NewestFirst, count, None)))
}

fn oldest(store: &dyn Store, count: usize) -> Vec<u32> {
    numbers(&ok(store.by_time(TimeOrder::OldestFirst, count, None)))
}

/// By the date taken, else by the file's; both may lie before 1970.
pub fn the_newest_come_first(place: &dyn Place) {
    let records = [
        dated(1, Some(100), 999),
        dated(2, None, 200),
        dated(3, Some(300), 0),
        dated(4, None, -5),
        dated(5, Some(-1_000), 0),
    ];
    let store = with(place, &records);
    assert_eq!(newest(&*store, 9), [3, 2, 1, 4, 5]);
    assert_eq!((newest(&*store, 2), newest(&*store, 0)), (vec![3, 2], vec![]));
    let some = Filter::Any(vec![Filter::Name("4".into()), Filter::Name("1".into())]);
    let allowed = ok(store.allow(&some));
    let by_time = |order| numbers(&ok(store.by_time(order, 9, Some(&allowed))));
    assert_eq!(by_time(TimeOrder::NewestFirst), [1, 4]);
    assert_eq!(by_time(TimeOrder::OldestFirst), [4, 1]);
    assert_eq!((oldest(&*store, 9), oldest(&*store, 2)), (vec![5, 4, 1, 2, 3], vec![5, 4]));
    // The oldest of a photo's files counts; half a second before 1970 is second -1.
    let mut older = records[1].files[0].clone();
    older.path = crate::make::path("/p/older.jpg");
    older.stamp.modified_ns = -500_000_000;
    ok(store.apply(&[Change::Link { id: id(2), file: older }, unlink("/p/3.jpg")]));
    assert_eq!(newest(&*store, 9), [1, 2, 4, 5]);
}

/// Of the same second, the one added last; added in the same second, the lowest id.
pub fn equal_times_go_by_moment_of_adding(place: &dyn Place) {
    let store = with(place, &[dated(5, Some(7), 0), dated(3, Some(7), 0), dated(4, Some(7), 0)]);
    sleep(Duration::from_millis(1100));
    ok(store.apply(&crate::make::changes(&dated(9, Some(7), 0))));
    let added: Vec<i64> = each_photo(&*store).iter().map(|record| record.added).collect();
    let [three, four, five, nine] = added[..] else { panic!("{added:?}") };
    assert!(nine > three.max(four).max(five), "the store's clock goes on: {added:?}");
    let found = newest(&*store, 9);
    assert_eq!(found[0], 9);
    let mut right = [(-three, 3), (-four, 4), (-five, 5)];
    right.sort_unstable();
    assert_eq!(found[1..], right.map(|(_, n)| n));
    assert_eq!(oldest(&*store, 9), found.into_iter().rev().collect::<Vec<_>>());
}

/// Photos are counted by the day they were taken on; those without a date apart, those that left not
/// at all.
pub fn photos_are_counted_by_day(place: &dyn Place) {
    let records = [
        dated(1, Some(100), 0),
        dated(2, Some(86_399), 0),
        dated(3, Some(86_400), 0),
        dated(4, Some(-1), 0),
        dated(5, None, 100),
        dated(6, Some(100), 0),
    ];
    let store = with(place, &records);
    ok(store.apply(&[unlink("/p/6.jpg")]));
    let counted = |filter: Option<Filter>| {
        let allowed = filter.map(|filter| ok(store.allow(&filter)));
        let day_counts = ok(store.day_counts(allowed.as_ref()));
        (Vec::from_iter(day_counts.days), day_counts.undated)
    };
    assert_eq!(counted(None), (vec![(-1, 1), (0, 2), (1, 1)], 1));
    assert_eq!(counted(Some(Filter::Name("3".into()))), (vec![(1, 1)], 0));
    assert_eq!(counted(Some(Filter::Any(vec![]))), (vec![], 0));
}

/// Records come by id; an error of the caller ends it and is handed on.
pub fn each_photo_comes_by_id(place: &dyn Place) {
    let store = with(place, &[5, 2, 9, 1].map(|n| dated(n, None, 0)));
    ok(store.apply(&[unlink("/p/2.jpg")]));
    let records = each_photo(&*store);
    assert_eq!(records.iter().map(|record| record.id).collect::<Vec<_>>(), ids([1, 2, 5, 9]));
    let mut seen = 0;
    let error = store.each_photo(&mut |_| {
        seen += 1;
        if seen == 3 { Err(ended()) } else { Ok(()) }
    });
    let error = error.map_err(|error| (error.kind(), error.to_string()));
    assert_eq!((seen, error), (3, Err((StoreErrorKind::Full, "enough".into()))));
}

/// Points come by photo and part; an error of the caller ends it and is handed on.
pub fn each_point_comes_by_photo_and_part(place: &dyn Place) {
    let store = place.open();
    for n in [3, 1, 2] {
        let points = [300, 2, 0].map(|part| point(A, part, &[1.0, n as f32])).to_vec();
        ok(store.apply(&[photo(n, &format!("/p/{n}.jpg"), points)]));
    }
    ok(store.apply(&[unlink("/p/1.jpg")]));
    let found: Vec<(u32, u32)> = each_point(&*store, A)
        .iter()
        .map(|(id, point)| (crate::make::number(*id), point.part.0))
        .collect();
    let right: Vec<(u32, u32)> = (1..4).flat_map(|n| [(n, 0), (n, 2), (n, 300)]).collect();
    assert_eq!(found, right);
    let mut seen = 0;
    let error = store.each_point(A, &mut |_, _| {
        seen += 1;
        if seen == 5 { Err(ended()) } else { Ok(()) }
    });
    let error = error.map_err(|error| (error.kind(), error.to_string()));
    assert_eq!((seen, error), (5, Err((StoreErrorKind::Full, "enough".into()))));
}

/// Records come in the order of the ids that were asked for, one for each.
pub fn photos_come_as_they_are_asked_for(place: &dyn Place) {
    let store = with(place, &[dated(1, None, 0), dated(2, None, 0)]);
    let found = ok(store.photos(&ids([2, 7, 1, 2])));
    let found: Vec<_> = found.iter().map(|record| record.as_ref().map(|one| one.id)).collect();
    assert_eq!(found, [Some(id(2)), None, Some(id(1)), Some(id(2))]);
    assert_eq!(ok(store.photos(&[])), []);
}
