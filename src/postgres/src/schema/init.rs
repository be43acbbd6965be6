//! Making an empty library, or bringing one of an older version up.

use super::check::{extension, find_version};
use super::lock::Lock;
use super::{VERSION, tables, upgrade};
use crate::connect::Connection;
use crate::error::{PostgresError, Result};

/// Makes the tables; those of an older version are brought up, those of this one stay.
pub(crate) fn init(connection: &Connection, partitions: u32) -> Result<()> {
    connection.transaction("begin", |connection| {
        let lock = Lock::Init.number(0);
        connection.batch(&format!("select pg_advisory_xact_lock({lock})"))?;
        if let Some((found, library)) = find_version(connection)? {
            return match found < VERSION {
                true => upgrade::upgrade(connection, found, library.partitions),
                false => Ok(()),
            };
        }
        vectors(connection)?;
        connection.batch("create schema if not exists seer")?;
        let class = trigrams(connection)?;
        connection.batch(&format!(
            "set local search_path = seer, {}; {}",
            extension(connection, "vector")?.map_or("public".into(), |vector| vector.schema),
            tables::all(partitions, class.as_deref())
        ))
    })
}

fn vectors(connection: &Connection) -> Result<()> {
    let created = connection.batch("create extension if not exists vector");
    created.map_err(|error| match error {
        PostgresError::Unreachable { .. } | PostgresError::Undecided { .. } => error,
        _ => PostgresError::NoVectors {
            place: connection.place().to_owned(),
            reason: reason_of(&error),
        },
    })
}

/// The operator class of pg_trgm, where the server has it and lets us use it.
fn trigrams(connection: &Connection) -> Result<Option<String>> {
    connection.batch("savepoint trigrams")?;
    match connection.batch("create extension if not exists pg_trgm") {
        Ok(()) => connection.batch("release savepoint trigrams")?,
        Err(error @ PostgresError::Unreachable { .. }) => return Err(error),
        Err(error) => {
            log::info!("paths are searched without an index of trigrams ({error})");
            connection.batch("rollback to savepoint trigrams")?;
        }
    }
    let found = extension(connection, "pg_trgm")?;
    Ok(found.map(|trigrams| format!("{}.gin_trgm_ops", trigrams.schema)))
}

fn reason_of(error: &PostgresError) -> String {
    match error {
        PostgresError::Server { reason, .. }
        | PostgresError::NotAdmitted { reason, .. }
        | PostgresError::Damaged { reason, .. }
        | PostgresError::Again { reason, .. } => reason.clone(),
        other => other.to_string(),
    }
}
