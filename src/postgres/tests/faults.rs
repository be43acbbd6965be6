//! Wrong addresses, foreign databases, and servers that go away: a clear message, nothing by half,
//! and no need to do anything once the server is back.

mod support;

use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use seer_postgres::{InitOptions, PostgresConfig, PostgresStore};
use seer_store::{Change, Filter, Point, Store, StoreError, StoreErrorKind};
use seer_store_suite::{embedding, id, photo};
use seer_types::{IndexKind, ModelFingerprint};
use support::Server;

const MODEL: ModelFingerprint = ModelFingerprint([3; 16]);

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&["fsync=off"]))
}

fn open(config: &PostgresConfig) -> Result<PostgresStore, StoreError> {
    PostgresStore::open(config)
}

#[track_caller]
fn check<T>(result: Result<T, StoreError>, kind: StoreErrorKind, says: &[&str]) {
    let Err(error) = result else { panic!("no error") };
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    for part in says {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
    assert!(!text.contains("secret"), "a password in: {text}");
}

fn one(number: u32) -> Change {
    let point = Point::whole(embedding(MODEL, &[1.0, number as f32]));
    photo(number, &format!("/p/{number}.jpg"), vec![point])
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_server_that_is_not_there_is_unreachable_soon() {
    let mut config = PostgresConfig::new("postgres://me:secret@127.0.0.1:1/photos");
    config.reconnect_for = Duration::from_millis(300);
    let begun = Instant::now();
    let says = ["database \"photos\" at 127.0.0.1:1", "refused", "\nnext: "];
    check(open(&config), StoreErrorKind::Unreachable, &says);
    assert!(begun.elapsed() < Duration::from_secs(5));
    config.url = "postgres://me:secret@no-such-host.invalid/photos".into();
    check(open(&config), StoreErrorKind::Unreachable, &["no-such-host.invalid", "next: "]);
    config.url = "http://me:secret@localhost/photos".into();
    check(open(&config), StoreErrorKind::Refused, &["postgres://", "next: "]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_server_that_accepts_and_says_nothing_is_unreachable_soon() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let mut config = PostgresConfig::new(Server::url_at(port, "photos"));
    config.connect_timeout = Duration::from_millis(200);
    config.reconnect_for = Duration::from_millis(500);
    check(open(&config), StoreErrorKind::Unreachable, &["no answer", "next: "]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn wrong_passwords_and_names_are_said() {
    let port = server().port;
    let config =
        PostgresConfig::new(format!("postgres://postgres:secreter@127.0.0.1:{port}/postgres"));
    check(open(&config), StoreErrorKind::System, &["password", "next: check user"]);
    let config = PostgresConfig::new(server().url("nowhere"));
    check(open(&config), StoreErrorKind::System, &["\"nowhere\" does not exist", "next: "]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn an_encrypted_connection_is_not_made_with_a_server_that_cannot() {
    let config = PostgresConfig::new(format!("{}?sslmode=require", server().url("postgres")));
    check(open(&config), StoreErrorKind::Unreachable, &["TLS"]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_database_without_a_library_is_told_from_a_library() {
    let name = server().empty_database();
    let config = PostgresConfig::new(server().url(&name));
    check(open(&config), StoreErrorKind::Refused, &["no library", "next: run \"seer store init\""]);
    PostgresStore::init(&config, InitOptions::default()).expect("a library");
    open(&config).expect("opens").apply(&[one(1)]).expect("writes");
    // Once more is no harm.
    PostgresStore::init(&config, InitOptions { partitions: 8 }).expect("still one");
    assert_eq!(open(&config).expect("opens").counts().expect("counts").photos, 1);
    server().sql(&name, "update seer.library set version = version + 1");
    check(open(&config), StoreErrorKind::NewerFormat, &["version 9", "version 8", "next: "]);
    let again = PostgresStore::init(&config, InitOptions::default());
    check(again, StoreErrorKind::NewerFormat, &["version 9"]);
    server().sql(&name, "update seer.library set version = 1");
    check(open(&config), StoreErrorKind::Refused, &["version 1", "next: \"seer store init\""]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn questions_are_not_asked_of_another_library() {
    let ((_, mut config), (other, _)) = (server().library(0), server().library(0));
    config.read_url = Some(server().url(&other));
    check(open(&config), StoreErrorKind::Refused, &["another library", "next: name a standby"]);
    config.read_url = Some(server().url(&server().empty_database()));
    check(open(&config), StoreErrorKind::Refused, &["holds no library", "next: "]);
    config.read_url = Some("postgres://me:secret@127.0.0.1:1/photos".into());
    config.reconnect_for = Duration::from_millis(100);
    // A standby that is not there is no reason not to work.
    open(&config).expect("opens").counts().expect("the primary answers");
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_database_that_lost_pgvector_says_so() {
    let (name, config) = server().library(0);
    server().sql(&name, "drop extension vector cascade");
    check(open(&config), StoreErrorKind::System, &["no pgvector", "create extension vector"]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_server_without_pgvector_says_how_to_install_it() {
    let bare = Server::start(&["extension_control_path=/nowhere"]);
    let config = PostgresConfig::new(bare.url("postgres"));
    let made = PostgresStore::init(&config, InitOptions::default());
    check(made, StoreErrorKind::System, &["no pgvector", "next: install"]);
    check(open(&config), StoreErrorKind::Refused, &["no library"]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn many_may_make_the_library_at_once() {
    let name = server().empty_database();
    let config = PostgresConfig::new(server().url(&name));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                PostgresStore::init(&config, InitOptions { partitions: 2 }).expect("a library");
                open(&config).expect("opens").add_space(MODEL, "m", 2).expect("a space");
            });
        }
    });
    assert_eq!(open(&config).expect("opens").spaces().expect("spaces").len(), 1);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_user_who_may_only_read_can_ask_and_not_write() {
    let (name, config) = server().library(0);
    open(&config).expect("opens").apply(&[one(1)]).expect("writes");
    server().sql(
        &name,
        "create role looker login password 'secret'; grant usage on schema seer to looker; \
         grant select on all tables in schema seer to looker",
    );
    let url = server().url(&name).replace("postgres:secret", "looker:secret");
    let store = open(&PostgresConfig::new(url)).expect("opens");
    assert_eq!(store.counts().expect("counts").photos, 1);
    check(store.apply(&[one(2)]), StoreErrorKind::System, &["permission denied", "next: "]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn tables_that_somebody_dropped_are_damage() {
    let (name, config) = server().library(0);
    let store = open(&config).expect("opens");
    server().sql(&name, "drop table seer.photo");
    check(store.photos(&[id(1)]), StoreErrorKind::Damaged, &["photo", "next: restore"]);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_statement_that_takes_too_long_ends() {
    let (name, mut config) = server().library(0);
    config.lock_timeout = Duration::from_millis(300);
    let store = open(&config).expect("opens");
    store.apply(&[one(1)]).expect("writes");
    thread::scope(|scope| {
        let hold = "begin; lock table seer.photo in access exclusive mode; select pg_sleep(2)";
        scope.spawn(|| server().sql(&name, hold));
        thread::sleep(Duration::from_millis(700));
        check(store.apply(&[one(2)]), StoreErrorKind::Locked, &["busy", "next: try again"]);
    });
    store.apply(&[one(2)]).expect("writes when the lock is gone");
}

/// How often the server is killed: `SEER_KILLS`, else a few times.
fn rounds() -> u32 {
    std::env::var("SEER_KILLS").map_or(6, |kills| kills.parse().expect("a number of rounds"))
}

/// Kills the server again and again while batches are written, each time at another moment.
#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_server_killed_in_the_middle_leaves_whole_batches() {
    let server = Server::start(&[]);
    let (_, mut config) = server.library(0);
    config.reconnect_for = Duration::from_millis(200);
    let store = open(&config).expect("opens");
    store.apply(&[one(0)]).expect("writes");
    store.nearest(&embedding(MODEL, &[1.0, 0.0]), 1, None).expect("answers");
    let mut acknowledged = Vec::new();
    for round in 0..rounds() {
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(u64::from(round * 37 % 331)));
                server.order("kill");
            });
            for number in 0.. {
                let first = 1 + round * 100_000 + number * 20;
                let batch: Vec<Change> = (first..first + 20).map(one).collect();
                match store.apply(&batch) {
                    Ok(()) => acknowledged.push(first),
                    Err(error) => {
                        check(Err::<(), _>(error), StoreErrorKind::Unreachable, &["next: "]);
                        break;
                    }
                }
            }
        });
        check(store.counts(), StoreErrorKind::Unreachable, &["cannot be reached", "next: "]);
        server.order("start");
        // The same store works again, without being opened anew.
        let found = store.allow(&Filter::All(Vec::new())).expect("answers").count;
        assert_eq!((found - 1) % 20, 0, "half a batch is there");
        let ids: Vec<_> =
            acknowledged.iter().flat_map(|first| *first..first + 20).map(id).collect();
        let records = store.photos(&ids).expect("answers");
        assert!(records.iter().all(Option::is_some), "an acknowledged photo is lost");
        assert_eq!(store.report(MODEL).expect("counts").searchable, found);
        assert_eq!(store.counts().expect("counts").photos, found);
    }
    assert!(acknowledged.len() > 3, "too few batches to say anything");
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn two_writers_of_the_same_photos_are_both_right() {
    let (_, config) = server().library(8);
    let stores = [open(&config).expect("opens"), open(&config).expect("opens")];
    thread::scope(|scope| {
        for (turn, store) in stores.iter().enumerate() {
            scope.spawn(move || {
                for round in 0..30_u32 {
                    // The same new photos in opposite order, and one path that both want.
                    let mut numbers: Vec<u32> = (0..12).map(|n| round * 12 + n).collect();
                    if turn == 1 {
                        numbers.reverse();
                    }
                    let mut batch: Vec<Change> = numbers.iter().map(|n| one(*n)).collect();
                    batch.push(photo(round * 12 + turn as u32, "/p/wanted.jpg", Vec::new()));
                    store.apply(&batch).expect("applied");
                }
            });
        }
    });
    let [store, _] = stores;
    let counts = store.counts().expect("counts");
    let records = store.photos(&(0..360).map(id).collect::<Vec<_>>()).expect("records");
    let files: usize = records.iter().flatten().map(|record| record.files.len()).sum();
    assert_eq!((counts.photos, counts.files), (360, 361));
    assert_eq!(files, 361, "a path belongs to two photos");
    assert_eq!(store.report(MODEL).expect("counts").searchable, 360);
    let near = store.nearest(&embedding(MODEL, &[1.0, 0.0]), 1000, None).expect("neighbours");
    assert_eq!(near.neighbours.len(), 360);
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn an_index_comes_and_goes_while_photos_are_written() {
    let (_, config) = server().library(2);
    let store = open(&config).expect("opens");
    store.add_space(MODEL, "m", 2).expect("a space");
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 0..40 {
                store.apply(&[one(number)]).expect("applied");
            }
        });
        for kind in [IndexKind::Lists, IndexKind::Hnsw, IndexKind::Exact, IndexKind::Lists] {
            store.set_index(MODEL, kind).expect("set");
            store.maintain(&mut |_, _| true).expect("maintained");
            let query = embedding(MODEL, &[1.0, 0.0]);
            let there = store.report(MODEL).expect("counts").searchable;
            let found = store.nearest(&query, 1000, None).expect("neighbours").neighbours.len();
            assert!(found as u64 >= there, "{kind}: {found} of {there}");
        }
        writer.join().expect("the writer");
    });
}
