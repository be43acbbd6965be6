//! The suite of every store, with the large tables split in eight: a statement or a key that does
//! not go by photo fails here, as it would where the tables lie on several machines.

mod support;

use seer_store_suite::{Place, store_suite};
use support::place::Database;

fn new_place() -> Box<dyn Place> {
    Box::new(Database::new(8))
}

store_suite!(new_place, #[ignore = "starts a PostgreSQL, which it fetches"]);
