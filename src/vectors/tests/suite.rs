//! The promises of `VectorIndex`, tested alike on every implementation; the exact scan is the
//! oracle for the others.

use std::collections::BTreeMap;

use half::f16;
use roaring::RoaringBitmap;
use seer_types::{IndexKind, RowId};
use seer_vectors::{
    ExactIndex, Found, GraphParams, IndexParams, IvfParams, SearchParams, SpaceIndex, VectorError,
    VectorIndex,
};

#[path = "../src/random.rs"]
mod random;
use random::{Random, unit_vectors};

const DIM: usize = 24;

/// Rows of the larger tests: two full blocks of vectors and a rest.
const ROWS: usize = 2 * 1024 + 300;

/// Every implementation, and how much of the true answer each must find.
fn every_index(dim: usize) -> Vec<(&'static str, Box<dyn VectorIndex>, f64)> {
    // These vectors know no near and far topics as photos do: more lists have to be read.
    let lists = IvfParams::new(2.0, 0.8, 3.0).unwrap();
    let graph = GraphParams::new(12, 80, 96).unwrap();
    let of_kind = |kind, exact_limit| {
        let params = IndexParams { exact_limit, lists, graph };
        Box::new(SpaceIndex::with_params(dim, kind, params))
    };
    let in_step = |kind| Box::new(InStep(*of_kind(kind, 200)));
    vec![
        ("exact scan", Box::new(ExactIndex::new(dim)) as Box<dyn VectorIndex>, 1.0),
        ("auto, exact", of_kind(IndexKind::Auto, 100_000), 1.0),
        ("auto, exact from codes", of_kind(IndexKind::Auto, 2_600), 1.0),
        ("auto, lists", of_kind(IndexKind::Auto, 200), 0.97),
        ("exact", of_kind(IndexKind::Exact, 200), 1.0),
        ("lists", of_kind(IndexKind::Lists, 5_000), 0.97),
        ("lists, in step", in_step(IndexKind::Lists), 0.97),
        ("hnsw, not linked yet", of_kind(IndexKind::Hnsw, 200), 1.0),
        ("hnsw", in_step(IndexKind::Hnsw), 0.97),
    ]
}

/// An index whose lists or graphs are made as soon as they are wanted.
struct InStep(SpaceIndex);

impl VectorIndex for InStep {
    fn dim(&self) -> usize {
        self.0.dim()
    }

    fn rows(&self) -> &RoaringBitmap {
        self.0.rows()
    }

    fn get(&self, row: RowId) -> Option<Vec<f32>> {
        self.0.get(row)
    }

    fn insert_batch(&mut self, batch: &[(RowId, &[f32])]) -> Result<(), VectorError> {
        self.0.insert_batch(batch)?;
        self.0.catch_up();
        Ok(())
    }

    fn remove(&mut self, row: RowId) -> bool {
        let removed = self.0.remove(row);
        self.0.catch_up();
        removed
    }

    fn search(&self, query: &[f32], params: &SearchParams) -> Result<Found, VectorError> {
        self.0.search(query, params)
    }
}

/// What the answer should be, by the definition and in double precision.
struct Model(BTreeMap<u32, Vec<f32>>);

impl Model {
    fn cosine(&self, row: u32, query: &[f32]) -> f64 {
        self.0[&row].iter().zip(query).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    }

    fn allowed(&self, filter: Option<&RoaringBitmap>) -> Vec<u32> {
        self.0.keys().copied().filter(|row| filter.is_none_or(|f| f.contains(*row))).collect()
    }

    /// Checks everything an answer must have, exact or not; gives how many of the best it found.
    fn check(&self, name: &str, query: &[f32], params: &SearchParams, found: &Found) -> usize {
        let mut best = self.allowed(params.filter);
        let k = params.k.min(best.len());
        assert_eq!(found.neighbours.len(), k, "{name}: always min(k, allowed)");
        for pair in found.neighbours.windows(2) {
            let in_order = (-pair[0].cosine, pair[0].row) < (-pair[1].cosine, pair[1].row);
            assert!(in_order, "{name}: cosine descending, row ascending, each once: {pair:?}");
        }
        for neighbour in &found.neighbours {
            assert!(best.contains(&neighbour.row.0), "{name}: {neighbour:?} is not allowed");
            let error = self.cosine(neighbour.row.0, query) - f64::from(neighbour.cosine);
            assert!(error.abs() < 1e-5, "{name}: {neighbour:?} is off by {error}");
        }
        best.sort_by(|a, b| self.cosine(*b, query).total_cmp(&self.cosine(*a, query)));
        let Some(last) = k.checked_sub(1).map(|last| self.cosine(best[last], query)) else {
            return 0;
        };
        found.neighbours.iter().filter(|n| f64::from(n.cosine) >= last - 1e-5).count()
    }
}

/// Vectors as photos make them: around a few topics.
fn clustered(random: &mut Random, count: usize) -> Vec<f32> {
    let topics = unit_vectors(random, 40, DIM);
    let noise = unit_vectors(random, count, DIM);
    let mut values = Vec::new();
    for n in 0..count {
        let topic = &topics[random.below(40) * DIM..][..DIM];
        let mixed: Vec<f32> =
            topic.iter().zip(&noise[n * DIM..]).map(|(t, x)| t + 0.7 * x).collect();
        values.extend(as_catalogs_hold(&mixed));
    }
    values
}

/// A unit vector of numbers of 16 bits, which an index gives back as it is.
fn as_catalogs_hold(vector: &[f32]) -> Vec<f32> {
    let unit = |vector: &[f32]| -> Vec<f32> {
        let length = vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
        vector.iter().map(|x| (f64::from(*x) / length) as f32).collect()
    };
    let rounded = |vector: &[f32]| -> Vec<f32> {
        unit(&vector.iter().map(|x| f16::from_f32(*x).to_f32()).collect::<Vec<f32>>())
    };
    rounded(&rounded(&unit(vector)))
}

fn batch_of(vectors: &[f32]) -> Vec<(RowId, &[f32])> {
    vectors.chunks(DIM).enumerate().map(|(row, v)| (RowId(row as u32), v)).collect()
}

fn model_of(batch: &[(RowId, &[f32])]) -> Model {
    Model(batch.iter().map(|(row, vector)| (row.0, vector.to_vec())).collect())
}

/// Searches many times, checks each answer, and compares what was found with `share`.
fn assert_finds(
    name: &str,
    index: &dyn VectorIndex,
    model: &Model,
    filter: Option<&RoaringBitmap>,
    share: f64,
) {
    let queries = unit_vectors(&mut Random::new(77), 40, DIM);
    let params = SearchParams { k: 10, filter, effort: None };
    let (mut hits, mut wanted) = (0, 0);
    for query in queries.chunks(DIM) {
        let found = index.search(query, &params).unwrap();
        let hit = model.check(name, query, &params, &found);
        if found.exact {
            assert_eq!(hit, found.neighbours.len(), "{name}: said to be exact");
        }
        hits += hit;
        wanted += found.neighbours.len();
    }
    assert!(hits as f64 >= share * wanted as f64, "{name}: found {hits} of {wanted}");
}

#[test]
fn the_best_are_found_in_order() {
    let vectors = clustered(&mut Random::new(1), ROWS);
    let batch = batch_of(&vectors);
    let model = model_of(&batch);
    for (name, mut index, share) in every_index(DIM) {
        index.insert_batch(&batch).unwrap();
        assert_eq!((index.len(), index.dim()), (ROWS, DIM), "{name}");
        assert_finds(name, &*index, &model, None, share);
    }
}

#[test]
fn the_order_of_insertion_does_not_matter() {
    let vectors = clustered(&mut Random::new(2), ROWS);
    let mut batch = batch_of(&vectors);
    let model = model_of(&batch);
    let mut random = Random::new(3);
    for last in (1..batch.len()).rev() {
        batch.swap(last, random.below(last + 1));
    }
    for (name, mut index, share) in every_index(DIM) {
        for part in batch.chunks(100) {
            index.insert_batch(part).unwrap();
        }
        assert_finds(name, &*index, &model, None, share);
        for row in [0, 1500, ROWS as u32 - 1] {
            assert_eq!(index.get(RowId(row)), Some(model.0[&row].clone()), "{name}");
        }
    }
}

#[test]
fn filters_of_every_selectivity_give_what_they_allow() {
    let vectors = clustered(&mut Random::new(4), ROWS);
    let batch = batch_of(&vectors);
    let model = model_of(&batch);
    let every = |step: usize| -> RoaringBitmap { (0..ROWS as u32).step_by(step).collect() };
    let filters = [
        ("none", RoaringBitmap::new()),
        ("only unknown rows", RoaringBitmap::from_iter([90_000, u32::MAX])),
        ("one", RoaringBitmap::from_iter([7])),
        ("few", RoaringBitmap::from_iter([7, 8, 1400, 2300, 90_000])),
        ("1 %", every(100)),
        ("10 %", every(10)),
        ("50 %", every(2)),
        ("100 %", every(1)),
        ("a folder", (1024..1224).collect()),
    ];
    for (name, mut index, share) in every_index(DIM) {
        index.insert_batch(&batch).unwrap();
        for (what, filter) in &filters {
            assert_finds(&format!("{name}, {what}"), &*index, &model, Some(filter), share);
        }
    }
}

#[test]
fn a_replaced_vector_is_found_where_it_is_now() {
    let mut random = Random::new(5);
    let vectors = clustered(&mut random, ROWS);
    let batch = batch_of(&vectors);
    let elsewhere = clustered(&mut random, 400);
    for (name, mut index, share) in every_index(DIM) {
        let mut model = model_of(&batch);
        index.insert_batch(&batch).unwrap();
        for (n, vector) in elsewhere.chunks(DIM).enumerate() {
            let row = (n * 5) as u32;
            index.insert(RowId(row), vector).unwrap();
            model.0.insert(row, vector.to_vec());
        }
        assert_eq!(index.len(), ROWS, "{name}");
        assert_finds(name, &*index, &model, None, share);
    }
}

#[test]
fn of_a_row_named_twice_in_a_batch_the_last_counts() {
    for (name, mut index, _) in every_index(2) {
        index
            .insert_batch(&[
                (RowId(3), &[1.0, 0.0]),
                (RowId(4), &[0.6, 0.8]),
                (RowId(3), &[0.0, 1.0]),
            ])
            .unwrap();
        assert_eq!(index.len(), 2, "{name}");
        assert_eq!(index.get(RowId(3)), Some(vec![0.0, 1.0]), "{name}");
    }
}

#[test]
fn removed_rows_are_gone_and_the_rest_is_found() {
    let vectors = clustered(&mut Random::new(6), ROWS);
    let batch = batch_of(&vectors);
    for (name, mut index, share) in every_index(DIM) {
        let mut model = model_of(&batch);
        index.insert_batch(&batch).unwrap();
        let mut random = Random::new(7);
        // First a few; then so many that the index cleans up.
        for left in [ROWS - 100, 200, 5, 0] {
            while model.0.len() > left {
                let row = random.below(ROWS) as u32;
                assert_eq!(index.remove(RowId(row)), model.0.remove(&row).is_some(), "{name}");
            }
            assert_eq!(index.len(), left, "{name}");
            assert_eq!(index.get(RowId(0)).is_some(), model.0.contains_key(&0), "{name}");
            assert_finds(name, &*index, &model, None, share);
        }
        assert!(index.is_empty(), "{name}");
        index.insert(RowId(1), &vectors[..DIM]).unwrap();
        assert_eq!(index.len(), 1, "{name}: an emptied index can be used on");
    }
}

#[test]
fn more_are_asked_for_than_there_are() {
    let vectors = clustered(&mut Random::new(8), 1200);
    let batch = batch_of(&vectors);
    let model = model_of(&batch);
    for (name, mut index, _) in every_index(DIM) {
        index.insert_batch(&batch).unwrap();
        for k in [0, 1, 1199, 1200, 1201, usize::MAX] {
            let params = SearchParams { k, ..Default::default() };
            let query = &vectors[..DIM];
            let found = index.search(query, &params).unwrap();
            model.check(name, query, &params, &found);
        }
    }
}

#[test]
fn an_empty_index_gives_nothing() {
    for (name, mut index, _) in every_index(2) {
        assert_eq!((index.len(), index.is_empty()), (0, true), "{name}");
        let found = index.search(&[1.0, 0.0], &SearchParams { k: 5, ..Default::default() });
        assert_eq!(found.unwrap().neighbours, [], "{name}");
        assert!(!index.remove(RowId(0)), "{name}");
        assert_eq!(index.get(RowId(0)), None, "{name}");
    }
}

#[test]
fn what_is_no_unit_vector_is_refused_and_changes_nothing() {
    let params = SearchParams { k: 5, ..Default::default() };
    let bad: [(&[f32], VectorError); 4] = [
        (&[1.0, 0.0, 0.0], VectorError::WrongDim { expected: 2, found: 3 }),
        (&[], VectorError::WrongDim { expected: 2, found: 0 }),
        (&[0.0, f32::NAN], VectorError::NotFinite { position: 1 }),
        (&[3.0, 4.0], VectorError::NotUnit { length: 5.0 }),
    ];
    for (name, mut index, _) in every_index(2) {
        index.insert(RowId(1), &[1.0, 0.0]).unwrap();
        for (vector, error) in bad {
            assert_eq!(index.insert(RowId(1), vector), Err(error), "{name}");
            assert_eq!(index.search(vector, &params), Err(error), "{name}");
            let batch = [(RowId(2), &[0.0, 1.0][..]), (RowId(3), vector)];
            assert_eq!(index.insert_batch(&batch), Err(error), "{name}");
        }
        let reserved = index.insert(RowId(u32::MAX), &[1.0, 0.0]);
        assert_eq!(reserved, Err(VectorError::ReservedRow { row: u32::MAX }), "{name}");
        assert_eq!(index.rows(), &RoaringBitmap::from_iter([1]), "{name}");
        assert_eq!(index.get(RowId(1)), Some(vec![1.0, 0.0]), "{name}");
    }
}

#[test]
fn equal_vectors_come_in_row_order() {
    let mut random = Random::new(9);
    let vector = unit_vectors(&mut random, 1, DIM);
    let others = clustered(&mut random, ROWS);
    for (name, mut index, _) in every_index(DIM) {
        index.insert_batch(&batch_of(&others)).unwrap();
        for row in [5000, 4000, 6000, 4500] {
            index.insert(RowId(row), &vector).unwrap();
        }
        let params = SearchParams { k: 4, ..Default::default() };
        let found = index.search(&vector, &params).unwrap();
        let rows: Vec<u32> = found.neighbours.iter().map(|n| n.row.0).collect();
        assert_eq!(rows, [4000, 4500, 5000, 6000], "{name}");
    }
}

#[test]
fn large_and_lone_row_numbers_are_taken() {
    for (name, mut index, _) in every_index(2) {
        index.insert(RowId(u32::MAX - 1), &[0.0, 1.0]).unwrap();
        index.insert(RowId(0), &[1.0, 0.0]).unwrap();
        let found = index.search(&[0.0, 1.0], &SearchParams { k: 1, ..Default::default() });
        assert_eq!(found.unwrap().neighbours[0].row, RowId(u32::MAX - 1), "{name}");
    }
}

#[test]
fn a_random_life_agrees_with_the_model() {
    for (name, mut index, share) in every_index(DIM) {
        let mut random = Random::new(10);
        let mut model = Model(BTreeMap::new());
        for _ in 0..25 {
            let vectors = clustered(&mut random, 150);
            let rows: Vec<u32> = (0..150).map(|_| random.below(2500) as u32).collect();
            let batch: Vec<(RowId, &[f32])> =
                rows.iter().map(|row| RowId(*row)).zip(vectors.chunks(DIM)).collect();
            index.insert_batch(&batch).unwrap();
            model.0.extend(batch.iter().map(|(row, vector)| (row.0, vector.to_vec())));
            for _ in 0..40 {
                let row = random.below(2500) as u32;
                assert_eq!(index.remove(RowId(row)), model.0.remove(&row).is_some(), "{name}");
            }
            assert!(index.rows().iter().eq(model.0.keys().copied()), "{name}");
        }
        assert_finds(name, &*index, &model, None, share);
    }
}

#[test]
fn many_threads_may_search_at_once() {
    let vectors = clustered(&mut Random::new(11), ROWS);
    let batch = batch_of(&vectors);
    for (name, mut index, _) in every_index(DIM) {
        index.insert_batch(&batch).unwrap();
        let params = SearchParams { k: 3, ..Default::default() };
        let alone: Vec<Found> =
            vectors.chunks(DIM).take(64).map(|q| index.search(q, &params).unwrap()).collect();
        let index = &*index;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for (query, expected) in vectors.chunks(DIM).zip(&alone) {
                        assert_eq!(&index.search(query, &params).unwrap(), expected, "{name}");
                    }
                });
            }
        });
    }
}
