//! Questions to a catalog.
//!
//! Readers do not wait for the disk. A question that reads many entries while a batch is being
//! written may see some of its photos before and others after it, except where it says that all
//! are of one batch; each record is whole.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use seer_types::{Failure, LibraryPath, PhotoId, PhotoRecord, RowId};

use crate::database::Database;
use crate::entry::Entry;
use crate::error::{CatalogError, Result};
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::value::{BadValue, StoredFailure, StoredFile, decode_record};
use crate::{journal, rows};
use seer_store::{Counts, KnownFile};

/// At most this many ids answer [`Catalog::resolve_prefix`].
const PREFIX_ANSWERS: usize = 100;
/// So many records are read by two threads: an answer waits for them.
const READ_BY_TWO: usize = 32;

impl Catalog {
    /// The change counter: how many batches were applied.
    pub fn watermark(&self) -> u64 {
        self.state().watermark
    }

    /// How much there is; counted while writing, so it costs nothing.
    pub fn counts(&self) -> Counts {
        self.state().counts()
    }

    /// A photo's record.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn record(&self, id: PhotoId) -> Result<Option<PhotoRecord>> {
        Ok(self.entry(id)?.map(|entry| entry.record))
    }

    /// The records of photos, in the order of the ids, all as of one batch.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn records_of(&self, ids: &[PhotoId]) -> Result<Vec<Option<PhotoRecord>>> {
        let store = self.store()?;
        let _between_batches = store.between_batches();
        if ids.len() < READ_BY_TWO {
            return records(&store, ids);
        }
        let (ids, others) = ids.split_at(ids.len() / 2);
        thread::scope(|scope| {
            let others = scope.spawn(|| records(&store, others));
            let mut found = records(&store, ids)?;
            found.extend(others.join().unwrap_or_else(|e| resume_unwind(e))?);
            Ok(found)
        })
    }

    /// A photo's record with its row.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn entry(&self, id: PhotoId) -> Result<Option<Entry>> {
        entry(&*self.store()?, id)
    }

    /// The photo that a row stands for, itself or one of its parts; `None` for a row that was given
    /// up or never given.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn photo_of(&self, row: RowId) -> Result<Option<PhotoId>> {
        rows::photo_of(&*self.store()?, row)
    }

    /// All photos by row, those without files included.
    ///
    /// # Errors
    /// `Unusable`; each item is `Damaged` or `Io` where it cannot be read.
    pub fn records(&self) -> Result<Records> {
        let store = self.store()?;
        Ok(Records { rows: Box::new(rows::all(Arc::clone(&store))), store })
    }

    /// Calls `with` for every record by id, those of photos without files included, reading as it
    /// goes.
    ///
    /// # Errors
    /// `Damaged`, `Io`; what was read until then has been passed on. Those of `with`.
    pub fn for_each_record<E: From<CatalogError>>(
        &self,
        mut with: impl FnMut(PhotoRecord) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let store = self.store()?;
        for item in store.scan(Table::Photos, &[]) {
            let (key, value) = item?;
            let id = keys::photo_id(&key)
                .ok_or_else(|| store.damaged(BadValue("a photo's key is not an id".into())))?;
            with(decode_record(id, &value).map_err(|e| store.damaged(e))?.record)?;
        }
        Ok(())
    }

    /// Ids that begin with these hex digits (either case), sorted, at most 100. Text that is no
    /// hex number or is longer than an id has none.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn resolve_prefix(&self, hex: &str) -> Result<Vec<PhotoId>> {
        let hex = hex.to_ascii_lowercase();
        if hex.len() > 64 || !hex.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Ok(Vec::new());
        }
        let nibble = |digit: u8| (digit as char).to_digit(16).unwrap_or(0) as u8;
        let (pairs, odd) = hex.as_bytes().as_chunks::<2>();
        let whole: Vec<u8> = pairs.iter().map(|[a, b]| nibble(*a) << 4 | nibble(*b)).collect();
        let odd = odd.first().map(|digit| nibble(*digit));
        let fits = |id: &PhotoId| odd.is_none_or(|high| id.0[whole.len()] >> 4 == high);
        let entries = self.store()?.scan(Table::Photos, &whole);
        let ids = entries.filter_map(|entry| match entry {
            Ok((key, _)) => keys::photo_id(&key).filter(fits).map(Ok),
            Err(error) => Some(Err(error)),
        });
        ids.take(PREFIX_ANSWERS).collect()
    }

    /// What is known about a path.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn file_at(&self, path: &LibraryPath) -> Result<Option<KnownFile>> {
        let store = self.store()?;
        let key = keys::exact(path);
        if let Some(value) = store.get(Table::Files, &key)? {
            return file(&store, &key, &value).map(Some);
        }
        let failure = store.get(Table::Failures, &key)?;
        failure.map(|value| failed(&store, &key, &value)).transpose()
    }

    /// All known paths below a folder (or the path itself), failures included, sorted by bytes.
    /// Only these entries are read, however large the library is.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn files_under(&self, folder: &LibraryPath) -> Result<Vec<KnownFile>> {
        let mut found = Vec::new();
        self.for_each_file_under(folder, |known| found.push(known))?;
        found.sort_by_cached_key(|known| known.path.to_bytes());
        Ok(found)
    }

    /// All known paths below a folder (or the path itself), failures included, in no order, one by
    /// one.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn for_each_file_under(
        &self,
        folder: &LibraryPath,
        mut each: impl FnMut(KnownFile),
    ) -> Result<()> {
        let store = self.store()?;
        self.file_at(folder)?.into_iter().for_each(&mut each);
        let prefix = keys::below(folder);
        for entry in store.scan(Table::Files, &prefix) {
            let (key, value) = entry?;
            each(file(&store, &key, &value)?);
        }
        for entry in store.scan(Table::Failures, &prefix) {
            let (key, value) = entry?;
            each(failed(&store, &key, &value)?);
        }
        Ok(())
    }

    /// The files that could not be read, by path.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn failures(&self) -> Result<Vec<Failure>> {
        let store = self.store()?;
        let read = |key: &[u8], value: &[u8]| StoredFailure::decode(value)?.into_failure(key);
        let entries = store.scan(Table::Failures, &[]);
        entries
            .map(|entry| entry.and_then(|(k, v)| read(&k, &v).map_err(|e| store.damaged(e))))
            .collect()
    }

    /// The rows whose record or point changed after `watermark`, ascending, purged ones
    /// included. `None`: that is before the oldest list kept, or not of this library's past;
    /// build the index anew.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn rows_changed_since(&self, watermark: u64) -> Result<Option<Vec<RowId>>> {
        journal::changed_since(&*self.store()?, &self.state(), watermark)
    }
}

fn records(store: &Database, ids: &[PhotoId]) -> Result<Vec<Option<PhotoRecord>>> {
    ids.iter().map(|id| Ok(entry(store, *id)?.map(|entry| entry.record))).collect()
}

pub(crate) fn entry(store: &Database, id: PhotoId) -> Result<Option<Entry>> {
    let Some(bytes) = store.get(Table::Photos, &id.0)? else { return Ok(None) };
    Ok(Some(decode_record(id, &bytes).map_err(|e| store.damaged(e))?))
}

fn file(store: &Database, key: &[u8], value: &[u8]) -> Result<KnownFile> {
    let stored = StoredFile::decode(value).map_err(|e| store.damaged(e))?;
    Ok(stored.into_known(key))
}

fn failed(store: &Database, key: &[u8], value: &[u8]) -> Result<KnownFile> {
    let stored = StoredFailure::decode(value).map_err(|e| store.damaged(e))?;
    Ok(stored.into_known(key))
}

/// Photos by row; see [`Catalog::records`].
pub struct Records {
    store: Arc<Database>,
    rows: Box<dyn Iterator<Item = Result<(RowId, PhotoId)>>>,
}

impl Iterator for Records {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.rows.next()? {
                Ok((row, id)) => match entry(&self.store, id) {
                    Ok(Some(entry)) if entry.row == row => return Some(Ok(entry)),
                    // The row of a part, or purged between the two reads.
                    Ok(_) => continue,
                    Err(error) => return Some(Err(error)),
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
