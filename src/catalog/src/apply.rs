//! What each change means.

use std::time::{SystemTime, UNIX_EPOCH};

use seer_types::{Failure, LibraryPath, PhotoFacts, PhotoFile, PhotoId, PhotoRecord, RowId};

use crate::draft::Draft;
use crate::entry::Entry;
use crate::error::{CatalogError, Result};
use crate::keys::{self, Table};
use crate::value::{StoredFailure, StoredFile};
use seer_store::{Change, read_again};

impl Draft<'_> {
    /// Adds one change to the batch.
    pub(crate) fn change(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Photo { id, size, facts, file, points } => {
                let row = self.photo(*id, *size, facts, file)?;
                self.put_points(*id, row, points)
            }
            Change::Link { id, file } => {
                let entry = self.known(*id)?;
                self.link(entry, file)
            }
            Change::Points { id, points } => {
                let row = self.known(*id)?.row;
                self.put_points(*id, row, points)
            }
            Change::FirstSeen { id, added } => {
                let mut entry = self.known(*id)?;
                entry.record.added = entry.record.added.min(*added);
                self.put_entry(&entry)
            }
            Change::Told { id, told } => {
                let mut entry = self.known(*id)?;
                told.put(&mut entry.record.facts);
                self.put_entry(&entry)
            }
            Change::Analysed { id, analysis } => {
                self.known(*id)?;
                self.analysed(*id, analysis)
            }
            Change::Unlink { path } => self.unlink(path),
            Change::Failed(failure) => self.fail(failure),
        }
    }

    fn known(&self, id: PhotoId) -> Result<Entry> {
        self.entry(id)?.ok_or(CatalogError::UnknownPhoto { id })
    }

    fn photo(
        &mut self,
        id: PhotoId,
        size: u64,
        facts: &PhotoFacts,
        file: &PhotoFile,
    ) -> Result<RowId> {
        let mut entry = match self.entry(id)? {
            Some(entry) => entry,
            None => {
                let row = self.new_row(id)?;
                let facts = PhotoFacts::default();
                let record = PhotoRecord { id, files: Vec::new(), size, facts, added: now() };
                Entry { row, record }
            }
        };
        let record = &mut entry.record;
        record.size = size;
        record.facts = read_again(std::mem::take(&mut record.facts), facts);
        let row = entry.row;
        self.link(entry, file)?;
        Ok(row)
    }

    /// Makes `file` one of the photo's, and of nobody else's.
    pub(crate) fn link(&mut self, mut entry: Entry, file: &PhotoFile) -> Result<()> {
        let record = &mut entry.record;
        self.detach(&file.path, Some(record.id))?;
        self.forget_failure(&file.path)?;
        let mut file = file.clone();
        file.path = LibraryPath::from_bytes(&keys::exact(&file.path));
        let value = StoredFile::encode(record.id, &file.root, file.stamp);
        let value = value.map_err(|e| self.store.damaged(e))?;
        self.put(Table::Files, &file.path.to_bytes(), value);
        match place_of(&record.files, &file.path) {
            Ok(place) => record.files[place] = file,
            Err(place) => record.files.insert(place, file),
        }
        self.put_entry(&entry)
    }

    /// Takes the path from the photo it belongs to, unless that is `except`.
    fn detach(&mut self, path: &LibraryPath, except: Option<PhotoId>) -> Result<()> {
        let key = keys::exact(path);
        let Some(bytes) = self.get(Table::Files, &key)? else { return Ok(()) };
        let known = StoredFile::decode(&bytes).map_err(|e| self.store.damaged(e))?;
        if Some(known.id) == except {
            return Ok(());
        }
        self.remove(Table::Files, &key);
        let Some(mut entry) = self.entry(known.id)? else { return Ok(()) };
        let files = &mut entry.record.files;
        if let Ok(place) = place_of(files, &LibraryPath::from_bytes(&key)) {
            files.remove(place);
        }
        self.put_entry(&entry)
    }

    fn unlink(&mut self, path: &LibraryPath) -> Result<()> {
        self.forget_failure(path)?;
        self.detach(path, None)
    }

    fn fail(&mut self, failure: &Failure) -> Result<()> {
        self.detach(&failure.path, None)?;
        let key = keys::exact(&failure.path);
        if self.get(Table::Failures, &key)?.is_none() {
            self.state.failures += 1;
        }
        let value = StoredFailure::encode(failure).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Failures, &key, value);
        Ok(())
    }

    fn forget_failure(&mut self, path: &LibraryPath) -> Result<()> {
        let key = keys::exact(path);
        if self.get(Table::Failures, &key)?.is_some() {
            self.state.failures = self.state.failures.saturating_sub(1);
            self.remove(Table::Failures, &key);
        }
        Ok(())
    }
}

fn place_of(files: &[PhotoFile], path: &LibraryPath) -> std::result::Result<usize, usize> {
    let key = path.to_bytes();
    files.binary_search_by(|file| file.path.to_bytes().cmp(&key))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
