//! From the tables of older versions to those of this one.

use super::tables;
use crate::connect::Connection;
use crate::error::Result;

/// Brings tables of version `from` up, step by step, in the connection's transaction.
pub(super) fn upgrade(connection: &Connection, from: i32, partitions: u32) -> Result<()> {
    if from < 2 {
        // The list of work says for which model; a run finds again what was on it.
        connection.batch(&format!("drop table todo; {}", tables::todo(partitions)))?;
    }
    if from < 3 {
        // Filled as photos are looked at again.
        connection.batch(
            "alter table photo add column classes text[] collate \"C\" not null default '{}', \
             add column levels bigint[] not null default '{}'; \
             create index photo_classes on photo using gin (classes)",
        )?;
    }
    connection.batch(&format!("update library set version = {}", super::VERSION))
}
