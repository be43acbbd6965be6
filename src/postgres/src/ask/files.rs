//! What is known of paths.

use seer_store::{KnownFile, KnownState};
use seer_types::{Failure, LibraryPath};

use crate::apply::path::{below, exact, key};
use crate::apply::{damaged, photo_id};
use crate::connect::{Connection, Params, cell};
use crate::error::Result;
use crate::value::{decode_failure, decode_file};

/// Rows of a page.
const PAGE: usize = 2000;
/// The index holds the beginnings of paths, up to this many bytes.
const INDEXED: usize = 1000;

/// Where the next page of files begins: what the index holds of the last path, and its key.
pub(crate) type After = (Vec<u8>, Vec<u8>);

/// What is known about a path itself.
pub(crate) fn at(connection: &Connection, path: &LibraryPath) -> Result<Option<KnownFile>> {
    let mut params = Params::new();
    let key = params.bytes(key(&exact(path)));
    let statement = format!("select path, photo, state from file where key = {key}");
    connection.rows(&statement, &params)?.first().map(|row| known(connection, row)).transpose()
}

/// The next known paths below a folder, and where to go on.
pub(crate) fn page_below(
    connection: &Connection,
    folder: &LibraryPath,
    after: Option<&After>,
) -> Result<(Vec<KnownFile>, Option<After>)> {
    let prefix = below(folder);
    let start = &prefix[..prefix.len().min(INDEXED)];
    let mut params = Params::new();
    let indexed = format!("substring(path from 1 for {INDEXED})");
    let mut parts = vec![format!("{indexed} >= {}", params.bytes(start.to_vec()))];
    if let Some(end) = successor(start) {
        parts.push(format!("{indexed} < {}", params.bytes(end)));
    }
    // The index may hold less than the whole prefix.
    let (length, whole) = (prefix.len(), params.bytes(prefix.clone()));
    parts.push(format!("substring(path from 1 for {length}) = {whole}"));
    if let Some((path, key)) = after {
        let (path, key) = (params.bytes(path.clone()), params.bytes(key.clone()));
        parts.push(format!("({indexed}, key) > ({path}, {key})"));
    }
    let statement = format!(
        "select path, photo, state, {indexed}, key from file where {} \
         order by {indexed}, key limit {PAGE}",
        parts.join(" and ")
    );
    let rows = connection.rows(&statement, &params)?;
    let next = match rows.last() {
        Some(row) if rows.len() == PAGE => Some((cell(row, 3)?, cell(row, 4)?)),
        _ => None,
    };
    let files = rows.iter().map(|row| known(connection, row)).collect::<Result<_>>()?;
    Ok((files, next))
}

/// The first bytes that are above all that begin with these; `None` when none are.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

fn known(connection: &Connection, row: &tokio_postgres::Row) -> Result<KnownFile> {
    let file = decode_file(cell(row, 2)?).map_err(damaged(connection))?;
    let state = match (cell::<Option<&[u8]>>(row, 1)?, &file.failure) {
        (Some(id), _) => KnownState::Photo(photo_id(connection, id)?),
        (None, Some(failed)) => KnownState::Failed { decoders: failed.decoders },
        (None, None) => return Err(connection.damaged("a file that is no photo and no failure")),
    };
    let path = LibraryPath::from_bytes(cell(row, 0)?);
    Ok(KnownFile { path, root: file.root, stamp: file.stamp, state })
}

/// See [`seer_store::Store::failures`].
pub(crate) fn failures(connection: &Connection) -> Result<Vec<Failure>> {
    let statement = "select path, state from file where photo is null order by path";
    let rows = connection.rows(statement, &Params::new())?;
    let failure = |row: &tokio_postgres::Row| {
        decode_failure(cell(row, 0)?, cell(row, 1)?).map_err(damaged(connection))
    };
    rows.iter().map(failure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_ends_after_its_prefix() {
        assert_eq!(successor(b"/p/"), Some(b"/p0".to_vec()));
        assert_eq!(successor(b"a\xff\xff"), Some(b"b".to_vec()));
        assert_eq!((successor(b"\xff"), successor(b"")), (None, None));
    }
}
