//! Several indexers at one list of work, some of which die.

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use seer_postgres::{InitOptions, PostgresConfig, PostgresStore};
use seer_store::{Backlog, Change, Job, Lease, Store, StoreErrorKind, WorkList};
use seer_store_suite::{changes_of, photo, record};
use seer_types::{FileStamp, LibraryPath, ModelFingerprint, PhotoClass, PhotoFacts};
use support::Server;

const LONG: Duration = Duration::from_secs(600);
const MODEL: ModelFingerprint = ModelFingerprint([1; 16]);
const OTHER: ModelFingerprint = ModelFingerprint([2; 16]);

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&["fsync=off"]))
}

fn open(config: &PostgresConfig) -> PostgresStore {
    PostgresStore::open(config).expect("opens")
}

fn roots() -> [LibraryPath; 1] {
    [LibraryPath::new("/p")]
}

fn job(number: u32) -> Job {
    let path = LibraryPath::new(format!("/p/{number}.jpg"));
    Job { path, root: LibraryPath::new("/p"), stamp: FileStamp::new(u64::from(number), 1) }
}

fn jobs(numbers: std::ops::Range<u32>) -> Vec<Job> {
    numbers.map(job).collect()
}

/// What comes of a leased file; its size is its number.
fn change(lease: &Lease) -> Change {
    photo(lease.job.stamp.size as u32, &lease.job.path.to_text(), Vec::new())
}

fn lease(store: &PostgresStore, most: usize) -> Vec<Lease> {
    store.lease(MODEL, &roots(), most, LONG).expect("leases")
}

fn backlog(store: &PostgresStore) -> Backlog {
    store.backlog(MODEL, &roots()).expect("asks")
}

/// The folders that one could walk through.
fn free(store: &PostgresStore, folders: &[LibraryPath]) -> Vec<LibraryPath> {
    let mut free = Vec::new();
    store.walking(folders, &mut |mine| free = mine.to_vec()).expect("asks");
    free
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn one_walks_through_a_folder_at_a_time() {
    let (_, config) = server().library(0);
    let (one, other) = (open(&config), open(&config));
    let both = [LibraryPath::new("/p"), LibraryPath::new("/q")];
    let mut walked = false;
    let walk = &mut |mine: &[LibraryPath]| {
        assert_eq!(mine, &both[..1]);
        assert_eq!(free(&other, &both), &both[1..], "two walk");
        assert!(other.is_walked(&both).expect("asks"));
        assert!(!other.is_walked(&both[1..]).expect("asks"));
        one.list(MODEL, &[job(1), job(2), job(1)]).expect("lists");
        walked = true;
    };
    one.walking(&both[..1], walk).expect("walks");
    assert!(walked);
    assert_eq!(free(&other, &both), both);
    assert!(!other.is_walked(&both).expect("asks"));
    assert_eq!(backlog(&other), Backlog { waiting: 2, leased: 0 });
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_lease_is_finished_once() {
    let (_, config) = server().library(8);
    let store = open(&config);
    store.list(MODEL, &jobs(0..3)).expect("lists");
    let leases = lease(&store, 2);
    assert_eq!((leases.len(), leases[0].tries), (2, 1));
    assert_eq!(store.lease(MODEL, &[LibraryPath::new("/q")], 9, LONG).expect("leases"), []);
    assert_eq!(store.lease(OTHER, &roots(), 9, LONG).expect("leases"), []);
    assert_eq!(backlog(&store), Backlog { waiting: 1, leased: 2 });
    let batch: Vec<Change> = leases.iter().map(change).collect();
    assert!(store.finish(MODEL, &leases, &batch).expect("finished"));
    assert!(!store.finish(MODEL, &leases, &batch).expect("asks"), "twice");
    assert_eq!(store.counts().expect("counts").photos, 2);
    // Listed again with the same state: one waits; with another one: it is taken from its holder.
    let leases = lease(&store, 9);
    let left = leases[0].job.stamp.size as u32;
    store.list(MODEL, &[job(left)]).expect("lists");
    assert!(store.renew(MODEL, &leases, LONG).expect("still ours"));
    let changed = Job { stamp: FileStamp::new(u64::from(left), 9), ..job(left) };
    store.list(MODEL, &[changed]).expect("lists");
    assert!(!store.renew(MODEL, &leases, LONG).expect("asks"));
    let written = store.finish(MODEL, &leases, &[change(&leases[0])]).expect("asks");
    assert!(!written, "an old state was written");
    assert_eq!(store.counts().expect("counts").photos, 2);
    let leases = lease(&store, 9);
    assert_eq!((leases.len(), leases[0].tries, leases[0].job.stamp.modified_ns), (1, 1, 9));
    store.give_back(MODEL, &leases).expect("given back");
    assert_eq!(lease(&store, 9)[0].tries, 1);
}

/// A forgotten folder must not come back by whoever reads it just now.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn what_is_taken_off_the_list_cannot_be_finished() {
    let (_, config) = server().library(8);
    let store = open(&config);
    store.list(MODEL, &jobs(0..3)).expect("lists");
    store.list(OTHER, &jobs(0..3)).expect("lists");
    let leases = lease(&store, 3);
    store.unlist(&leases[0].job.path).expect("one file");
    assert_eq!(backlog(&store).left(), 2);
    assert!(!store.finish(MODEL, &leases, &[change(&leases[0])]).expect("asks"));
    store.unlist(&LibraryPath::new("/")).expect("a folder above");
    assert_eq!(store.backlog(OTHER, &roots()).expect("asks"), Backlog::default());
    assert_eq!((backlog(&store).left(), store.counts().expect("counts").photos), (0, 0));
}

/// A model that is gone leaves no work behind, and the work of others stays.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn work_for_a_deleted_space_goes_with_it() {
    let (_, config) = server().library(0);
    let store = open(&config);
    for model in [MODEL, OTHER] {
        store.add_space(model, "a model", 4).expect("added");
        store.list(model, &jobs(0..2)).expect("lists");
    }
    store.delete_space(MODEL).expect("deleted");
    assert_eq!(backlog(&store).left(), 0);
    assert_eq!(store.backlog(OTHER, &roots()).expect("asks").left(), 2);
}

/// A batch that is refused leaves its jobs.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_refused_batch_ends_no_job() {
    let (_, config) = server().library(0);
    let store = open(&config);
    store.list(MODEL, &jobs(0..1)).expect("lists");
    let leases = lease(&store, 1);
    let unknown = Change::Points { id: seer_store_suite::id(77), points: Vec::new() };
    let error = store.finish(MODEL, &leases, &[change(&leases[0]), unknown]).expect_err("refused");
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert_eq!(backlog(&store).leased, 1);
    assert_eq!(store.counts().expect("counts").photos, 0);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn the_work_of_the_dead_is_done_by_others() {
    const JOBS: u32 = 1000;
    let (_, config) = server().library(0);
    open(&config).list(MODEL, &jobs(0..JOBS)).expect("lists");
    let done: Mutex<BTreeMap<String, u32>> = Mutex::default();
    let lost = AtomicU64::new(0);
    thread::scope(|scope| {
        for worker in 0..4 {
            let (done, lost, config) = (&done, &lost, &config);
            scope.spawn(move || {
                let store = open(config);
                let term = Duration::from_millis(if worker < 2 { 100 } else { 60_000 });
                for turn in 0.. {
                    let leases = store.lease(MODEL, &roots(), 16, term).expect("leases");
                    if leases.is_empty() && backlog(&store).left() == 0 {
                        return;
                    }
                    // Two of them die with their leases.
                    if worker < 2 && turn == 3 {
                        lost.fetch_add(leases.len() as u64, Ordering::Relaxed);
                        return;
                    }
                    let batch: Vec<Change> = leases.iter().map(change).collect();
                    if store.finish(MODEL, &leases, &batch).expect("asks") {
                        let mut done = done.lock().expect("nobody panicked");
                        let path = |lease: &Lease| lease.job.path.to_text();
                        leases.iter().for_each(|lease| *done.entry(path(lease)).or_default() += 1);
                    }
                    if leases.is_empty() {
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
    });
    let done = done.into_inner().expect("nobody panicked");
    assert_eq!(done.len(), JOBS as usize);
    assert!(done.values().all(|times| *times == 1), "a job was counted twice");
    assert!(lost.load(Ordering::Relaxed) > 0, "nobody died with work");
    assert_eq!(open(&config).counts().expect("counts").photos, u64::from(JOBS));
}

/// The first version's list of work did not say for which model, and the second one had no classes.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn tables_of_an_older_version_are_refused_and_brought_up_by_init() {
    for partitions in [0, 8] {
        let (database, config) = server().library(partitions);
        open(&config).apply(&[photo(1, "/p/1.jpg", Vec::new())]).expect("a photo");
        server().sql(
            &database,
            "set search_path = seer; update library set version = 1; drop table todo, album, setting; \
             alter table root drop column excludes; \
             create table todo (key bytea primary key, path bytea not null, root bytea not null, \
             state bytea not null, tries bigint not null default 0, lease bytea, \
             until timestamptz not null default '-infinity'); \
             alter table photo drop column classes, drop column levels, drop column endings, \
             drop column folders, drop column words, drop column taken_end, \
             drop column precision, drop column rating, drop column people, drop column places, \
             drop column lines, drop column facets, \
             add column extensions text[] collate \"C\" not null default '{}', \
             add column texts text collate \"C\" not null default ''",
        );
        let refused = PostgresStore::open(&config).expect_err("older").to_string();
        assert!(refused.contains("version 1") && refused.contains("store init"), "{refused}");
        PostgresStore::init(&config, InitOptions { partitions }).expect("brought up");
        let store = open(&config);
        assert_eq!(store.counts().expect("counts").photos, 1);
        store.list(MODEL, &jobs(0..2)).expect("lists");
        assert_eq!(lease(&store, 9).len(), 2);
        let dog = PhotoClass { names: "dog".into(), probability: 1.0 };
        let facts = PhotoFacts { classes: vec![dog], ..PhotoFacts::default() };
        store.apply(&changes_of(&record(2, &["/p/2.jpg"], facts), Vec::new())).expect("a dog");
        assert_eq!(store.showing(&["dog".into()], None, 9).expect("dogs").len(), 1);
    }
}
