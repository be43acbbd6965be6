//! Reads everything once and compares it with what the counters say.
//!
//! A CRC in sled guards each of its log messages, but after a crash its recovery may pass over a
//! damaged stretch in silence. Every batch therefore keeps a sum over all entries up to date, and
//! a catalog that was not closed in order is summed up again when it is opened.

use std::collections::BTreeSet;

use seer_types::ModelFingerprint;

use crate::database::Database;
use crate::entry::Entry;
use crate::error::{CatalogError, Result};
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::rows;
use crate::state::State;
use crate::value::{StoredFile, decode_record};

/// One entry's part of the sum: 8 bytes of BLAKE3 over tree, key length, key and value.
pub(crate) fn digest(table: Table, key: &[u8], value: &[u8]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(table.name().as_bytes());
    hasher.update(&(key.len() as u32).to_le_bytes());
    hasher.update(key);
    hasher.update(value);
    let mut first = [0u8; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(first)
}

impl Catalog {
    /// Reads the whole catalog and makes sure that it is what was written and agrees with itself:
    /// the sum over all entries, the counters, and that records, paths and rows point at each
    /// other. No batch is applied meanwhile.
    ///
    /// # Errors
    /// `Damaged` with the first disagreement; `Io`.
    pub fn check(&self) -> Result<()> {
        let _writer = self.writer();
        let store = self.store()?;
        let state = self.state();
        sums(&store, &state)?;
        links(&store, &state)
    }
}

/// The cheap half: nothing is missing, nothing is other than written.
pub(crate) fn sums(store: &Database, state: &State) -> Result<()> {
    let mut sum = 0u64;
    for table in Table::ALL.into_iter().filter(|table| *table != Table::Meta) {
        for entry in store.scan(table, &[]) {
            let (key, value) = entry?;
            sum = sum.wrapping_add(digest(table, &key, &value));
        }
    }
    if sum == state.digest {
        return Ok(());
    }
    Err(damaged(store, "entries are missing or not as they were written".into()))
}

pub(crate) fn links(store: &Database, state: &State) -> Result<()> {
    let (mut photos, mut files) = (0, 0);
    for entry in store.scan(Table::Photos, &[]) {
        let (key, value) = entry?;
        let id = keys::photo_id(&key)
            .ok_or_else(|| damaged(store, "a photo's key is not an id".into()))?;
        let entry = decode_record(id, &value).map_err(|e| store.damaged(e))?;
        check_record(store, &entry)?;
        let record = entry.record;
        photos += u64::from(!record.files.is_empty());
        files += record.files.len() as u64;
    }
    let failures = entries(store, Table::Failures, &[])?;
    expect(store, "photos", photos, state.photos)?;
    expect(store, "files", files, state.files)?;
    expect(store, "paths", entries(store, Table::Files, &[])?, state.files)?;
    expect(store, "failures", failures, state.failures)?;
    for (model, count) in &state.embedded {
        let name = format!("photos with points of model {}", ModelFingerprint(*model).short());
        expect(store, &name, embedded(store, model)?, *count)?;
    }
    expect(store, "parts", entries(store, Table::Parts, &[])?, state.parts)?;
    for (name, count) in &state.analysed {
        let found = entries(store, Table::Analyses, &keys::analysis(name))?;
        expect(store, &format!("photos of the analysis \"{name}\""), found, *count)?;
    }
    Ok(())
}

fn check_record(store: &Database, entry: &Entry) -> Result<()> {
    let record = &entry.record;
    if rows::photo_of(store, entry.row)? != Some(record.id) {
        let what = format!("row {} is not photo {}", entry.row.0, record.id.short());
        return Err(damaged(store, what));
    }
    for file in &record.files {
        let value = store.get(Table::Files, &keys::exact(&file.path))?;
        let owner = value.map(|value| StoredFile::decode(&value).map(|file| file.id));
        if owner.transpose().map_err(|e| store.damaged(e))? != Some(record.id) {
            let what = format!("\"{}\" is not listed for photo {}", file.path, record.id.short());
            return Err(damaged(store, what));
        }
    }
    Ok(())
}

/// How many photos have a point of a model; those with other parts alone are looked up.
fn embedded(store: &Database, model: &[u8]) -> Result<u64> {
    let mut others = BTreeSet::new();
    for entry in store.scan(Table::Parts, model) {
        let (key, _) = entry?;
        let photo = key.get(..48).unwrap_or_default();
        if store.get(Table::Embeddings, photo)?.is_none() {
            others.insert(photo.to_vec());
        }
    }
    Ok(entries(store, Table::Embeddings, model)? + others.len() as u64)
}

fn entries(store: &Database, table: Table, prefix: &[u8]) -> Result<u64> {
    store.scan(table, prefix).try_fold(0, |count, entry| entry.map(|_| count + 1))
}

fn expect(store: &Database, what: &str, found: u64, counted: u64) -> Result<()> {
    if found == counted {
        return Ok(());
    }
    Err(damaged(store, format!("{found} {what} are there and {counted} were counted")))
}

/// What was found, without where and what next.
pub(crate) fn what(error: &CatalogError) -> String {
    match error {
        CatalogError::Damaged { what, .. } => what.clone(),
        other => other.to_string(),
    }
}

fn damaged(store: &Database, what: String) -> CatalogError {
    CatalogError::Damaged { folder: store.folder().to_path_buf(), what }
}
