//! Queues, sizes and times.

use std::time::Duration;

use actix_web::rt::System;
use tokio::sync::OwnedSemaphorePermit;

use super::harness::{Server, Wanted, impatient};
use crate::Limits;
use crate::gate::Gate;
use crate::wire::SearchRequest;

/// Takes the only place, as a search that does not end would.
fn occupy(gate: &Gate) -> OwnedSemaphorePermit {
    System::new().block_on(gate.enter()).unwrap()
}

fn wait_until(what: impl Fn() -> bool) {
    while !what() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn one_more_than_may_wait_gets_429() {
    let limits = Limits { searches_at_once: 1, searches_waiting: 1, ..Limits::default() };
    let server = Server::with(Wanted { limits, ..Default::default() });
    let held = occupy(&server.state.searches);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.client.search(&SearchRequest::default()));
        wait_until(|| server.state.searches.in_line() == 1);
        let refused = server.get("/api/search");
        assert_eq!(refused.error_code(), "busy");
        assert_eq!(refused.header("retry-after"), Some("1"));
        // Records have a queue of their own: the page still shows what it found before.
        assert_eq!(server.get("/api/status").status, 200);
        drop(held);
        assert_eq!(waiting.join().unwrap().unwrap().hits.len(), 11);
    });
    assert_eq!(server.get("/api/search").status, 200);
}

#[test]
fn a_search_that_takes_too_long_is_given_up() {
    let limits = Limits { searches_at_once: 1, ..impatient() };
    let server = Server::with(Wanted { limits, ..Default::default() });
    let _held = occupy(&server.state.searches);
    assert_eq!(server.get("/api/search").error_code(), "too_slow");
}

#[test]
fn a_body_that_is_too_long_is_refused() {
    let limits = Limits { max_body_bytes: 100, ..Limits::default() };
    let server = Server::with(Wanted { limits, pictures: false, ..Default::default() });
    let json = format!("{{\"query\": \"{}\"}}", "x".repeat(100));
    assert_eq!(server.post("/api/search", &json).error_code(), "too_large");
    assert_eq!(server.post("/api/search", "{}").status, 200);
}
