//! What one store wrote, the next one on the same place reads.

use seer_store::{Analysis, Change, Store};
use seer_types::{Device, DevicePlace, IndexKind};

use super::Both;
use crate::Place;
use crate::compare::{check_nearest, check_same, found, ok};
use crate::make::{A, B, failure, id, path, unlink};
use crate::random::{DIM_A, DIM_B, Random, random_embedding, random_filter, random_library};

const SEED: u64 = 31;

fn text() -> Analysis {
    Analysis::Named { name: "text".into(), version: 2 }
}

fn settings(store: &dyn Store) {
    ok(store.add_space(A, "a", DIM_A));
    ok(store.add_space(B, "b", DIM_B));
    ok(store.use_space(B));
    ok(store.set_index(A, IndexKind::Hnsw));
    ok(store.set_index(B, IndexKind::Lists));
    ok(store.add_root(&path("/mnt")));
    let device = Device { number: 5, file_system: 6 };
    let on = DevicePlace { path: path("/home/me/Pictures"), device, linked: true };
    ok(store.set_places(&path("/home/me/Pictures"), &[on]));
}

#[track_caller]
fn check(both: &Both, random: &mut Random, told: &str) {
    check_same(&*both.store, &both.plain, &[text()], told);
    for _ in 0..20 {
        let filter = random_filter(2, random);
        assert_eq!(found(&*both.store, &filter), found(&both.plain, &filter), "{filter:?}, {told}");
        let query = random_embedding(A, DIM_A, random);
        check_nearest(&*both.store, &both.plain, &query, 12, Some(&filter), told);
        let query = random_embedding(B, DIM_B, random);
        check_nearest(&*both.store, &both.plain, &query, 12, None, told);
    }
}

/// Everything is there again, right after a batch, after maintenance and after a purge.
pub fn everything_is_there_again(place: &dyn Place) {
    let random = &mut Random::new(SEED);
    let Both { mut store, plain } = Both::new(place);
    settings(&*store);
    settings(&plain);
    let last = vec![
        Change::Analysed { id: id(3), analysis: text() },
        Change::Failed(failure("/home/me/Pictures/torn.jpg", "torn")),
        unlink("/nowhere"),
    ];
    let mut batches = random_library(120, random).batches;
    batches.push(last);
    for (round, batch) in batches.iter().enumerate() {
        let both = Both { store, plain: plain.clone() };
        assert!(both.apply(batch, "a batch"));
        store = both.store;
        if round % 2 == 1 {
            store = again(place, store);
        }
    }
    for round in ["plain", "maintained", "purged"] {
        match round {
            "maintained" => ok(store.maintain(&mut |_, _| true)),
            "purged" => assert_eq!(ok(store.purge()), ok(plain.purge())),
            _ => {}
        }
        let both = Both { store: again(place, store), plain: plain.clone() };
        check(&both, random, &format!("{round}, seed {SEED}"));
        store = both.store;
    }
}

fn again(place: &dyn Place, store: Box<dyn Store>) -> Box<dyn Store> {
    drop(store);
    place.open()
}
