//! The suite of every store, asking a standby that the primary waits for.

mod support;

use std::sync::OnceLock;

use seer_store_suite::{Place, store_suite};
use support::place::{Database, server};

fn new_place() -> Box<dyn Place> {
    static PORT: OnceLock<u16> = OnceLock::new();
    let port = PORT.get_or_init(|| server().order("copy").parse().expect("a port"));
    Box::new(Database::new(0).asked_at(*port))
}

store_suite!(new_place, #[ignore = "starts a PostgreSQL, which it fetches"]);
