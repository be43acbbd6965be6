//! Kind `auto`, and what all kinds share; `kinds.rs` has the others.

mod kinds;

use super::*;
use crate::random::{Random, unit_vectors};

const DIM: usize = 16;

fn vectors(rows: usize) -> Vec<f32> {
    unit_vectors(&mut Random::new(2), rows, DIM)
}

fn batch_of(vectors: &[f32]) -> Vec<(RowId, &[f32])> {
    vectors.chunks(DIM).enumerate().map(|(row, v)| (RowId(row as u32), v)).collect()
}

fn empty(kind: IndexKind, exact_limit: usize) -> SpaceIndex {
    let graph = GraphParams::new(12, 80, 96).unwrap();
    let params = IndexParams { exact_limit, graph, ..Default::default() };
    SpaceIndex::with_params(DIM, kind, params)
}

fn filled(limit: usize, rows: usize) -> (SpaceIndex, Vec<f32>) {
    let mut index = empty(IndexKind::Auto, limit);
    let vectors = vectors(rows);
    index.insert_batch(&batch_of(&vectors)).unwrap();
    (index, vectors)
}

fn method(index: &SpaceIndex, query: &[f32], params: &SearchParams) -> Method {
    let found = index.search(query, params).unwrap();
    assert_eq!(found.exact, found.method == Method::Exact);
    found.method
}

#[test]
fn exact_up_to_the_limit_and_lists_above() {
    let params = SearchParams { k: 10, ..Default::default() };
    for (limit, expected) in [(2048, Method::Exact), (2047, Method::Ivf)] {
        let (index, vectors) = filled(limit, 2048);
        assert_eq!(method(&index, &vectors[..DIM], &params), expected);
        assert_eq!(index.method(), expected);
    }
}

#[test]
fn exact_answers_from_codes_are_those_of_the_full_scan() {
    let (mut index, _) = filled(100_000, STRUCTURE_FROM + 500);
    assert!(index.lists().is_some());
    let queries = unit_vectors(&mut Random::new(3), 50, DIM);
    let params = SearchParams { k: 10, ..Default::default() };
    let answers = |index: &SpaceIndex| -> Vec<Found> {
        queries.chunks(DIM).map(|query| index.search(query, &params).unwrap()).collect()
    };
    let from_codes = answers(&index);
    index.structure = Structure::None;
    assert_eq!(from_codes, answers(&index));
}

#[test]
fn a_filter_that_leaves_few_is_scanned() {
    let (index, vectors) = filled(128, 4096);
    for (allowed, expected) in [(10, Method::Exact), (1024, Method::Exact), (1025, Method::Ivf)] {
        let filter: RoaringBitmap = (0..allowed).collect();
        let params = SearchParams { k: 10, filter: Some(&filter), effort: None };
        assert_eq!(method(&index, &vectors[..DIM], &params), expected, "{allowed} allowed");
    }
}

#[test]
fn a_search_that_finds_too_few_is_answered_exactly() {
    let (index, vectors) = filled(128, 4096);
    let params = |k, effort| SearchParams { k, filter: None, effort };
    assert_eq!(method(&index, &vectors[..DIM], &params(10, Some(20))), Method::Ivf);
    assert_eq!(method(&index, &vectors[..DIM], &params(3000, Some(1))), Method::Exact);
}

#[test]
fn new_lists_are_wanted_at_twice_the_size_and_forced_at_eight_times() {
    let mut index = empty(IndexKind::Auto, 100);
    let vectors = vectors(2000);
    let all = batch_of(&vectors);
    index.insert_batch(&all[..200]).unwrap();
    assert!(!index.needs_catch_up());
    index.insert_batch(&all[200..400]).unwrap();
    assert!(index.needs_catch_up());
    index.insert_batch(&all[400..1500]).unwrap();
    let trained = |index: &SpaceIndex| index.lists().unwrap().trained();
    assert_eq!(trained(&index), 200, "an insertion puts it off");
    index.insert_batch(&all[1500..1600]).unwrap();
    assert_eq!((trained(&index), index.needs_catch_up()), (1600, false), "but not for ever");
    assert!(index.lists().unwrap().holds_all(&index.store));
}

#[test]
fn prepared_lists_take_in_what_has_changed_since() {
    let mut index = empty(IndexKind::Auto, 100);
    let vectors = vectors(1000);
    let all = batch_of(&vectors);
    for part in all[..900].chunks(200) {
        index.insert_batch(part).unwrap();
    }
    let prepared = index.prepare().unwrap();
    index.insert_batch(&all[900..]).unwrap();
    index.remove(RowId(5));
    index.install(prepared);
    assert!(!index.needs_catch_up());
    let lists = index.lists().unwrap();
    assert!(lists.trained() == 900 && lists.holds_all(&index.store));
}

#[test]
fn prepared_lists_follow_one_clean_up_and_are_dropped_after_two() {
    let mut index = empty(IndexKind::Auto, 100);
    let vectors = vectors(6000);
    let all = batch_of(&vectors);
    index.insert_batch(&all[..1000]).unwrap();
    index.insert_batch(&all[1000..]).unwrap();
    let prepared = index.prepare().unwrap();
    let again = index.prepare().unwrap();
    (0..2000).for_each(|row| assert!(index.remove(RowId(row))));
    index.insert_batch(&all[..20]).unwrap();
    assert_eq!(index.compactions, 1);
    assert!(index.install(prepared));
    let lists = index.lists().unwrap();
    assert!(lists.trained() == 6000 && lists.holds_all(&index.store), "new ones, renumbered");
    index.remove(RowId(5));
    index.compact();
    assert!(!index.install(again));
    assert!(index.lists().unwrap().holds_all(&index.store));
}

#[test]
fn an_emptied_index_has_no_lists() {
    let (mut index, _) = filled(100, 1500);
    (0..1500).for_each(|row| assert!(index.remove(RowId(row))));
    assert!(index.is_empty());
    index.insert(RowId(1), &vectors(1)).unwrap();
    assert_eq!(index.method(), Method::Exact);
}
