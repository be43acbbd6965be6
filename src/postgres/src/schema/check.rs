//! Whether a database can be used.

use super::VERSION;
use crate::connect::{Connection, Params, cell};
use crate::error::{PostgresError, Result};

/// The oldest pgvector that is known to answer rightly here.
const VECTORS: (u32, u32) = (0, 8);

/// What a library was made with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Library {
    /// No two libraries have the same.
    pub(crate) id: Vec<u8>,
    /// Parts of each large table; 0 or 1: not split.
    pub(crate) partitions: u32,
}

/// An extension of this database.
pub(super) struct Extension {
    /// Quoted for use in a statement.
    pub(super) schema: String,
    version: String,
}

/// Looks for pgvector and for the tables of this version.
///
/// # Errors
/// `NotInitialised`, `NoVectors`, `OldVectors`, `NewerSchema`, `OlderSchema`.
pub(crate) fn check(connection: &Connection) -> Result<Library> {
    let place = || connection.place().to_owned();
    let library = find_library(connection)?;
    let library = library.ok_or_else(|| PostgresError::NotInitialised { place: place() })?;
    let Some(vectors) = extension(connection, "vector")? else {
        let reason = "the extension is not there any more".to_owned();
        return Err(PostgresError::NoVectors { place: place(), reason });
    };
    if !is_new_enough(&vectors.version) {
        return Err(PostgresError::OldVectors { place: place(), found: vectors.version });
    }
    Ok(library)
}

/// The library in this database, when it is of this version; `None`: there is none.
fn find_library(connection: &Connection) -> Result<Option<Library>> {
    let Some((found, library)) = find_version(connection)? else { return Ok(None) };
    let place = connection.place().to_owned();
    match found < VERSION {
        true => Err(PostgresError::OlderSchema { place, found, known: VERSION }),
        false => Ok(Some(library)),
    }
}

/// The version of the tables in this database, at most this program's, and what they were made
/// with; `None`: there are none.
pub(super) fn find_version(connection: &Connection) -> Result<Option<(i32, Library)>> {
    let known = "select to_regclass('seer.library') is not null";
    let row = connection.row(known, &Params::new())?;
    if !cell::<bool>(&row, 0)? {
        return Ok(None);
    }
    let rows =
        connection.rows("select version, partitions, id from seer.library", &Params::new())?;
    let row = rows.first().ok_or_else(|| connection.damaged("a library without a version"))?;
    let (found, place): (i32, _) = (cell(row, 0)?, connection.place().to_owned());
    if found > VERSION {
        return Err(PostgresError::NewerSchema { place, found, known: VERSION });
    }
    let partitions = u32::try_from(cell::<i64>(row, 1)?).unwrap_or(0);
    Ok(Some((found, Library { id: cell(row, 2)?, partitions })))
}

pub(super) fn extension(connection: &Connection, name: &str) -> Result<Option<Extension>> {
    let mut params = Params::new();
    let name = params.text(name.to_owned());
    let statement = format!(
        "select quote_ident(n.nspname), e.extversion from pg_extension e \
         join pg_namespace n on n.oid = e.extnamespace where e.extname = {name}"
    );
    let rows = connection.rows(&statement, &params)?;
    let read = |row| Ok(Extension { schema: cell(row, 0)?, version: cell(row, 1)? });
    rows.first().map(read).transpose()
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    found >= VECTORS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_new_enough("0.8.0") && is_new_enough("0.10") && is_new_enough("1"));
        assert!(!is_new_enough("0.7.4") && !is_new_enough("") && !is_new_enough("x"));
    }
}
