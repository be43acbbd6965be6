//! Several threads on one store.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use seer_store::{Change, Filter, Store};
use seer_types::{Embedding, PhotoFacts};

use crate::compare::{check_same, found, ok};
use crate::make::{A, changes_of, ids, record, unlink, whole};
use crate::{Place, PlainStore};

const PAIRS: u32 = 12;
const ROUNDS: u32 = 3;
const WRITERS: u32 = 2;

/// A batch that adds two photos, the halves of a pair.
fn add(pair: u32) -> Vec<Change> {
    let half = |half: u32| {
        let caption = Some(["left", "right"][half as usize].to_owned());
        let n = 2 * pair + half;
        let facts = PhotoFacts { caption, ..PhotoFacts::default() };
        let record = record(n, &[&format!("/p/{n}.jpg")], facts);
        changes_of(&record, whole(&[1.0, n as f32 + 1.0]))
    };
    [half(0), half(1)].concat()
}

/// A batch that takes both away.
fn remove(pair: u32) -> Vec<Change> {
    [2 * pair, 2 * pair + 1].map(|n| unlink(&format!("/p/{n}.jpg"))).to_vec()
}

/// The batches of one writer; the writers have no pair in common.
fn batches(writer: u32) -> impl Iterator<Item = Vec<Change>> {
    let own = move || (0..PAIRS).map(move |pair| writer * PAIRS + pair);
    let round = move |_| own().map(add).chain(own().step_by(2).map(remove));
    (0..ROUNDS).flat_map(round)
}

/// While two threads write and one tidies up, every answer shows both halves of a pair or none.
pub fn every_answer_lies_between_batches(place: &dyn Place) {
    let store = &*place.open();
    let writing = AtomicU32::new(WRITERS);
    let looked = thread::scope(|scope| {
        for writer in 0..WRITERS {
            let writing = &writing;
            scope.spawn(move || {
                let _done = Done(writing);
                batches(writer).for_each(|batch| ok(store.apply(&batch)));
            });
        }
        scope.spawn(|| {
            for _ in 0..3 {
                ok(store.maintain(&mut |_, _| true));
                ok(store.purge());
            }
        });
        let mut looked = 0;
        while writing.load(Ordering::Acquire) > 0 {
            look(store);
            looked += 1;
        }
        looked
    });
    assert!(looked > 0, "the reader never came to read");
    let plain = PlainStore::new();
    (0..WRITERS).flat_map(batches).for_each(|batch| ok(plain.apply(&batch)));
    for store in [store, &plain] {
        ok(store.purge());
    }
    check_same(store, &plain, &[], "after all");
    let all = Filter::All(vec![]);
    assert_eq!(found(store, &all), found(&plain, &all));
}

/// Counts down when a writer ends, also by a panic.
struct Done<'a>(&'a AtomicU32);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Release);
    }
}

fn look(store: &dyn Store) {
    let counts = ok(store.counts());
    assert_eq!((counts.photos % 2, counts.files), (0, counts.photos), "half a batch: {counts:?}");
    assert_eq!(ok(store.allow(&Filter::All(vec![]))).count % 2, 0, "half a batch");
    let left = Filter::Not(Box::new(Filter::Text("left".into())));
    let halves = Filter::Any(vec![Filter::Text("left".into()), left]);
    assert_eq!(ok(store.allow(&halves)).count % 2, 0, "half a batch");
    check_pairs(ok(store.newest(usize::MAX, None)).iter().map(|id| crate::make::number(*id)));
    let query: Embedding = whole(&[1.0, 1.0]).remove(0).embedding;
    let near = ok(store.nearest(&query, usize::MAX, None)).neighbours;
    check_pairs(near.iter().map(|one| crate::make::number(one.id)));
    assert_eq!(ok(store.report(A)).searchable % 2, 0, "half a batch");
    let having = ok(store.having(&["left".into(), "right".into()], None, u64::MAX));
    assert_eq!(having.counts[0], having.counts[1], "half a batch");
    check_pairs(having.photos.iter().map(|hit| crate::make::number(hit.id)));
    let records = ok(store.photos(&ids(0..2 * PAIRS * WRITERS)));
    let there = records.iter().map(|record| record.as_ref().is_some_and(|r| !r.files.is_empty()));
    check_pairs((0..).zip(there).filter(|(_, there)| *there).map(|(n, _)| n));
}

/// Every number has the other one of its pair beside it.
fn check_pairs(numbers: impl Iterator<Item = u32>) {
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    for pair in numbers.chunks(2) {
        let whole = pair.len() == 2 && pair[0] % 2 == 0 && pair[1] == pair[0] + 1;
        assert!(whole, "half a batch: {numbers:?}");
    }
}

/// Two threads on the same photos: each batch is done, and none is torn.
pub fn writers_may_want_the_same_photos(place: &dyn Place) {
    let store = &*place.open();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            scope.spawn(move || {
                for round in 0..30 {
                    let pair = if writer == 0 { round % 5 } else { 4 - round % 5 };
                    ok(store.apply(&add(pair)));
                    if (round + writer) % 3 == 0 {
                        ok(store.apply(&remove(pair)));
                    }
                }
            });
        }
    });
    look(store);
    (0..5).for_each(|pair| ok(store.apply(&add(pair))));
    assert_eq!(ok(store.counts()).photos, 10);
}
