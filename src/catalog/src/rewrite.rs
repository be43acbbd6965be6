//! Writing the database anew, so that what was forgotten leaves the disk too.
//!
//! sled keeps removed entries in its segments until it happens to write over them. After a purge
//! the catalog is therefore copied, entry by entry, into a fresh database, which takes the place of
//! the old one. That happens while the catalog is closed, or opened the next time, because nobody
//! may use the old one meanwhile.
//!
//! The names in the catalog's folder: `purged` asks for it; `sled.fresh` is being written;
//! `sled.old` was in use before. Whatever stops this half way, the next opening finds one whole
//! database: see [`finish_swap`].

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::check;
use crate::database::{Database, FOLDER, Write};
use crate::error::{CatalogError, Result};
use crate::keys::Table;
use crate::opened::read_state;
use crate::recover::{io_error, remove_all, sync_files, sync_folder};
use crate::state::State;

const WANTED: &str = "purged";
const FRESH: &str = "sled.fresh";
const OLD: &str = "sled.old";

/// Entries per batch of the copy.
const BATCH: usize = 512;

/// Notes, durably, that the database is to be written anew.
pub(crate) fn want(folder: &Path) -> Result<()> {
    let note = || File::create(folder.join(WANTED))?.sync_all().and_then(|()| sync_folder(folder));
    note().map_err(|source| io_error(folder, "note what was forgotten", source))
}

pub(crate) fn is_wanted(folder: &Path) -> bool {
    folder.join(WANTED).exists()
}

/// Brings the folder's names in order after a swap that was stopped half way: before the old
/// database was moved away the old one counts, from then on the fresh one, which is whole then.
pub(crate) fn finish_swap(folder: &Path) -> io::Result<()> {
    let at = |name: &str| folder.join(name);
    if !at(FOLDER).exists() {
        let whole = [FRESH, OLD].into_iter().find(|name| at(name).exists());
        whole.map_or(Ok(()), |name| fs::rename(at(name), at(FOLDER)))?;
    }
    remove_all(&at(FRESH))?;
    remove_all(&at(OLD))
}

/// Copies the database into a fresh one and puts that in its place; gives it back open.
///
/// # Errors
/// `Io`, `Damaged` when the copy is not what `state` counts; the old database is in place then.
pub(crate) fn afresh(folder: &Path, store: Database, state: &State) -> Result<Database> {
    let failed = |source| io_error(folder, "write the database anew", source);
    remove_all(&folder.join(FRESH)).map_err(failed)?;
    let copied = copy(folder, &store, state);
    store.close()?;
    if let Err(error) = copied {
        let _ = remove_all(&folder.join(FRESH));
        return Err(error);
    }
    swap(folder).map_err(failed)?;
    Database::open(folder)
}

fn copy(folder: &Path, store: &Database, state: &State) -> Result<()> {
    let fresh = Database::open_at(folder, &folder.join(FRESH))?;
    for table in Table::ALL {
        let mut batch: Vec<Write> = Vec::with_capacity(BATCH);
        for entry in store.scan(table, &[]) {
            let (key, value) = entry?;
            batch.push((table, key, Some(value)));
            if batch.len() == BATCH {
                fresh.commit(&std::mem::take(&mut batch))?;
            }
        }
        fresh.commit(&batch)?;
    }
    check::sums(&fresh, state)?;
    let counters = read_state(&fresh)?;
    fresh.close()?;
    match counters.as_ref() == Some(state) {
        true => Ok(()),
        false => Err(CatalogError::Damaged {
            folder: folder.to_path_buf(),
            what: "the copy of its database has other counters".to_owned(),
        }),
    }
}

fn swap(folder: &Path) -> io::Result<()> {
    let fresh = folder.join(FRESH);
    sync_files(&fresh)?;
    fs::rename(folder.join(FOLDER), folder.join(OLD))?;
    fs::rename(&fresh, folder.join(FOLDER))?;
    sync_folder(folder)?;
    remove_all(&folder.join(OLD))?;
    fs::remove_file(folder.join(WANTED))?;
    sync_folder(folder)
}
