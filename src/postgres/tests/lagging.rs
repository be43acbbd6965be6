//! A standby that the primary does not wait for: its answers are old and whole, what a program
//! wrote itself is in them all the same, and that it is behind is told.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use seer_postgres::{InitOptions, PostgresConfig, PostgresStore};
use seer_store::{Change, Filter, Point, Store, StoreResult};
use seer_store_suite::{embedding, id, photo};
use seer_types::{LibraryPath, ModelFingerprint};
use support::Server;

const MODEL: ModelFingerprint = ModelFingerprint([3; 16]);
const OTHER: ModelFingerprint = ModelFingerprint([4; 16]);
/// Longer than any test: what others write is not looked for.
const LONG: Duration = Duration::from_secs(3600);

/// What was warned of.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

impl log::Log for Listener {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Warn
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            told().push(record.args().to_string());
        }
    }

    fn flush(&self) {}
}

fn told() -> MutexGuard<'static, Vec<String>> {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The one server with its standby. Replay is stopped for all its databases at once, so that one
/// test has it at a time.
struct Pair {
    server: Server,
    copy: u16,
}

static ALONE: Mutex<()> = Mutex::new(());

/// A library of the pair with the photos 0 to 9, and nobody else at it.
struct Scene {
    pair: &'static Pair,
    name: String,
    config: PostgresConfig,
    _alone: MutexGuard<'static, ()>,
}

impl Scene {
    fn new() -> Self {
        static PAIR: OnceLock<Pair> = OnceLock::new();
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = PAIR.get_or_init(|| {
            log::set_logger(&Listener).expect("no other listener");
            log::set_max_level(log::LevelFilter::Warn);
            // A question on the standby gives way to the primary's changes at once.
            let server = Server::start(&["fsync=off", "max_standby_streaming_delay=0"]);
            let copy = server.order("lagging-copy").parse().expect("a port");
            Pair { server, copy }
        });
        let (name, mut config) = pair.server.library(0);
        config.read_url = Some(Server::url_at(pair.copy, &name));
        config.most_behind = LONG;
        let scene = Self { pair, name, config, _alone: alone };
        let writer = scene.elsewhere();
        writer.add_space(MODEL, "first", 2).expect("a space");
        writer.use_space(MODEL).expect("chosen");
        writer.apply(&(0..10).map(one).collect::<Vec<_>>()).expect("writes");
        scene.until_caught_up();
        told().clear();
        scene
    }

    /// A store that asks the standby.
    fn open(&self) -> PostgresStore {
        PostgresStore::open(&self.config).expect("opens")
    }

    /// Another machine's, which asks the primary.
    fn elsewhere(&self) -> PostgresStore {
        let config = PostgresConfig { read_url: None, ..self.config.clone() };
        PostgresStore::open(&config).expect("opens")
    }

    /// On the primary, in the library's database.
    fn sql(&self, statements: &str) -> String {
        self.pair.server.sql(&self.name, statements)
    }

    fn on_copy(&self, statement: &str) -> String {
        self.pair.server.sql_at(self.pair.copy, "postgres", statement)
    }

    /// From now on the standby receives what is written and does not show it.
    fn pause(&self) {
        self.on_copy("select pg_wal_replay_pause()");
        wait_for("a pause", || self.on_copy("select pg_get_wal_replay_pause_state()") == "paused");
    }

    fn resume(&self) {
        self.on_copy("select pg_wal_replay_resume()");
        self.until_caught_up();
    }

    fn until_caught_up(&self) {
        let here = self.pair.server.sql("postgres", "select pg_current_wal_lsn()");
        let there = format!("select pg_last_wal_replay_lsn() >= '{here}'");
        wait_for("the standby", || self.on_copy(&there) == "t");
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.on_copy("select pg_wal_replay_resume()");
    }
}

/// Waits for what comes by itself.
fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !there() {
        assert!(Instant::now() < until, "{what} does not come");
        thread::sleep(Duration::from_millis(20));
    }
}

fn point(number: u32) -> Vec<Point> {
    vec![Point::whole(embedding(MODEL, &[1.0, number as f32]))]
}

fn one(number: u32) -> Change {
    photo(number, &format!("/p/{number}.jpg"), point(number))
}

fn unlinked(number: u32) -> Change {
    Change::Unlink { path: LibraryPath::new(format!("/p/{number}.jpg")) }
}

/// All that a store says of its photos.
fn answers(store: &PostgresStore) -> StoreResult<String> {
    let allowed = store.allow(&Filter::Extension("jpg".into()))?;
    let near = store.nearest(&embedding(MODEL, &[1.0, 3.0]), 1000, Some(&allowed))?;
    let ids: Vec<_> = near.neighbours.iter().map(|neighbour| neighbour.id).collect();
    let records = store.photos(&ids)?;
    assert!(records.iter().all(Option::is_some), "a neighbour without a record");
    assert_eq!(near.neighbours.len() as u64, allowed.count, "a photo without its point");
    let newest = store.newest(1000, None)?;
    let having = store.having(&["p".into()], None, 1000)?;
    let (counts, report) = (store.counts()?, store.report(MODEL)?);
    Ok(format!("{counts:?} {} {near:?} {records:?} {newest:?} {having:?}", report.searchable))
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn what_others_write_is_not_in_the_answers_until_the_standby_has_it() {
    let scene = Scene::new();
    let (reader, writer) = (scene.open(), scene.elsewhere());
    let before = answers(&reader).expect("answers");
    scene.pause();
    writer.apply(&(10..30).map(one).collect::<Vec<_>>()).expect("writes");
    writer.apply(&[unlinked(3), photo(4, "/p/renamed.jpg", point(40))]).expect("writes");
    writer.purge().expect("purges");
    let now = answers(&writer).expect("answers");
    assert_ne!(now, before);
    assert_eq!(answers(&reader).expect("answers"), before, "old, and all of one moment");
    scene.resume();
    assert_eq!(answers(&reader).expect("answers"), now);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn what_a_program_wrote_is_in_its_answers_at_once() {
    let scene = Scene::new();
    let store = scene.open();
    scene.pause();
    store.apply(&[one(10)]).expect("writes");
    assert_eq!(store.photos(&[id(10)]).expect("answers").iter().flatten().count(), 1);
    let found = store.nearest(&embedding(MODEL, &[1.0, 10.0]), 100, None).expect("answers");
    assert_eq!(found.neighbours.len(), 11);
    assert_eq!(found.neighbours.first().map(|neighbour| neighbour.id), Some(id(10)));
    store.apply(&[unlinked(10)]).expect("writes");
    assert_eq!(store.purge().expect("purges"), 1);
    assert_eq!(store.photos(&[id(10)]).expect("answers"), [None]);
}

/// `seer models forget` asks which model is in use: an old answer would take the wrong one.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_program_that_starts_knows_what_was_there_before_it() {
    let scene = Scene::new();
    scene.pause();
    let writer = scene.elsewhere();
    writer.add_space(OTHER, "second", 2).expect("a space");
    writer.use_space(OTHER).expect("chosen");
    let store = scene.open();
    assert_eq!(store.current_space().expect("answers"), Some(OTHER));
    assert_eq!(store.spaces().expect("answers").len(), 2);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_standby_that_is_behind_is_told_with_what_next() {
    let scene = Scene::new();
    scene.open().counts().expect("answers");
    assert_eq!(*told(), [""; 0], "it is not behind");
    scene.pause();
    scene.elsewhere().apply(&[one(10)]).expect("writes");
    assert_eq!(scene.open().counts().expect("answers").photos, 11);
    let place = format!("\"{}\" at 127.0.0.1:{}", scene.name, scene.pair.copy);
    was_told(&[&place, "behind", " bytes", " seconds ago", "is paused", "\nnext: "]);
}

#[track_caller]
fn was_told(parts: &[&str]) {
    let told = told().join("\n");
    for part in parts {
        assert!(told.contains(part), "{part:?} is not in: {told}");
    }
    assert!(!told.contains("secret"), "a password in: {told}");
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn what_others_wrote_long_ago_is_in_the_answers() {
    let mut scene = Scene::new();
    scene.config.most_behind = Duration::ZERO;
    let store = scene.open();
    scene.pause();
    scene.elsewhere().apply(&[one(10)]).expect("writes");
    assert_eq!(store.counts().expect("answers").photos, 11, "the primary was asked");
    was_told(&["is a standby that is behind"]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_library_that_the_standby_does_not_have_yet_is_asked_of_the_primary() {
    let scene = Scene::new();
    let empty = scene.pair.server.empty_database();
    scene.until_caught_up();
    scene.pause();
    // In a database that the standby has, and in one that it has not.
    for (name, says) in [(empty, "behind"), (scene.pair.server.empty_database(), "not exist")] {
        let mut config = PostgresConfig::new(scene.pair.server.url(&name));
        PostgresStore::init(&config, InitOptions::default()).expect("a library");
        config.read_url = Some(Server::url_at(scene.pair.copy, &name));
        let store = PostgresStore::open(&config).expect("opens");
        store.apply(&[one(1)]).expect("writes");
        assert_eq!(store.counts().expect("answers").photos, 1);
        was_told(&["the primary is asked for now", says, "behind"]);
        told().clear();
    }
}

/// The first question connects while the standby has the database and not yet what is in it.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_standby_that_gets_the_library_while_it_is_asked_answers() {
    let scene = Scene::new();
    let name = scene.pair.server.empty_database();
    scene.until_caught_up();
    scene.pause();
    let mut config = PostgresConfig::new(scene.pair.server.url(&name));
    PostgresStore::init(&config, InitOptions::default()).expect("a library");
    config.read_url = Some(Server::url_at(scene.pair.copy, &name));
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            scene.resume();
        });
        let store = PostgresStore::open(&config).expect("opens");
        store.apply(&[one(1)]).expect("writes");
        let found = store.nearest(&embedding(MODEL, &[1.0, 0.0]), 9, None).expect("answers");
        assert_eq!(found.neighbours.len(), 1);
    });
}

/// Has the primary lock a table again and again, for which its standby ends what looks at it there,
/// while `ask` runs.
fn while_locked(scene: &Scene, pause: Duration, ask: impl FnOnce()) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::SeqCst) {
                scene.sql("begin; lock table seer.kept in access exclusive mode; commit");
                thread::sleep(pause);
            }
        });
        let asked = catch_unwind(AssertUnwindSafe(ask));
        done.store(true, Ordering::SeqCst);
        asked.unwrap_or_else(|panic| resume_unwind(panic));
    });
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_question_that_is_in_the_way_of_the_primary_is_asked_again() {
    let scene = Scene::new();
    let store = scene.open();
    let conflicts = format!(
        "select confl_lock from pg_stat_database_conflicts where datname = '{}'",
        scene.name
    );
    let slow = |seconds: &str| {
        format!(
            "create or replace view seer.tally as select kept.* from seer.kept, \
             (select pg_sleep({seconds}) offset 0) slow"
        )
    };
    scene.sql(&format!("alter table seer.tally rename to kept; {}", slow("0.1")));
    scene.until_caught_up();
    while_locked(&scene, Duration::from_millis(400), || {
        wait_for("a conflict", || {
            assert_eq!(store.counts().expect("answers").photos, 10);
            scene.on_copy(&conflicts) != "0"
        });
    });
    assert_eq!(*told(), [""; 0], "the standby answered in the end");
    scene.sql(&slow("2"));
    scene.until_caught_up();
    while_locked(&scene, Duration::from_millis(50), || {
        assert_eq!(store.counts().expect("answers").photos, 10, "the primary answers");
    });
    was_told(&["gave up the question", "conflict with recovery", "max_standby_streaming_delay"]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_standby_that_comes_back_is_asked_again_by_later_programs() {
    let scene = Scene::new();
    scene.pair.server.order("kill-copy");
    let store = scene.open();
    store.apply(&[one(10)]).expect("writes");
    assert_eq!(store.counts().expect("answers").photos, 11);
    was_told(&["cannot be reached"]);
    scene.pair.server.order("start-copy");
    scene.until_caught_up();
    told().clear();
    assert_eq!(scene.open().counts().expect("answers").photos, 11);
    assert_eq!(*told(), [""; 0]);
}
