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
    connection.batch(&format!("update library set version = {}", super::VERSION))
}
