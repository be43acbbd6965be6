//! Many queries at once.

use seer_store::{Nearest, Store};
use seer_types::{Embedding, IndexKind};

use crate::Place;
use crate::compare::{check_refused, ok};
use crate::make::{A, B, embedding};
use crate::random::{DIM_A, DIM_B, Random, random_embedding, random_filter, random_library};

const SEED: u64 = 41;

/// Sixty-four queries of two spaces, each with its own number of photos.
fn mixed(random: &mut Random) -> Vec<(Embedding, usize)> {
    let spaces = [(A, DIM_A), (A, DIM_A), (A, DIM_A), (B, DIM_B)];
    let query = |n: usize| {
        let (model, dim) = spaces[n % spaces.len()];
        (random_embedding(model, dim, random), [0, 1, 7, 40, usize::MAX][n % 5])
    };
    (0..64).map(query).collect()
}

#[track_caller]
fn check(store: &dyn Store, queries: &[(Embedding, usize)], random: &mut Random, told: &str) {
    for round in 0..6 {
        let filter = (round > 0).then(|| random_filter(2, random));
        let allowed = filter.as_ref().map(|filter| ok(store.allow(filter)));
        let queries: Vec<(&Embedding, usize)> = queries.iter().map(|(q, k)| (q, *k)).collect();
        let together = ok(store.nearest_many(&queries, allowed.as_ref()));
        assert_eq!(together.len(), queries.len(), "{told}");
        for (place, (found, (query, k))) in together.iter().zip(&queries).enumerate() {
            let alone = ok(store.nearest(query, *k, allowed.as_ref()));
            same(found, &alone, &format!("query {place}, {k} with {filter:?}, {told}"));
        }
    }
}

/// Exact answers are the same; of others only that they have as many photos. Which they are may change
/// in between: a standby hears a little later that an index was built.
#[track_caller]
fn same(found: &Nearest, alone: &Nearest, told: &str) {
    match found.exact && alone.exact {
        true => assert_eq!(found.neighbours, alone.neighbours, "{told}"),
        false => assert_eq!(found.neighbours.len(), alone.neighbours.len(), "{told}"),
    }
}

/// Whatever the kind of index, with and without filters.
pub fn many_are_answered_as_one_by_one(place: &dyn Place) {
    let random = &mut Random::new(SEED);
    let store = place.open();
    for batch in random_library(300, random).batches {
        ok(store.apply(&batch));
    }
    let queries = mixed(random);
    check(&*store, &queries, random, "as it comes");
    check(&*store, &queries[..1], random, "one alone");
    assert!(ok(store.nearest_many(&[], None)).is_empty());
    ok(store.add_space(A, "a", DIM_A));
    for kind in [IndexKind::Exact, IndexKind::Lists, IndexKind::Hnsw] {
        ok(store.set_index(A, kind));
        ok(store.maintain(&mut |_, _| true));
        check(&*store, &queries, random, &format!("{kind:?}, seed {SEED}"));
    }
}

/// One query of another length refuses them all: that is a mistake of who asks.
pub fn lengths_are_checked_in_all(place: &dyn Place) {
    let random = &mut Random::new(SEED);
    let store = place.open();
    for batch in random_library(20, random).batches {
        ok(store.apply(&batch));
    }
    let (right, wrong) = (random_embedding(A, DIM_A, random), embedding(A, &[1.0]));
    check_refused(store.nearest_many(&[(&right, 3), (&wrong, 3)], None), "a query too short");
}
