//! Neighbours beside those of the plain store.
//!
//! Two stores may add the same products in another order, so that cosines differ in their last
//! digits and photos that are nearly as near change places. Everything else has to be the same.

use std::collections::BTreeMap;

use seer_store::{Filter, Nearest, Neighbour, Store};
use seer_types::{Embedding, PhotoId};

use super::ok;

/// How far the cosines of two stores may lie apart.
pub(crate) const CLOSE: f32 = 1e-5;

/// Asks both stores for the `k` nearest photos and panics where the answers differ.
///
/// # Panics
/// As said. `told` goes into the message: which seed, which round.
#[track_caller]
pub fn check_nearest(
    store: &dyn Store,
    plain: &dyn Store,
    query: &Embedding,
    k: usize,
    filter: Option<&Filter>,
    told: &str,
) {
    let found = neighbours(store, query, k, filter);
    let all = neighbours(plain, query, usize::MAX, filter).neighbours;
    let told = format!("{told}, nearest {k} with {filter:?}, method {}", found.method);
    assert_eq!(found.neighbours.len(), all.len().min(k), "min(k, matches): {told}");
    assert!(["exact", "ivf", "hnsw"].contains(&found.method), "{told}");
    assert!(found.exact || found.method != "exact", "{told}");
    check_order(&found.neighbours, &told);
    check_values(&found.neighbours, &all, &told);
    check_parts(&found.neighbours, plain, query, &told);
    if found.exact {
        check_places(&found.neighbours, &all, &told);
    } else {
        check_recall(&found.neighbours, &all, &told);
    }
}

pub(crate) fn neighbours(
    store: &dyn Store,
    query: &Embedding,
    k: usize,
    filter: Option<&Filter>,
) -> Nearest {
    let allowed = filter.map(|filter| ok(store.allow(filter)));
    ok(store.nearest(query, k, allowed.as_ref()))
}

/// Best cosine first, of equal ones the lowest id, each photo once.
#[track_caller]
fn check_order(found: &[Neighbour], told: &str) {
    for pair in found.windows(2) {
        let (first, second) = (pair[0], pair[1]);
        let falls = first.cosine > second.cosine;
        let tie = first.cosine == second.cosine && first.id < second.id;
        assert!(falls || tie, "{first:?} before {second:?}: {told}");
    }
    let mut ids: Vec<PhotoId> = found.iter().map(|one| one.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), found.len(), "a photo comes twice: {told}");
}

/// Every one is allowed, with its own cosine.
#[track_caller]
fn check_values(found: &[Neighbour], all: &[Neighbour], told: &str) {
    let right: BTreeMap<PhotoId, &Neighbour> = all.iter().map(|one| (one.id, one)).collect();
    for one in found {
        let Some(right) = right.get(&one.id) else { panic!("{one:?} is not allowed: {told}") };
        assert!((one.cosine - right.cosine).abs() <= CLOSE, "{one:?}, not {right:?}: {told}");
    }
}

/// The part is one that has this cosine.
#[track_caller]
fn check_parts(found: &[Neighbour], plain: &dyn Store, query: &Embedding, told: &str) {
    for one in found {
        let points = ok(plain.points(query.model(), one.id));
        let part = points.iter().find(|point| point.part == one.part);
        let Some(part) = part else { panic!("{one:?} has no such part: {told}") };
        let near = part.embedding.cosine(query).is_ok_and(|c| (c - one.cosine).abs() <= CLOSE);
        assert!(near, "{one:?} has its cosine from another part: {told}");
    }
}

/// An index that may miss photos misses few of so small a library.
#[track_caller]
fn check_recall(found: &[Neighbour], all: &[Neighbour], told: &str) {
    let right = |one: &&Neighbour| all[..found.len()].iter().any(|right| right.id == one.id);
    let right = found.iter().filter(right).count();
    assert!(right * 10 >= found.len() * 8, "only {right} of {}: {told}", found.len());
}

/// At every place a cosine as high as can be.
#[track_caller]
fn check_places(found: &[Neighbour], all: &[Neighbour], told: &str) {
    for (place, (one, right)) in found.iter().zip(all).enumerate() {
        let near = (one.cosine - right.cosine).abs() <= CLOSE;
        assert!(near, "{one:?} at place {place} instead of {right:?}: {told}");
    }
}

/// Asks both stores for cosines and panics where they differ.
#[track_caller]
pub(crate) fn check_cosines(
    store: &dyn Store,
    plain: &dyn Store,
    query: &Embedding,
    ids: &[PhotoId],
    told: &str,
) {
    let (found, right) = (ok(store.cosines(query, ids)), ok(plain.cosines(query, ids)));
    assert_eq!(found.len(), ids.len(), "one cosine for each id: {told}");
    for ((id, found), right) in ids.iter().zip(found).zip(right) {
        let same = match (found, right) {
            (Some(found), Some(right)) => (found - right).abs() <= CLOSE,
            (None, None) => true,
            _ => false,
        };
        assert!(same, "the cosine of {id} is {found:?}, not {right:?}: {told}");
    }
}
