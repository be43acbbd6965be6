//! A batch in the making: what it will write, and what the counters will be.

use std::collections::{BTreeMap, BTreeSet};

use seer_types::{FileStamp, ModelFingerprint, PhotoId, PhotoRecord, RowId};
use sled::IVec;

use crate::change::{Applied, StoredPoint};
use crate::check::digest;
use crate::database::{Database, Write};
use crate::entry::Entry;
use crate::error::Result;
use crate::keys::{STATE, Table};
use crate::state::State;
use crate::value::{decode_record, encode_record};

/// Reads through to the database; nothing is written before [`Draft::commit`].
pub(crate) struct Draft<'a> {
    pub(crate) store: &'a Database,
    pub(crate) state: State,
    writes: BTreeMap<(u8, IVec), (Table, Option<IVec>)>,
    touched: BTreeSet<u32>,
    entries: BTreeMap<RowId, Entry>,
    points: BTreeMap<(ModelFingerprint, RowId), StoredPoint>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(store: &'a Database, state: State) -> Self {
        Self {
            store,
            state,
            writes: BTreeMap::new(),
            touched: BTreeSet::new(),
            entries: BTreeMap::new(),
            points: BTreeMap::new(),
        }
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

    /// All entries of a table whose keys begin with `prefix`, by key, as this batch leaves them.
    pub(crate) fn scan(&self, table: Table, prefix: &[u8]) -> Result<BTreeMap<IVec, IVec>> {
        let mut found: BTreeMap<IVec, IVec> =
            self.store.scan(table, prefix).collect::<Result<_>>()?;
        let from = (table as u8, IVec::from(prefix));
        let written = self.writes.range(from..);
        let written =
            written.take_while(|((of, key), _)| *of == table as u8 && key.starts_with(prefix));
        for ((_, key), (_, value)) in written {
            match value {
                Some(value) => found.insert(key.clone(), value.clone()),
                None => found.remove(key),
            };
        }
        Ok(found)
    }

    /// An entry of a table whose key begins with `prefix`, as this batch leaves it.
    pub(crate) fn first(&self, table: Table, prefix: &[u8]) -> Result<Option<(IVec, IVec)>> {
        let from = (table as u8, IVec::from(prefix));
        let written = self.writes.range(from..);
        let mut written =
            written.take_while(|((of, key), _)| *of == table as u8 && key.starts_with(prefix));
        let written =
            written.find_map(|((_, key), (_, value))| Some((key.clone(), value.clone()?)));
        if written.is_some() {
            return Ok(written);
        }
        for entry in self.store.scan(table, prefix) {
            let (key, value) = entry?;
            if self.get(table, &key)?.is_some() {
                return Ok(Some((key, value)));
            }
        }
        Ok(None)
    }

    pub(crate) fn entry(&self, id: PhotoId) -> Result<Option<Entry>> {
        let Some(bytes) = self.get(Table::Photos, &id.0)? else { return Ok(None) };
        Ok(Some(decode_record(id, &bytes).map_err(|e| self.store.damaged(e))?))
    }

    /// Stores a record and brings the counters in line; nothing happens when it is unchanged.
    pub(crate) fn put_entry(&mut self, entry: &Entry) -> Result<()> {
        let record = &entry.record;
        let before = self.entry(record.id)?;
        if before.as_ref() == Some(entry) {
            return Ok(());
        }
        let before = before.map(|before| before.record);
        let restamped = before.as_ref().is_some_and(|before| is_restamped(before, record));
        let files_before = before.map_or(0, |before| before.files.len());
        self.count_files(files_before, record.files.len());
        let value = encode_record(entry).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Photos, &record.id.0, value);
        self.entries.insert(entry.row, entry.clone());
        if !restamped {
            self.touch(entry.row);
        }
        // An index holds the parts of photos with a file only.
        if (files_before == 0) != record.files.is_empty() {
            self.touch_parts(record.id)
        } else {
            Ok(())
        }
    }

    /// Removes the record of a photo without files.
    pub(crate) fn remove_entry(&mut self, id: PhotoId, row: RowId) {
        self.remove(Table::Photos, &id.0);
        self.entries.remove(&row);
    }

    /// Notes a point that was written.
    pub(crate) fn note_point(&mut self, model: ModelFingerprint, point: StoredPoint) {
        self.points.insert((model, point.row), point);
    }

    /// Takes back that a point was written.
    pub(crate) fn forget_point(&mut self, model: ModelFingerprint, row: RowId) {
        self.points.remove(&(model, row));
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
        let applied = Applied {
            touched,
            entries: std::mem::take(&mut self.entries).into_values().collect(),
            points: std::mem::take(&mut self.points).into_values().collect(),
            watermark: self.state.watermark,
        };
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
        let state = self.state.encode().map_err(|e| self.store.damaged(e))?;
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
