//! Neighbours, with values by hand.

use seer_store::{Change, Filter, Neighbour, Part, Store};
use seer_types::{Embedding, IndexKind, PhotoFacts, PhotoId};

use super::Both;
use crate::Place;
use crate::compare::{CLOSE, check_nearest, check_refused, check_same, ok};
use crate::make::{A, B, changes_of, embedding, id, ids, photo, point, record, unlink, whole};
use crate::random::{DIM_A, Random, random_embedding, random_library};

fn nearest(store: &dyn Store, query: &[f32], k: usize) -> Vec<Neighbour> {
    ok(store.nearest(&embedding(A, query), k, None)).neighbours
}

fn ids_of(neighbours: &[Neighbour]) -> Vec<PhotoId> {
    neighbours.iter().map(|one| one.id).collect()
}

#[track_caller]
fn check_close(found: &[Neighbour], right: &[(u32, u32, f32)]) {
    let names =
        |found: &[Neighbour]| -> Vec<_> { found.iter().map(|one| (one.id, one.part)).collect() };
    let wanted: Vec<_> = right.iter().map(|(n, part, _)| (id(*n), Part(*part))).collect();
    assert_eq!(names(found), wanted);
    for (one, (_, _, cosine)) in found.iter().zip(right) {
        assert!((one.cosine - cosine).abs() <= CLOSE, "{one:?}, not {cosine}");
    }
}

/// Cosines by hand, from 1 to -1.
pub fn cosines_go_from_1_to_minus_1(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[
        photo(1, "/p/a.jpg", whole(&[-2.0, 0.0])),
        photo(2, "/p/b.jpg", whole(&[3.0, 4.0])),
        photo(3, "/p/c.jpg", whole(&[0.5, 0.0])),
        photo(4, "/p/d.jpg", whole(&[0.0, 9.0])),
        photo(5, "/p/e.jpg", vec![]),
    ]));
    // As 16-bit floats 3/5 is 0.600098 and 4/5 is 0.799805; 0.600098 / 0.999902 is 0.600156.
    let right = [(3, 0, 1.0), (2, 0, 0.600_156), (4, 0, 0.0), (1, 0, -1.0)];
    check_close(&nearest(&*store, &[7.0, 0.0], 9), &right);
    check_close(&nearest(&*store, &[7.0, 0.0], 2), &right[..2]);
    check_close(&nearest(&*store, &[7.0, 0.0], 0), &[]);
    let cosines = ok(store.cosines(&embedding(A, &[7.0, 0.0]), &ids([5, 4, 3, 9, 3])));
    let near = |found: Option<f32>, right: f32| found.is_some_and(|c| (c - right).abs() <= CLOSE);
    assert!(near(cosines[1], 0.0) && near(cosines[2], 1.0) && near(cosines[4], 1.0));
    assert_eq!((cosines[0], cosines[3]), (None, None));
}

/// Equal cosines are in the order of the ids, whichever was added first.
pub fn ties_go_by_id(place: &dyn Place) {
    const SEED: u64 = 23;
    let store = place.open();
    let random = &mut Random::new(SEED);
    let same = random_embedding(A, DIM_A, random);
    for n in [5, 1, 40, 3, 33, 2, 4, 17, 9] {
        let text = format!("/p/{n}.jpg");
        ok(store.apply(&[photo(n, &text, whole(same.values()))]));
    }
    let right = ids([1, 2, 3, 4, 5, 9, 17, 33, 40]);
    for round in 0..20 {
        let query = random_embedding(A, DIM_A, random);
        for k in 0..=9 {
            let found = ok(store.nearest(&query, k, None)).neighbours;
            assert_eq!(ids_of(&found), right[..k], "seed {SEED}, round {round}");
        }
    }
}

/// Zero is zero, whatever its sign.
pub fn cosines_of_zero_are_ties(place: &dyn Place) {
    let store = place.open();
    let axes = [[0.0, 0.0, 1.0], [0.0, -1.0, -0.0], [-0.0, 1.0, 0.0], [-0.0, -0.0, -1.0]];
    for (n, axis) in (1..).zip(axes) {
        ok(store.apply(&[photo(n, &format!("/p/{n}.jpg"), whole(&axis))]));
    }
    for query in [[1.0, 0.0, 0.0], [-1.0, 0.0, -0.0]] {
        assert_eq!(ids_of(&nearest(&*store, &query, 9)), ids(1..5), "{query:?}");
        assert_eq!(ids_of(&nearest(&*store, &query, 2)), ids(1..3), "{query:?}");
    }
}

/// A photo comes once, with its best part; of equally good ones with the lowest.
pub fn a_photo_comes_once_with_its_best_part(place: &dyn Place) {
    let store = place.open();
    let parts = |parts: &[(u32, [f32; 2])]| {
        parts.iter().map(|(part, values)| point(A, *part, values)).collect()
    };
    ok(store.apply(&[
        photo(1, "/p/a.jpg", parts(&[(0, [0.0, 1.0]), (4, [1.0, 0.0]), (9, [1.0, 0.0])])),
        photo(2, "/p/b.jpg", parts(&[(0, [1.0, 1.0]), (1, [-1.0, 0.0])])),
        photo(3, "/p/c.jpg", parts(&[(2, [0.0, -1.0]), (5, [0.0, -1.0])])),
    ]));
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let right = [(1, 4, 1.0), (2, 0, half), (3, 2, 0.0)];
    for k in 0..5 {
        check_close(&nearest(&*store, &[1.0, 0.0], k), &right[..k.min(3)]);
    }
    ok(store.apply(&[Change::Points { id: id(1), points: whole(&[-1.0, 0.0]) }]));
    let right = [(2, 0, half), (3, 2, 0.0), (1, 0, -1.0)];
    check_close(&nearest(&*store, &[1.0, 0.0], 9), &right);
}

/// Many parts of one photo do not push others out of the answer.
pub fn a_photo_of_many_parts_leaves_room(place: &dyn Place) {
    let store = place.open();
    let near = |part: u32| point(A, part, &[1.0, part as f32 / 1e4, 0.0]);
    let film: Vec<_> = (0..500).map(near).collect();
    ok(store.apply(&[photo(1, "/p/film.jpg", film)]));
    for n in 2..12 {
        ok(store.apply(&[photo(n, &format!("/p/{n}.jpg"), whole(&[0.0, 0.0, 1.0]))]));
    }
    for k in 0..13 {
        let right: Vec<PhotoId> = ids(1..12).into_iter().take(k).collect();
        assert_eq!(ids_of(&nearest(&*store, &[1.0, 0.0, 0.0], k)), right);
    }
}

/// Allowed photos far from the query are found however many nearer ones are not allowed.
pub fn a_filter_never_costs_answers(place: &dyn Place) {
    let both = Both::new(place);
    let mut batch = Vec::new();
    for n in 0..400 {
        let angle = n as f32 / 400.0;
        let width = if n % 80 == 79 { 1 } else { 2 };
        let facts = PhotoFacts { width, ..PhotoFacts::default() };
        let record = record(n, &[&format!("/p/{n}.jpg")], facts);
        batch.extend(changes_of(&record, whole(&[angle.cos(), angle.sin(), 0.1])));
    }
    assert!(both.apply(&batch, "400 photos"));
    let narrow = Filter::Width { min: None, max: Some(1) };
    let query = embedding(A, &[1.0, 0.0, 0.0]);
    for k in [0, 1, 4, 5, 6, 400, usize::MAX] {
        check_nearest(&*both.store, &both.plain, &query, k, Some(&narrow), "few are allowed");
        check_nearest(&*both.store, &both.plain, &query, k, None, "all are allowed");
    }
}

/// Each space answers for itself; one that nobody knows has no answers.
pub fn spaces_do_not_mix(place: &dyn Place) {
    let store = place.open();
    ok(store.apply(&[
        photo(1, "/p/a.jpg", vec![point(A, 0, &[1.0, 0.0]), point(B, 0, &[0.0, 1.0])]),
        photo(2, "/p/b.jpg", vec![point(B, 3, &[1.0, 0.0])]),
    ]));
    check_close(&nearest(&*store, &[1.0, 0.0], 9), &[(1, 0, 1.0)]);
    let of = |query: &Embedding| ok(store.nearest(query, 9, None)).neighbours;
    check_close(&of(&embedding(B, &[1.0, 0.0])), &[(2, 3, 1.0), (1, 0, 0.0)]);
    let unknown = embedding(seer_types::ModelFingerprint([3; 16]), &[1.0, 0.0, 0.0]);
    assert!(of(&unknown).is_empty());
    assert_eq!(ok(store.cosines(&unknown, &ids([1, 2]))), [None, None]);
}

/// A query of another length than the space's is refused.
pub fn queries_have_the_length_of_their_space(place: &dyn Place) {
    let store = place.open();
    ok(store.add_space(A, "a", 2));
    let (long, right) = (embedding(A, &[1.0, 0.0, 0.0]), embedding(A, &[1.0, 0.0]));
    for _ in 0..2 {
        check_refused(store.nearest(&long, 3, None), "a long query");
        check_refused(store.cosines(&long, &ids([1])), "cosines of a long query");
        ok(store.nearest(&right, 3, None));
        ok(store.apply(&[photo(1, "/p/a.jpg", whole(&[0.0, 1.0]))]));
    }
}

/// However vectors are indexed, the answers stay right.
pub fn every_kind_of_index_answers(place: &dyn Place) {
    const SEED: u64 = 29;
    let random = &mut Random::new(SEED);
    let both = Both::new(place);
    for store in [&*both.store, &both.plain] {
        ok(store.add_space(A, "a", DIM_A));
    }
    for batch in random_library(200, random).batches {
        assert!(both.apply(&batch, "a random library"));
    }
    for (round, kind) in IndexKind::ALL.into_iter().chain(IndexKind::ALL).enumerate() {
        let told = format!("{kind}, seed {SEED}, round {round}");
        for store in [&*both.store, &both.plain] {
            ok(store.set_index(A, kind));
        }
        check_queries(&both, random, &told);
        ok(both.store.maintain(&mut |_, _| true));
        let n = 1000 + round as u32;
        let newer = random_embedding(A, DIM_A, random);
        assert!(both.apply(&[photo(n, &format!("/n/{n}"), whole(newer.values()))], &told));
        assert!(both.apply(&[unlink(&format!("/n/{}", n - 2))], &told));
        ok(both.store.open_space(A));
        check_queries(&both, random, &told);
        check_same(&*both.store, &both.plain, &[], &told);
    }
}

fn check_queries(both: &Both, random: &mut Random, told: &str) {
    for round in 0..20 {
        let query = random_embedding(A, DIM_A, random);
        let filter = (round % 2 == 1).then(|| crate::random::random_filter(1, random));
        for k in [1, 10, usize::MAX] {
            check_nearest(&*both.store, &both.plain, &query, k, filter.as_ref(), told);
        }
    }
}
