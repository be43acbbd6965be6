//! The suite of every store, on one PostgreSQL.

mod support;

use seer_store_suite::{Place, store_suite};
use support::place::Database;

fn new_place() -> Box<dyn Place> {
    Box::new(Database::new(0))
}

store_suite!(new_place, #[ignore = "starts a PostgreSQL, which it fetches"]);
