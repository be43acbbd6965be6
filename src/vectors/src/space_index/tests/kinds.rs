//! Kinds `exact`, `lists` and `hnsw`, and changes from one to another.

use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::exact::FEW_DEAD;
use crate::graph::Links;

fn of_kind(kind: IndexKind, rows: usize) -> (SpaceIndex, Vec<f32>) {
    let mut index = empty(kind, 200);
    let vectors = vectors(rows);
    index.insert_batch(&batch_of(&vectors)).unwrap();
    (index, vectors)
}

/// The slot after the last one of each graph.
fn ends(index: &SpaceIndex) -> Vec<usize> {
    index.graphs().unwrap().all().iter().map(|links| links.slots().end).collect()
}

const TEN: SearchParams = SearchParams { k: 10, filter: None, effort: None };

#[test]
fn exact_never_has_anything_beside_the_vectors() {
    let (mut index, vectors) = of_kind(IndexKind::Exact, 3000);
    assert!(!index.needs_catch_up());
    index.catch_up();
    assert!(matches!(index.structure, Structure::None));
    assert_eq!(method(&index, &vectors[..DIM], &TEN), Method::Exact);
    assert_eq!((index.lists_memory(), index.graph_memory()), (0, 0));
}

#[test]
fn lists_answer_from_a_thousand_vectors_on() {
    let mut index = SpaceIndex::with_kind(DIM, IndexKind::Lists);
    let vectors = vectors(1025);
    let all = batch_of(&vectors);
    index.insert_batch(&all[..1024]).unwrap();
    assert_eq!(method(&index, &vectors[..DIM], &TEN), Method::Exact);
    index.insert_batch(&all[1024..]).unwrap();
    assert_eq!(method(&index, &vectors[..DIM], &TEN), Method::Ivf);
}

#[test]
fn hnsw_answers_once_its_graph_is_there() {
    let (mut index, vectors) = of_kind(IndexKind::Hnsw, 3000);
    assert!(index.needs_catch_up());
    assert_eq!(method(&index, &vectors[..DIM], &TEN), Method::Exact, "scanned until then");
    index.catch_up();
    assert!(!index.needs_catch_up());
    assert_eq!((index.method(), ends(&index)), (Method::Hnsw, vec![3000]));
    assert_eq!(method(&index, &vectors[..DIM], &TEN), Method::Hnsw);
    assert!(index.graph_memory() > 0 && index.lists_memory() == 0);
    let few: RoaringBitmap = (0..90).collect();
    let params = SearchParams { filter: Some(&few), ..TEN };
    assert_eq!(method(&index, &vectors[..DIM], &params), Method::Exact, "few are scanned");
    let many: RoaringBitmap = (0..2500).collect();
    let params = SearchParams { filter: Some(&many), ..TEN };
    assert_eq!(method(&index, &vectors[..DIM], &params), Method::Hnsw);
}

#[test]
fn graphs_are_few_and_what_waits_is_found() {
    let mut index = empty(IndexKind::Hnsw, 200);
    let vectors = vectors(3000);
    for (n, part) in batch_of(&vectors).chunks(50).enumerate() {
        index.insert_batch(part).unwrap();
        for row in [n * 50, n * 50 + 49] {
            let query = &vectors[row * DIM..][..DIM];
            assert_eq!(index.search(query, &TEN).unwrap().neighbours[0].row, RowId(row as u32));
        }
        index.catch_up();
        let lengths: Vec<usize> =
            index.graphs().iter().flat_map(|g| g.all()).map(Links::len).collect();
        assert!(lengths.windows(2).all(|pair| pair[0] >= 2 * pair[1]), "{lengths:?}");
    }
    assert!(index.store.slot_count() - index.graphs().unwrap().covered() < 100);
}

#[test]
fn a_graph_that_is_prepared_meets_an_index_that_has_changed() {
    let (mut index, vectors) = of_kind(IndexKind::Hnsw, 2000);
    let prepared = index.prepare().unwrap();
    index.remove(RowId(7));
    index.insert(RowId(8), &vectors[9 * DIM..10 * DIM]).unwrap();
    index.insert(RowId(5000), &vectors[8 * DIM..9 * DIM]).unwrap();
    assert!(index.install(prepared));
    let nearest = |row: usize| {
        let found = index.search(&vectors[row * DIM..][..DIM], &TEN).unwrap();
        assert_eq!(found.method, Method::Hnsw);
        assert!(found.neighbours.iter().all(|neighbour| neighbour.row != RowId(7)));
        found.neighbours.iter().take(2).map(|neighbour| neighbour.row.0).collect::<Vec<_>>()
    };
    assert_eq!(nearest(9), [8, 9], "where row 8 is now");
    assert_eq!(nearest(8)[0], 5000);
    nearest(7);
}

#[test]
fn a_prepared_graph_follows_one_compaction() {
    let (mut index, vectors) = of_kind(IndexKind::Hnsw, 2000);
    let prepared = index.prepare().unwrap();
    (0..500).for_each(|row| assert!(index.remove(RowId(3 * row))));
    index.compact();
    index.remove(RowId(1));
    index.insert(RowId(6000), &vectors[..DIM]).unwrap();
    assert!(index.install(prepared));
    assert_eq!(ends(&index), [1500], "of those that were left");
    for row in (2..1500).step_by(30) {
        let found = index.search(&vectors[row * DIM..][..DIM], &TEN).unwrap();
        assert_eq!((found.neighbours[0].row.0, found.method), (row as u32, Method::Hnsw));
    }
    assert_eq!(index.search(&vectors[..DIM], &TEN).unwrap().neighbours[0].row, RowId(6000));
}

#[test]
fn graphs_go_through_compactions_and_are_built_anew_when_worn() {
    let (mut index, vectors) = of_kind(IndexKind::Hnsw, 6000);
    index.catch_up();
    (0..FEW_DEAD as u32 + 1).for_each(|row| assert!(index.remove(RowId(row))));
    index.compact();
    assert_eq!(ends(&index), [6000 - FEW_DEAD - 1]);
    assert!(!index.needs_catch_up());
    let query = &vectors[5000 * DIM..5001 * DIM];
    assert_eq!(method(&index, query, &TEN), Method::Hnsw, "the old one serves");
    (2000..3000).for_each(|row| assert!(index.remove(RowId(row))));
    index.compact();
    assert!(index.needs_catch_up(), "a third is gone");
    index.catch_up();
    assert!(!index.needs_catch_up());
    assert_eq!(index.search(query, &TEN).unwrap().neighbours[0].row, RowId(5000));
}

#[test]
fn an_emptied_index_has_no_graphs_and_grows_new_ones() {
    let (mut index, vectors) = of_kind(IndexKind::Hnsw, 1500);
    index.catch_up();
    (0..1500).for_each(|row| assert!(index.remove(RowId(row))));
    assert!(index.search(&vectors[..DIM], &TEN).unwrap().neighbours.is_empty());
    index.compact();
    assert!(matches!(index.structure, Structure::None));
    assert!(!index.needs_catch_up());
    index.insert_batch(&batch_of(&vectors)).unwrap();
    index.catch_up();
    assert_eq!(method(&index, &vectors[..DIM], &TEN), Method::Hnsw);
}

#[test]
fn a_graph_that_could_not_be_built_is_not_tried_again_by_itself() {
    let (mut index, vectors) = of_kind(IndexKind::Hnsw, 1000);
    let failed = Prepared::failed(index.compactions);
    assert!(!index.install(failed));
    assert!(!index.needs_catch_up());
    assert_eq!(method(&index, &vectors[..DIM], &TEN), Method::Exact);
    index.set_kind(IndexKind::Hnsw);
    assert!(index.needs_catch_up());
}

#[test]
fn a_change_of_kind_answers_as_before_until_it_is_prepared() {
    use IndexKind::{Auto, Exact, Hnsw, Lists};
    let (mut index, vectors) = of_kind(Auto, 2000);
    let mut last = Method::Ivf;
    for kind in [Hnsw, Lists, Hnsw, Auto, Exact, Hnsw, Exact, Lists, Lists, Auto] {
        index.set_kind(kind);
        assert_eq!(index.kind(), kind);
        let (before, after) = match kind {
            Exact => (Method::Exact, Method::Exact),
            Hnsw => (last, Method::Hnsw),
            Auto | Lists => (last, Method::Ivf),
        };
        assert_eq!(method(&index, &vectors[..DIM], &TEN), before, "{kind}");
        assert_eq!(index.needs_catch_up(), before != after, "{kind}");
        index.catch_up();
        assert_eq!(method(&index, &vectors[..DIM], &TEN), after, "{kind}");
        last = after;
    }
}

#[test]
fn what_was_prepared_for_another_kind_is_not_used() {
    let (mut index, _) = of_kind(IndexKind::Hnsw, 1000);
    let graph = index.prepare().unwrap();
    index.set_kind(IndexKind::Lists);
    let lists = index.prepare().unwrap();
    assert!(!index.install(graph));
    index.set_kind(IndexKind::Exact);
    assert!(!index.install(lists));
    assert!(matches!(index.structure, Structure::None));
}

#[test]
fn an_insertion_does_not_do_the_work_of_a_change_of_kind() {
    let (mut index, vectors) = of_kind(IndexKind::Exact, 3000);
    index.set_kind(IndexKind::Auto);
    index.insert(RowId(9000), &vectors[..DIM]).unwrap();
    assert!(matches!(index.structure, Structure::None) && index.needs_catch_up());
}

#[test]
fn a_preparation_can_be_stopped() {
    for kind in [IndexKind::Lists, IndexKind::Hnsw] {
        let (mut index, _) = of_kind(IndexKind::Exact, 3000);
        index.set_kind(kind);
        assert!(index.preparation().unwrap().run(&mut |_, _| false).is_none(), "{kind}");
        assert!(index.preparation().unwrap().run(&mut |_, _| true).is_some(), "{kind}");
    }
}

/// Two threads search while a third chooses kinds, prepares them, and replaces vectors. Rows 0 to
/// 799 stay as they are and must be found.
#[test]
fn kinds_change_while_others_search_and_insert() {
    let (index, vectors) = of_kind(IndexKind::Auto, 2000);
    let (index, done) = (RwLock::new(index), AtomicBool::new(false));
    let look_for = |row: usize| {
        let query = &vectors[row * DIM..][..DIM];
        let found = index.read().unwrap().search(query, &TEN).unwrap();
        assert_eq!(found.neighbours.len(), 10);
        let nearest = found.neighbours[0].row == RowId(row as u32);
        assert!(nearest || !found.exact, "row {row}");
        nearest
    };
    let search = |seed| {
        let mut random = Random::new(seed);
        let (mut asked, mut nearest) = (0, 0);
        while !done.load(Ordering::Relaxed) {
            nearest += usize::from(look_for(random.below(800)));
            asked += 1;
        }
        assert!(100 * nearest >= 99 * asked, "{nearest} of {asked}");
    };
    let mut installed = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| search(1));
        scope.spawn(|| search(2));
        for (turn, kind) in IndexKind::ALL.into_iter().rev().cycle().take(12).enumerate() {
            index.write().unwrap().set_kind(kind);
            let work = index.read().unwrap().preparation();
            for row in 800 + turn * 100..900 + turn * 100 {
                let mut index = index.write().unwrap();
                index.remove(RowId(row as u32));
                index.insert(RowId(10_000 + row as u32), &vectors[row * DIM..][..DIM]).unwrap();
            }
            if let Some(prepared) = work.and_then(|work| work.run(&mut |_, _| true)) {
                installed.push((kind, index.write().unwrap().install(prepared)));
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(installed.iter().all(|(_, fits)| *fits), "{installed:?}");
    assert!(installed.len() >= 8, "{installed:?}");
}
