//! Where a store lies.

use seer_store::Store;

/// Where a store lies for the length of one test: a folder, a database. New ones are empty.
pub trait Place {
    /// Opens what lies here. The store that was opened before has been dropped by then.
    fn open(&self) -> Box<dyn Store>;
}
