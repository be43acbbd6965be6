//! The lists as a whole: every vector in one of them, and candidates that hold the answer.

use seer_types::RowId;

use super::*;
use crate::kernel::cosine;
use crate::marks::Marks;
use crate::random::{Random, unit_vectors};
use crate::store::SEGMENT_ROWS;

const DIM: usize = 48;
const ROWS: usize = 3000;

/// Lists that may hold one of the best.
const ALL: Reach = Reach { nearest: usize::MAX, near: 1.7, far: None };

fn store(rows: usize) -> Store {
    let mut store = Store::new(DIM, SEGMENT_ROWS);
    let vectors = unit_vectors(&mut Random::new(12), rows, DIM);
    for (row, vector) in vectors.chunks(DIM).enumerate() {
        store.push(RowId(row as u32), vector);
    }
    store
}

fn best(store: &Store, query: &[f32], k: usize) -> Vec<u32> {
    let mut all: Vec<u32> = (0..store.slot_count() as u32).collect();
    let near = |slot: u32| cosine(query, store.vector(slot as usize));
    all.sort_by(|a, b| near(*b).total_cmp(&near(*a)));
    all.truncate(k);
    all
}

#[test]
fn every_vector_is_in_one_list_whether_it_came_at_once_or_one_by_one() {
    let mut part = store(ROWS);
    let mut ivf = Ivf::build(&part, &IvfParams::default());
    assert!(ivf.holds_all(&part));
    assert_eq!((ivf.lists().len(), ivf.trained()), (220, ROWS), "4 * sqrt(3000)");
    for row in 0..200 {
        part.push(RowId(row), &unit_vectors(&mut Random::new(u64::from(row)), 1, DIM));
        if row % 7 == 0 {
            ivf.extend(&part);
        }
    }
    part.remove(RowId(1999));
    ivf.extend(&part);
    assert!(ivf.holds_all(&part));
    assert_eq!(ivf.lists().iter().map(List::len).sum::<usize>(), ROWS + 200);
}

#[test]
fn lists_at_once_and_in_parts_are_the_same() {
    let all = store(ROWS);
    let mut one = Ivf::build(&all, &IvfParams::default());
    let lists = (0..one.centroids.len()).map(|_| List::default()).collect();
    let centroids = Centroids::new(one.centroids.values().to_vec(), one.width());
    let mut other = Ivf::over(Rotation::new(DIM), centroids, lists, 0, ROWS);
    let mut part = Store::new(DIM, SEGMENT_ROWS);
    for slot in 0..ROWS {
        part.push(RowId(slot as u32), &all.unit_vector(slot));
        if slot % 50 == 0 {
            other.extend(&part);
        }
    }
    other.extend(&part);
    one.extend(&all);
    for (one, other) in one.lists().iter().zip(other.lists()) {
        assert_eq!((one.slots(), one.codes()), (other.slots(), other.codes()));
        assert_eq!(one.signs(), other.signs());
    }
}

#[test]
fn a_lost_vector_is_noticed() {
    let store = store(500);
    let mut ivf = Ivf::build(&store, &IvfParams::default());
    let list = ivf.lists.iter_mut().find(|list| list.len() > 1).unwrap();
    let slots = list.slots().to_vec();
    list.renumber(64, |slot| (slot != slots[0]).then_some(slot));
    assert!(!ivf.holds_all(&store), "one is missing");
    let list = ivf.lists.iter_mut().find(|list| list.len() > 1).unwrap();
    list.renumber(64, |slot| Some(if slot == slots[1] { 9_999 } else { slot }));
    assert!(!ivf.holds_all(&store), "one is not in the store");
}

#[test]
fn certain_candidates_hold_the_whole_answer_and_little_else() {
    let store = store(ROWS);
    let ivf = Ivf::build(&store, &IvfParams::default());
    let mut count = 0;
    for query in unit_vectors(&mut Random::new(13), 50, DIM).chunks(DIM) {
        let allowed = Allowed::Most(&|_| true);
        let found = ivf.candidates(query, 10, Care::Certain, allowed);
        assert!(best(&store, query, 10).iter().all(|slot| found.contains(slot)));
        count += found.len();
    }
    assert!(count < 50 * 60, "{count} candidates for 500 neighbours");
}

#[test]
fn likely_candidates_hold_nearly_all_of_it_when_all_lists_are_read() {
    let store = store(ROWS);
    let ivf = Ivf::build(&store, &IvfParams::default());
    let mut hits = 0;
    for query in unit_vectors(&mut Random::new(14), 100, DIM).chunks(DIM) {
        let care = Care::Likely { lists: ALL, deviations: 2.5 };
        let allowed = Allowed::Most(&|_| true);
        let found = ivf.candidates(query, 10, care, allowed);
        hits += best(&store, query, 10).iter().filter(|slot| found.contains(slot)).count();
    }
    assert!(hits >= 980, "{hits} of 1000");
}

#[test]
fn only_allowed_slots_are_candidates() {
    let store = store(ROWS);
    let ivf = Ivf::build(&store, &IvfParams::default());
    let query = store.unit_vector(0);
    for care in [Care::Certain, Care::Likely { lists: ALL, deviations: 3.0 }] {
        let is_allowed = |slot: u32| slot % 100 == 7;
        let mut marks = Marks::new(ROWS);
        (0..ROWS).filter(|slot| is_allowed(*slot as u32)).for_each(|slot| marks.mark(slot));
        let ways = [Allowed::Most(&is_allowed), Allowed::Some(&is_allowed), Allowed::Few(&marks)];
        for allowed in ways {
            let found = ivf.candidates(&query, 10, care, allowed);
            assert!(found.len() >= 10 && found.iter().all(|slot| is_allowed(*slot)), "{care:?}");
        }
    }
}

#[test]
fn lists_that_hold_nothing_allowed_are_not_counted() {
    let store = store(ROWS);
    let ivf = Ivf::build(&store, &IvfParams::default());
    let lists = Reach { nearest: 1, near: 1.7, far: None };
    for slot in [3, 700, ROWS - 1] {
        let mut marks = Marks::new(ROWS);
        marks.mark(slot);
        let query = store.unit_vector(50);
        let care = Care::Likely { lists, deviations: 2.5 };
        assert_eq!(ivf.candidates(&query, 10, care, Allowed::Few(&marks)), [slot as u32]);
    }
}

#[test]
fn allowed_vectors_unlike_the_query_are_found_in_lists_far_from_it() {
    let store = store(ROWS);
    let ivf = Ivf::build(&store, &IvfParams::default());
    let hits = |far| {
        let mut hits = 0;
        for query in unit_vectors(&mut Random::new(15), 30, DIM).chunks(DIM) {
            let unlike = best(&store, query, ROWS).split_off(ROWS / 2);
            let mut marks = Marks::new(ROWS);
            unlike.iter().for_each(|slot| marks.mark(*slot as usize));
            let lists = Reach { nearest: 20, near: 1.7, far };
            let care = Care::Likely { lists, deviations: 2.5 };
            let found = ivf.candidates(query, 10, care, Allowed::Few(&marks));
            hits += unlike[..10].iter().filter(|slot| found.contains(slot)).count();
        }
        hits
    };
    assert!(hits(Some(0.7)) >= 290, "{} of 300", hits(Some(0.7)));
    assert!(hits(None) < 150, "the nearest lists alone do not have them: {}", hits(None));
}

#[test]
fn compacting_keeps_what_lives() {
    let mut store = store(ROWS);
    let mut ivf = Ivf::build(&store, &IvfParams::default());
    for row in (0..ROWS as u32).filter(|row| row % 3 == 0) {
        store.remove(RowId(row));
    }
    let (fresh, slots) = (store.compacted(), store.compacted_slots());
    ivf.renumber(fresh.slot_count(), |slot| slots[slot as usize]);
    assert!(ivf.holds_all(&fresh));
    let query = fresh.unit_vector(0);
    let allowed = Allowed::Most(&|_| true);
    assert!(ivf.candidates(&query, 1, Care::Certain, allowed).contains(&0));
}
