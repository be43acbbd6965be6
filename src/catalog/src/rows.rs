//! Row numbers: given once, in order, never again.
//!
//! 64 rows share one entry, because entries cost sled more than bytes do. A row whose photo was
//! purged keeps its place and holds zeros.

use std::sync::Arc;

use seer_types::{PhotoId, RowId};

use crate::database::Database;
use crate::draft::Draft;
use crate::error::{CatalogError, Result};
use crate::keys::Table;
use crate::value::{BadValue, decode, encode};

const CHUNK: u32 = 64;
const NOBODY: [u8; 32] = [0; 32];

fn place(row: RowId) -> ([u8; 4], usize) {
    ((row.0 / CHUNK).to_be_bytes(), (row.0 % CHUNK) as usize)
}

/// The ids of a chunk: 32 bytes for each row, in order.
fn read(bytes: &[u8]) -> std::result::Result<Vec<[u8; 32]>, BadValue> {
    let joined: &[u8] = decode("row", bytes)?;
    let (ids, rest) = joined.as_chunks::<32>();
    if !rest.is_empty() || ids.len() > CHUNK as usize {
        return Err(BadValue(format!("a row value has {} bytes", joined.len())));
    }
    Ok(ids.to_vec())
}

/// The photo of a row, unless it was purged or the row was never given.
pub(crate) fn photo_of(store: &Database, row: RowId) -> Result<Option<PhotoId>> {
    let (key, position) = place(row);
    let Some(bytes) = store.get(Table::Rows, &key)? else { return Ok(None) };
    let ids = read(&bytes).map_err(|e| store.damaged(e))?;
    Ok(ids.get(position).filter(|id| **id != NOBODY).copied().map(PhotoId))
}

/// All rows that have a photo, ascending.
pub(crate) fn all(store: Arc<Database>) -> impl Iterator<Item = Result<(RowId, PhotoId)>> {
    let chunks = store.scan(Table::Rows, &[]);
    chunks.flat_map(move |entry| match entry.and_then(|(key, value)| chunk(&store, &key, &value)) {
        Ok(rows) => rows.into_iter().map(Ok).collect::<Vec<_>>(),
        Err(error) => vec![Err(error)],
    })
}

fn chunk(store: &Database, key: &[u8], value: &[u8]) -> Result<Vec<(RowId, PhotoId)>> {
    let number: [u8; 4] = key.try_into().map_err(|_| bad_key(store))?;
    let first = u32::from_be_bytes(number).checked_mul(CHUNK).ok_or_else(|| bad_key(store))?;
    let ids = read(value).map_err(|e| store.damaged(e))?;
    let rows = (first..=u32::MAX).zip(ids).filter(|(_, id)| *id != NOBODY);
    Ok(rows.map(|(row, id)| (RowId(row), PhotoId(id))).collect())
}

/// Whether a chunk can be understood.
pub(crate) fn understood(key: &[u8], value: &[u8]) -> std::result::Result<(), BadValue> {
    let number = <[u8; 4]>::try_from(key).map(u32::from_be_bytes);
    if !number.is_ok_and(|number| number.checked_mul(CHUNK).is_some()) {
        return Err(BadValue("a key is not a chunk number".into()));
    }
    read(value).map(drop)
}

/// The photos of all chunks that can be read, in no order.
pub(crate) fn readable(store: &Database) -> Vec<PhotoId> {
    let mut ids = Vec::new();
    store.each_readable(Table::Rows, &mut |_, value| {
        let chunk = read(&value).unwrap_or_default();
        ids.extend(chunk.into_iter().filter(|id| *id != NOBODY).map(PhotoId));
    });
    ids
}

fn bad_key(store: &Database) -> CatalogError {
    store.damaged(BadValue("a key of the row tree is not a chunk number".into()))
}

impl Draft<'_> {
    /// The next row number, for a photo that had none.
    pub(crate) fn new_row(&mut self, id: PhotoId) -> Result<RowId> {
        let row = RowId(self.state.next_row);
        self.state.next_row = row.0.checked_add(1).ok_or(CatalogError::Full)?;
        self.set_row(row, id.0)?;
        Ok(row)
    }

    /// Leaves the row to nobody.
    pub(crate) fn vacate_row(&mut self, row: RowId) -> Result<()> {
        self.set_row(row, NOBODY)
    }

    fn set_row(&mut self, row: RowId, id: [u8; 32]) -> Result<()> {
        let (key, position) = place(row);
        let mut ids = match self.get(Table::Rows, &key)? {
            Some(bytes) => read(&bytes).map_err(|e| self.store.damaged(e))?,
            None => Vec::new(),
        };
        if ids.len() <= position {
            ids.resize(position + 1, NOBODY);
        }
        ids[position] = id;
        let value = encode(&ids.as_flattened()).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Rows, &key, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_chunks_of_64() {
        assert_eq!(place(RowId(63)), ([0, 0, 0, 0], 63));
        assert_eq!(place(RowId(64)), ([0, 0, 0, 1], 0));
        assert_eq!(place(RowId(u32::MAX)), ([3, 255, 255, 255], 63));
    }
}
