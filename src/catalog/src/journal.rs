//! Which rows changed when, so that derived indexes can catch up.
//!
//! Each batch that touched rows leaves a list of them under its watermark. The rows changed since
//! a watermark are the union of the later lists. When the lists together grow past a bound, the
//! oldest ones are dropped, and whoever is that far behind rebuilds.

use std::collections::BTreeSet;

use seer_types::RowId;

use crate::database::Database;
use crate::draft::Draft;
use crate::error::Result;
use crate::keys::Table;
use crate::state::State;
use crate::value::{BadValue, decode, encode};

/// Lists are kept while they name at most this many rows and [`KEPT_PER_ROW`] for each row given.
const KEPT_AT_LEAST: u64 = 65_536;
const KEPT_PER_ROW: u64 = 4;

impl Draft<'_> {
    /// Leaves this batch's list, and drops old ones when there are too many.
    pub(crate) fn note_changes(&mut self, touched: &[RowId]) -> Result<()> {
        if touched.is_empty() {
            return Ok(());
        }
        let rows: Vec<u32> = touched.iter().map(|row| row.0).collect();
        let value = encode(&rows).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Changes, &self.state.watermark.to_be_bytes(), value);
        self.state.changes_kept += rows.len() as u64;
        let limit = KEPT_AT_LEAST + KEPT_PER_ROW * u64::from(self.state.next_row);
        if self.state.changes_kept > limit { self.drop_oldest(limit / 2) } else { Ok(()) }
    }

    fn drop_oldest(&mut self, keep: u64) -> Result<()> {
        for entry in self.store.scan(Table::Changes, &[]) {
            if self.state.changes_kept <= keep {
                break;
            }
            let (key, value) = entry?;
            let (watermark, rows) = list(&key, &value).map_err(|e| self.store.damaged(e))?;
            self.remove(Table::Changes, &key);
            self.state.changes_kept = self.state.changes_kept.saturating_sub(rows.len() as u64);
            self.state.changes_from = watermark;
        }
        Ok(())
    }
}

impl Draft<'_> {
    /// Raises the watermark to `watermark` and drops all lists: every index from before is built
    /// anew.
    pub(crate) fn forget_history(&mut self, watermark: u64) -> Result<()> {
        for entry in self.store.scan(Table::Changes, &[]) {
            let (key, _) = entry?;
            self.remove(Table::Changes, &key);
        }
        self.state.watermark = watermark.max(self.state.watermark);
        self.state.changes_from = self.state.watermark;
        self.state.changes_kept = 0;
        Ok(())
    }
}

/// See [`crate::Catalog::rows_changed_since`].
pub(crate) fn changed_since(
    store: &Database,
    state: &State,
    watermark: u64,
) -> Result<Option<Vec<RowId>>> {
    if watermark < state.changes_from || watermark > state.watermark {
        return Ok(None);
    }
    let mut changed = BTreeSet::new();
    for entry in store.scan_from(Table::Changes, &(watermark + 1).to_be_bytes()) {
        let (key, value) = entry?;
        changed.extend(list(&key, &value).map_err(|e| store.damaged(e))?.1);
    }
    Ok(Some(changed.into_iter().map(RowId).collect()))
}

pub(crate) fn list(key: &[u8], value: &[u8]) -> std::result::Result<(u64, Vec<u32>), BadValue> {
    let watermark = <[u8; 8]>::try_from(key).map(u64::from_be_bytes);
    let watermark = watermark.map_err(|_| BadValue("a change list has no watermark".into()))?;
    Ok((watermark, decode("change list", value)?))
}
