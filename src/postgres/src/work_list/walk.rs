//! Walking through an indexed folder, one machine at a time.

use seer_types::LibraryPath;

use crate::apply::path::exact;
use crate::connect::{Connection, Params, Pool, cell};
use crate::error::Result;
use crate::schema::lock::Lock;

/// Runs `walk` with those of the folders whose locks are free, and holds these meanwhile. A
/// connection that is lost frees them, which does no harm: who walks twice lists the same files.
pub(super) fn walking(
    pool: &Pool,
    folders: &[LibraryPath],
    walk: &mut dyn FnMut(&[LibraryPath]),
) -> Result<()> {
    pool.once(|connection| {
        let mut mine = Vec::new();
        for folder in folders {
            if asked(connection, "pg_try_advisory_lock", folder)? {
                mine.push(folder.clone());
            }
        }
        walk(&mine);
        mine.iter().try_for_each(|folder| asked(connection, "pg_advisory_unlock", folder).map(drop))
    })
}

/// Whether somebody holds the lock of one of these folders.
pub(super) fn is_walked(connection: &Connection, folders: &[LibraryPath]) -> Result<bool> {
    let mut params = Params::new();
    let locks = params.ints(folders.iter().map(lock).collect());
    let statement = format!(
        "select exists (select from pg_locks l join pg_database d on d.oid = l.database \
         where d.datname = current_database() and l.locktype = 'advisory' and l.objsubid = 1 \
         and (l.classid::bigint << 32 | l.objid::bigint) = any({locks}))"
    );
    cell(&connection.row(&statement, &params)?, 0)
}

fn asked(connection: &Connection, function: &str, folder: &LibraryPath) -> Result<bool> {
    let mut params = Params::new();
    let lock = params.int(lock(folder));
    cell(&connection.row(&format!("select {function}({lock})"), &params)?, 0)
}

fn lock(folder: &LibraryPath) -> i64 {
    let hash = blake3::hash(&exact(folder));
    let [a, b, c, d, ..] = *hash.as_bytes();
    Lock::Root.number(u32::from_be_bytes([a, b, c, d]))
}
