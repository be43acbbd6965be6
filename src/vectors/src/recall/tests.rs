use super::*;
use crate::random::unit_vectors;
use crate::{GraphParams, IndexParams, IvfParams};

const DIM: usize = 16;

const KINDS: [IndexKind; 3] = [IndexKind::Exact, IndexKind::Lists, IndexKind::Hnsw];

fn index(kind: IndexKind, rows: usize) -> SpaceIndex {
    index_with(IvfParams::default(), kind, rows)
}

fn index_with(lists: IvfParams, kind: IndexKind, rows: usize) -> SpaceIndex {
    let graph = GraphParams::new(12, 80, 96).unwrap();
    let params = IndexParams { exact_limit: 200, lists, graph };
    let mut index = SpaceIndex::with_params(DIM, kind, params);
    let vectors = unit_vectors(&mut Random::new(2), rows, DIM);
    let batch: Vec<(RowId, &[f32])> =
        vectors.chunks(DIM).enumerate().map(|(row, v)| (RowId(3 * row as u32), v)).collect();
    index.insert_batch(&batch).unwrap();
    index.catch_up();
    index
}

fn compare(index: &SpaceIndex, sampled: usize, queries: &[&[f32]]) -> Vec<ComparedKind> {
    let comparison = Comparison { kinds: &KINDS, sampled, queries };
    compare_kinds(index, &comparison, &mut |_| true).unwrap().unwrap()
}

#[test]
fn every_kind_is_measured_and_only_what_is_missing_is_built() {
    let query = unit_vectors(&mut Random::new(3), 1, DIM);
    for in_use in IndexKind::ALL {
        let index = index(in_use, 2000);
        let results = compare(&index, 30, &[&query]);
        assert_eq!(results.iter().map(|result| result.kind).collect::<Vec<_>>(), KINDS);
        let [exact, lists, hnsw] = results.try_into().unwrap();
        assert_eq!((exact.recall_at_10, exact.bytes, exact.build_ms), (1.0, 0, None));
        for result in [lists, hnsw] {
            assert!((0.5..=1.0).contains(&result.recall_at_10), "{result:?}");
            assert!(result.bytes > 0 && result.median_ms > 0.0 && result.mean_ms > 0.0);
        }
        let has_lists = matches!(in_use, IndexKind::Auto | IndexKind::Lists);
        assert_eq!(lists.build_ms.is_none(), has_lists, "{in_use}");
        assert_eq!(hnsw.build_ms.is_none(), in_use == IndexKind::Hnsw, "{in_use}");
        assert_eq!(index.kind(), in_use);
    }
}

#[test]
fn what_is_missed_counts() {
    // One list of many is read: most neighbours are elsewhere.
    let lists = IvfParams::new(4.0, 0.001, 2.0).unwrap();
    let index = index_with(lists, IndexKind::Lists, 2000);
    let results = compare(&index, 50, &[]);
    assert!(results[1].recall_at_10 < 0.9, "{:?}", results[1]);
    assert_eq!(results[0].recall_at_10, 1.0);
}

#[test]
fn the_sample_is_of_live_rows_and_the_same_every_time() {
    let rows: RoaringBitmap = (0..1000).map(|row| 7 * row).collect();
    let chosen = sample(&rows, 100);
    assert_eq!((chosen.len(), chosen.is_subset(&rows)), (100, true));
    assert_eq!(sample(&rows, 100), chosen);
    assert_eq!(sample(&rows, 1000), rows);
    assert_eq!(sample(&rows, usize::MAX), rows);
    assert!(sample(&rows, 0).is_empty());
}

#[test]
fn the_own_row_does_not_count() {
    let index = index(IndexKind::Exact, 300);
    let comparison = Comparison { kinds: &KINDS, sampled: 10, queries: &[] };
    for question in questions(&index, &comparison) {
        let found = question.ask(&index, (IndexKind::Exact, &Structure::None)).unwrap();
        assert_eq!(found.len(), 10);
        assert!(found.iter().all(|neighbour| Some(neighbour.row) != question.own));
    }
}

#[test]
fn few_vectors_are_no_special_case() {
    for rows in [0, 1, 2, 12] {
        for result in compare(&index(IndexKind::Auto, rows), 5, &[]) {
            assert_eq!((result.recall_at_10, result.build_ms), (1.0, None), "{rows} {result:?}");
        }
    }
}

#[test]
fn progress_is_told_and_can_stop_it() {
    let index = index(IndexKind::Auto, 2000);
    let comparison = Comparison { kinds: &KINDS, sampled: 3, queries: &[] };
    let mut steps = Vec::new();
    let all = compare_kinds(&index, &comparison, &mut |step| {
        steps.push(step);
        true
    });
    assert!(all.unwrap().is_some());
    let hnsw = CompareStep::Building { kind: IndexKind::Hnsw, done: 2000, of: 2000 };
    assert!(steps.contains(&hnsw), "{steps:?}");
    let asking = (0..=3).map(|done| CompareStep::Asking { done, of: 3 });
    assert!(steps.ends_with(&asking.collect::<Vec<_>>()), "{steps:?}");
    for (stop, step) in steps.iter().enumerate().take(steps.len() - 1) {
        let mut left = stop;
        let stopped = compare_kinds(&index, &comparison, &mut |_| {
            left = left.wrapping_sub(1);
            left != usize::MAX
        });
        assert_eq!(stopped.unwrap(), None, "stopped at {step:?}");
    }
}

#[test]
fn a_query_that_is_no_unit_vector_is_refused() {
    let index = index(IndexKind::Exact, 20);
    let comparison = Comparison { kinds: &KINDS, sampled: 0, queries: &[&[1.0]] };
    let refused = compare_kinds(&index, &comparison, &mut |_| true);
    assert_eq!(refused, Err(VectorError::WrongDim { expected: DIM, found: 1 }));
}
