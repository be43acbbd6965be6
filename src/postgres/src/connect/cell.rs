//! The values of a row.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::error::{PostgresError, Result, with_sources};

/// The value in a column.
///
/// # Errors
/// `Damaged` when it is of another kind: somebody changed the tables.
pub(crate) fn cell<'a, T: FromSql<'a>>(row: &'a Row, column: usize) -> Result<T> {
    row.try_get(column).map_err(|error| PostgresError::Damaged {
        place: "database".to_owned(),
        reason: with_sources(&error),
    })
}
