//! A batch in the making: what it will write, and what the counters will be.

use std::collections::{BTreeMap, BTreeSet};

use seer_types::{FileStamp, PhotoId, PhotoRecord, RowId};
use sled::IVec;

use crate::change::Applied;
use crate::check::digest;
use crate::error::Result;
use crate::keys::{STATE, Table};
use crate::state::State;
use crate::store::{Store, Write};
use crate::value::{decode_record, encode, encode_record};

/// Reads through to the database; nothing is written before [`Draft::commit`].
pub(crate) struct Draft<'a> {
    pub(crate) store: &'a Store,
    pub(crate) state: State,
    writes: BTreeMap<(u8, IVec), (Table, Option<IVec>)>,
    touched: BTreeSet<u32>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(store: &'a Store, state: State) -> Self {
        Self { store, state, writes: BTreeMap::new(), touched: BTreeSet::new() }
    }

    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Result<Option<IVec>> {
        match self.writes.get(&(table as u8, IVec::from(key))) {
            Some((_, value)) => Ok(value.clone()),
            None => self.store.get(table, key),
        }
    }

    pub(crate) fn put(&mut self, table: Table, key: &[u8], value: Vec<u8>) {
        self.writes.insert((table as u8, key.into()), (table, Some(value.into())));
    }

    pub(crate) fn remove(&mut self, table: Table, key: &[u8]) {
        self.writes.insert((table as u8, key.into()), (table, None));
    }

    /// Notes that the row's record or embedding changes.
    pub(crate) fn touch(&mut self, row: RowId) {
        self.touched.insert(row.0);
    }

    pub(crate) fn record(&self, id: PhotoId) -> Result<Option<PhotoRecord>> {
        let Some(bytes) = self.get(Table::Photos, &id.0)? else { return Ok(None) };
        Ok(Some(decode_record(id, &bytes).map_err(|e| self.store.damaged(e))?))
    }

    /// Stores a record and brings the counters in line; nothing happens when it is unchanged.
    pub(crate) fn put_record(&mut self, record: &PhotoRecord) -> Result<()> {
        let before = self.record(record.id)?;
        if before.as_ref() == Some(record) {
            return Ok(());
        }
        let restamped = before.as_ref().is_some_and(|before| is_restamped(before, record));
        let files_before = before.map_or(0, |before| before.files.len());
        self.count_files(files_before, record.files.len());
        let value = encode_record(record).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Photos, &record.id.0, value);
        if !restamped {
            self.touch(record.row);
        }
        Ok(())
    }

    fn count_files(&mut self, before: usize, after: usize) {
        let state = &mut self.state;
        state.files = (state.files + after as u64).saturating_sub(before as u64);
        let photos = state.photos + u64::from(after > 0);
        state.photos = photos.saturating_sub(u64::from(before > 0));
    }

    /// Writes everything, durably, and gives the new counters.
    pub(crate) fn commit(mut self) -> Result<(Applied, State)> {
        self.state.watermark += 1;
        self.state.written_by = crate::head::this_program();
        self.state.format = crate::FORMAT;
        let touched: Vec<RowId> = self.touched.iter().copied().map(RowId).collect();
        self.note_changes(&touched)?;
        self.update_digest()?;
        let applied = Applied { touched, watermark: self.state.watermark };
        self.write_out()?;
        Ok((applied, self.state))
    }

    /// As [`Self::commit`], for writes that are no change of photos: the watermark stays.
    pub(crate) fn commit_settings(mut self) -> Result<State> {
        self.update_digest()?;
        self.write_out()?;
        Ok(self.state)
    }

    fn update_digest(&mut self) -> Result<()> {
        let mut sum = self.state.digest;
        for ((_, key), (table, value)) in &self.writes {
            if let Some(old) = self.store.get(*table, key)? {
                sum = sum.wrapping_sub(digest(*table, key, &old));
            }
            if let Some(new) = value {
                sum = sum.wrapping_add(digest(*table, key, new));
            }
        }
        self.state.digest = sum;
        Ok(())
    }

    fn write_out(&mut self) -> Result<()> {
        let state = encode(&self.state).map_err(|e| self.store.damaged(e))?;
        let taken = std::mem::take(&mut self.writes);
        let mut writes: Vec<Write> =
            taken.into_iter().map(|((_, key), (table, value))| (table, key, value)).collect();
        writes.push((Table::Meta, STATE.into(), Some(state.into())));
        self.store.commit(&writes)
    }
}

/// Whether only change times and inodes differ, which no derived index holds.
fn is_restamped(before: &PhotoRecord, after: &PhotoRecord) -> bool {
    let without = |record: &PhotoRecord| {
        let mut record = record.clone();
        for file in &mut record.files {
            file.stamp = FileStamp::new(file.stamp.size, file.stamp.modified_ns);
        }
        record
    };
    without(before) == without(after)
}
