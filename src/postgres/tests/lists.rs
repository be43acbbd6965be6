//! More photos than are compared one by one: the index answers, says so, and costs no answers.

mod support;

use seer_postgres::PostgresStore;
use seer_store::{Change, Filter, Nearest, Point, Store};
use seer_store_suite::{embedding, photo};
use seer_types::{Embedding, IndexKind, ModelFingerprint};
use support::Server;

const MODEL: ModelFingerprint = ModelFingerprint([3; 16]);
const PHOTOS: u32 = 21_000;

/// Somewhere on the sphere, the same for the same number.
fn place(number: u32) -> Embedding {
    let mut seed = number.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    embedding(MODEL, &std::array::from_fn::<f32, 8, _>(|_| next()))
}

fn fill(store: &dyn Store) {
    let one = |number: u32| {
        let mut change = photo(number, &format!("/p/{number}"), vec![Point::whole(place(number))]);
        if let Change::Photo { facts, .. } = &mut change {
            facts.width = number;
        }
        change
    };
    let all: Vec<Change> = (0..PHOTOS).map(one).collect();
    all.chunks(3000).for_each(|batch| store.apply(batch).expect("applied"));
}

fn recall(found: &Nearest, right: &Nearest) -> f64 {
    let hit = |one: &&seer_store::Neighbour| right.neighbours.iter().any(|r| r.id == one.id);
    found.neighbours.iter().filter(hit).count() as f64 / right.neighbours.len() as f64
}

fn check(partitions: u32) {
    let server = Server::start(&["fsync=off"]);
    let (name, config) = server.library(partitions);
    let store = PostgresStore::open(&config).expect("opens");
    store.add_space(MODEL, "m", 8).expect("a space");
    fill(&store);
    let query = place(u32::MAX);
    // Without an index everything is compared.
    let right = store.nearest(&query, 300, None).expect("neighbours");
    assert_eq!((right.method, right.exact, right.neighbours.len()), ("exact", true, 300));
    store.maintain(&mut |_, _| true).expect("maintained");
    let scans = || {
        let statement = "select coalesce(sum(idx_scan), 0) from pg_stat_user_indexes \
                         where indexrelname like 'point%near'";
        server.sql(&name, statement).parse::<f64>().expect("a number")
    };
    let before = scans();
    let found = store.nearest(&query, 300, None).expect("neighbours");
    assert_eq!((found.method, found.exact, found.neighbours.len()), ("ivf", false, 300));
    assert!(recall(&found, &right) > 0.9, "{}", recall(&found, &right));
    // A session tells what it did when it has been idle for some seconds.
    let told = (0..60).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(500));
        scans() > before
    });
    assert!(told, "the index was not asked");
    // Nearly all are allowed: the index, and as many answers as there are.
    let most = store.allow(&Filter::Width { min: Some(500), max: None }).expect("allowed");
    let found = store.nearest(&query, 300, Some(&most)).expect("neighbours");
    assert_eq!((found.method, found.neighbours.len() as u64), ("ivf", 300));
    let found = store.nearest(&query, usize::MAX, Some(&most)).expect("neighbours");
    assert_eq!(found.neighbours.len() as u64, most.count);
    // Few are allowed: each is compared.
    let few = store.allow(&Filter::Width { min: Some(20_990), max: None }).expect("allowed");
    let found = store.nearest(&query, 300, Some(&few)).expect("neighbours");
    assert_eq!((found.method, found.exact, found.neighbours.len()), ("exact", true, 10));
    store.set_index(MODEL, IndexKind::Exact).expect("set");
    let found = store.nearest(&query, 300, None).expect("neighbours");
    assert_eq!((found.exact, found.neighbours), (true, right.neighbours));
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn lists_answer_for_many_photos() {
    check(0);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn lists_answer_for_many_photos_in_parts() {
    check(4);
}
