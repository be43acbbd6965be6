//! A primary with a standby that it waits for: what happens when either of them goes away.

mod support;

use std::thread;
use std::time::Duration;

use seer_postgres::{PostgresConfig, PostgresStore};
use seer_store::{Change, Point, Store, StoreErrorKind};
use seer_store_suite::{embedding, id, photo};
use seer_types::ModelFingerprint;
use support::Server;

const MODEL: ModelFingerprint = ModelFingerprint([3; 16]);

fn batch(first: u32) -> Vec<Change> {
    let one = |number: u32| {
        let point = Point::whole(embedding(MODEL, &[1.0, number as f32]));
        photo(number, &format!("/p/{number}.jpg"), vec![point])
    };
    (first..first + 10).map(one).collect()
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn a_promoted_standby_has_all_that_was_acknowledged() {
    let server = Server::start(&[]);
    let (name, _) = server.library(0);
    let copy: u16 = server.order("copy").parse().expect("a port");
    let mut config = PostgresConfig::new(format!(
        "postgres://postgres:secret@127.0.0.1:{},127.0.0.1:{copy}/{name}\
         ?target_session_attrs=read-write",
        server.port
    ));
    config.reconnect_for = Duration::from_secs(20);
    let store = PostgresStore::open(&config).expect("opens");
    let mut acknowledged = Vec::new();
    let next = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(600));
            server.order("kill");
            server.order("promote-copy");
        });
        for number in 0.. {
            match store.apply(&batch(number * 10)) {
                Ok(()) => acknowledged.push(number * 10),
                Err(error) => {
                    assert_eq!(error.kind(), StoreErrorKind::Unreachable, "{error}");
                    return number * 10;
                }
            }
            // Without an error it went on at the other one by itself.
            if number > 2000 {
                return (number + 1) * 10;
            }
        }
        unreachable!("it ends")
    });
    // The same store goes on where it can write.
    store.apply(&batch(next)).expect("writes at the other one");
    acknowledged.push(next);
    let ids: Vec<_> = acknowledged.iter().flat_map(|first| *first..first + 10).map(id).collect();
    let records = store.photos(&ids).expect("answers");
    assert!(acknowledged.len() > 2 && records.iter().all(Option::is_some), "something is lost");
    assert_eq!(store.report(MODEL).expect("counts").searchable % 10, 0, "half a batch");
}

#[test]
#[ignore = "starts a PostgreSQL, which it fetches"]
fn without_its_standby_a_primary_answers_and_acknowledges_nothing() {
    let server = Server::start(&[]);
    let (name, mut config) = server.library(0);
    let copy: u16 = server.order("copy").parse().expect("a port");
    config.read_url = Some(Server::url_at(copy, &name));
    config.statement_timeout = Duration::from_millis(500);
    config.reconnect_for = Duration::from_millis(200);
    let store = PostgresStore::open(&config).expect("opens");
    store.apply(&batch(0)).expect("writes");
    assert_eq!(store.counts().expect("counts").photos, 10);
    server.order("kill-copy");
    // Questions go to the primary now.
    assert_eq!(store.counts().expect("counts").photos, 10);
    let error = store.apply(&batch(10)).expect_err("not on the standby");
    assert_eq!(error.kind(), StoreErrorKind::Unreachable);
    assert!(error.to_string().contains("wholly or not at all"), "{error}");
}
