//! Listing the files of an indexed folder, one machine at a time.

use seer_store::{StoreError, StoreResult};
use seer_types::LibraryPath;

use super::{Listing, jobs};
use crate::apply::path::exact;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::schema::lock::Lock;
use crate::store::PostgresStore;

/// A walk through an indexed folder; nobody else walks there meanwhile.
pub struct Walk<'a> {
    connection: &'a Connection,
    root: &'a LibraryPath,
}

impl Walk<'_> {
    /// Lists files that have to be read. One that is listed already waits as before, unless its
    /// state is another: then it waits anew, and who leased it cannot finish it.
    ///
    /// # Errors
    /// As for every call: `Unreachable`, …
    pub fn add(&mut self, listings: &[Listing]) -> StoreResult<()> {
        Ok(jobs::add(self.connection, self.root, listings)?)
    }
}

impl PostgresStore {
    /// Runs `walk` while nobody else walks through this folder; `None` when somebody does. It should
    /// hand over listings every few seconds at least: a server ends silent connections.
    ///
    /// # Errors
    /// Those of `walk`; `Unreachable`. What was listed before an error stays listed.
    pub fn walk<T>(
        &self,
        root: &LibraryPath,
        walk: impl FnOnce(&mut Walk<'_>) -> StoreResult<T>,
    ) -> StoreResult<Option<T>> {
        let hash = blake3::hash(&exact(root));
        let [a, b, c, d, ..] = *hash.as_bytes();
        let lock = Lock::Root.number(u32::from_be_bytes([a, b, c, d]));
        self.primary().once(|connection| {
            if !locked(connection, lock)? {
                return Ok(None);
            }
            let done = walk(&mut Walk { connection, root });
            let freed = connection.batch(&format!("select pg_advisory_unlock({lock})"));
            let done = done?;
            freed.map_err(StoreError::from)?;
            Ok(Some(done))
        })
    }
}

fn locked(connection: &Connection, lock: i64) -> Result<bool> {
    let mut params = Params::new();
    let lock = params.int(lock);
    let row = connection.row(&format!("select pg_try_advisory_lock({lock})"), &params)?;
    cell(&row, 0)
}
