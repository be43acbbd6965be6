//! Several indexers at one list of work, some of which die.

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use seer_postgres::{Backlog, Job, Listing, PostgresConfig, PostgresStore};
use seer_store::{Change, Store, StoreErrorKind};
use seer_store_suite::photo;
use seer_types::{FileStamp, LibraryPath};
use support::Server;

const LONG: Duration = Duration::from_secs(600);

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&["fsync=off"]))
}

fn open(config: &PostgresConfig) -> PostgresStore {
    PostgresStore::open(config).expect("opens")
}

fn root() -> LibraryPath {
    LibraryPath::new("/p")
}

fn listing(number: u32) -> Listing {
    let path = LibraryPath::new(format!("/p/{number}.jpg"));
    Listing { path, stamp: FileStamp::new(u64::from(number), 1) }
}

/// What comes of a leased file; its size is its number.
fn change(job: &Job) -> Change {
    photo(job.stamp.size as u32, &job.path.to_text(), Vec::new())
}

fn list(store: &PostgresStore, numbers: std::ops::Range<u32>) {
    let listings: Vec<Listing> = numbers.map(listing).collect();
    store.walk(&root(), |walk| walk.add(&listings)).expect("walks").expect("alone");
}

#[test]
fn one_walks_at_a_time() {
    let (_, config) = server().library(0);
    let (one, other) = (open(&config), open(&config));
    let walked = one.walk(&root(), |walk| {
        assert_eq!(other.walk(&root(), |_| Ok(())).expect("asks"), None, "two walk");
        let elsewhere = LibraryPath::new("/q");
        assert_eq!(other.walk(&elsewhere, |_| Ok(1)).expect("asks"), Some(1));
        walk.add(&[listing(1), listing(2), listing(1)])
    });
    assert_eq!(walked.expect("walks"), Some(()));
    assert_eq!(other.walk(&root(), |_| Ok(())).expect("asks"), Some(()));
    assert_eq!(other.backlog(None).expect("asks"), Backlog { waiting: 2, leased: 0 });
}

#[test]
fn a_lease_is_finished_once() {
    let (_, config) = server().library(8);
    let store = open(&config);
    list(&store, 0..3);
    let jobs = store.lease(Some(&root()), 2, LONG).expect("leases");
    assert_eq!((jobs.len(), jobs[0].tries), (2, 1));
    assert_eq!(store.lease(Some(&LibraryPath::new("/q")), 9, LONG).expect("leases"), []);
    assert_eq!(store.backlog(Some(&root())).expect("asks"), Backlog { waiting: 1, leased: 2 });
    let batch: Vec<Change> = jobs.iter().map(change).collect();
    store.finish(&jobs, &batch).expect("finished");
    let error = store.finish(&jobs, &batch).expect_err("twice");
    assert_eq!(error.kind(), StoreErrorKind::Refused);
    assert_eq!(store.counts().expect("counts").photos, 2);
    // Listed again with the same state: one waits; with another one: it is taken from its holder.
    let jobs = store.lease(None, 9, LONG).expect("leases");
    let left = jobs[0].stamp.size as u32;
    list(&store, left..left + 1);
    store.renew(&jobs, LONG).expect("still ours");
    let changed = Listing { stamp: FileStamp::new(u64::from(left), 9), ..listing(left) };
    store.walk(&root(), |walk| walk.add(&[changed])).expect("walks").expect("alone");
    assert!(store.finish(&jobs, &[change(&jobs[0])]).is_err(), "an old state was written");
    assert_eq!(store.counts().expect("counts").photos, 2);
    let jobs = store.lease(None, 9, LONG).expect("leases");
    assert_eq!((jobs.len(), jobs[0].tries, jobs[0].stamp.modified_ns), (1, 1, 9));
    store.give_back(&jobs).expect("given back");
    assert_eq!(store.lease(None, 9, LONG).expect("leases")[0].tries, 1);
    store.clear_backlog(&root()).expect("cleared");
    assert_eq!(store.backlog(None).expect("asks"), Backlog::default());
}

/// A batch that is refused leaves its jobs.
#[test]
fn a_refused_batch_ends_no_job() {
    let (_, config) = server().library(0);
    let store = open(&config);
    list(&store, 0..1);
    let jobs = store.lease(None, 1, LONG).expect("leases");
    let unknown = Change::Points { id: seer_store_suite::id(77), points: Vec::new() };
    assert!(store.finish(&jobs, &[change(&jobs[0]), unknown]).is_err());
    assert_eq!(store.backlog(None).expect("asks").leased, 1);
    assert_eq!(store.counts().expect("counts").photos, 0);
}

#[test]
fn the_work_of_the_dead_is_done_by_others() {
    const JOBS: u32 = 1000;
    let (_, config) = server().library(0);
    list(&open(&config), 0..JOBS);
    let done: Mutex<BTreeMap<String, u32>> = Mutex::default();
    let lost = AtomicU64::new(0);
    thread::scope(|scope| {
        for worker in 0..4 {
            let (done, lost, config) = (&done, &lost, &config);
            scope.spawn(move || {
                let store = open(config);
                let term = Duration::from_millis(if worker < 2 { 100 } else { 60_000 });
                for turn in 0.. {
                    let jobs = store.lease(None, 16, term).expect("leases");
                    if jobs.is_empty() && store.backlog(None).expect("asks") == Backlog::default() {
                        return;
                    }
                    // Two of them die with their leases.
                    if worker < 2 && turn == 3 {
                        lost.fetch_add(jobs.len() as u64, Ordering::Relaxed);
                        return;
                    }
                    let batch: Vec<Change> = jobs.iter().map(change).collect();
                    if store.finish(&jobs, &batch).is_ok() {
                        let mut done = done.lock().expect("nobody panicked");
                        jobs.iter()
                            .for_each(|job| *done.entry(job.path.to_text()).or_default() += 1);
                    }
                    if jobs.is_empty() {
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
