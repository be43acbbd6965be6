//! The one place that speaks to sled.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::thread::sleep;
use std::time::Duration;

use sled::transaction::{ConflictableTransactionError, TransactionError, Transactional};
use sled::{Db, IVec, Tree};

use crate::error::{CatalogError, Result};
use crate::guard::guarded;
use crate::keys::Table;
use crate::recover::{io_error, sync_folder};
use crate::value::BadValue;

/// sled's own folder inside the catalog's.
pub(crate) const FOLDER: &str = "sled";

/// sled's settings in it.
const SETTINGS: &str = "conf";

/// Memory for pages read or written lately. sled keeps a table of all pages beside it (about
/// 100 bytes per photo); the operating system caches the file itself.
const CACHE_BYTES: u64 = 64 << 20;

/// How often sled's own thread looks for segments to clean, in milliseconds. Durability does not
/// depend on it: [`Database::commit`] flushes.
const CLEANING_MS: u64 = 1000;

/// One write of a batch: tree, key, new value (`None` removes).
pub(crate) type Write = (Table, IVec, Option<IVec>);

/// An open database.
pub(crate) struct Database {
    trees: Vec<Tree>,
    db: Db,
    data: File,
    folder: Arc<Path>,
    /// Held to write while a batch goes into the trees: a moment, without a wait for the disk.
    batch: RwLock<()>,
}

impl Database {
    /// Opens or creates the database below `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        Self::open_at(folder, &folder.join(FOLDER))
    }

    /// Opens or creates the database in `own`; errors name `folder`.
    pub(crate) fn open_at(folder: &Path, own: &Path) -> Result<Self> {
        guarded(folder, || {
            let is_new = !own.join(SETTINGS).exists();
            let db = open_patiently(own).map_err(|error| sled_error(folder, "open", error))?;
            if is_new {
                make_durable(folder, own)?;
            }
            let tree = |table: Table| {
                db.open_tree(table.name()).map_err(|error| sled_error(folder, "open", error))
            };
            let trees = Table::ALL.into_iter().map(tree).collect::<Result<_>>()?;
            let data = File::open(own.join("db")).map_err(|source| CatalogError::Io {
                folder: folder.to_path_buf(),
                action: "open the database file",
                source,
            })?;
            Ok(Self { trees, db, data, folder: folder.into(), batch: RwLock::new(()) })
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn tree(&self, table: Table) -> &Tree {
        &self.trees[table as usize]
    }

    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Result<Option<IVec>> {
        guarded(&self.folder, || {
            self.tree(table).get(key).map_err(|error| sled_error(&self.folder, "read", error))
        })
    }

    /// While this is held no batch goes into the trees: what is read then is of one moment.
    pub(crate) fn between_batches(&self) -> RwLockReadGuard<'_, ()> {
        self.batch.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// All entries whose key begins with `prefix`, by key. Changes made meanwhile may show.
    pub(crate) fn scan(&self, table: Table, prefix: &[u8]) -> Scan {
        Scan { folder: self.folder.clone(), entries: self.tree(table).scan_prefix(prefix) }
    }

    /// All entries from `key` on.
    pub(crate) fn scan_from(&self, table: Table, key: &[u8]) -> Scan {
        Scan { folder: self.folder.clone(), entries: self.tree(table).range(key.to_vec()..) }
    }

    /// Calls `with` for every entry that can be read: from the first key up to a damaged place,
    /// and from the last key down to one. Whether all of them could be.
    pub(crate) fn each_readable(&self, table: Table, with: &mut dyn FnMut(IVec, IVec)) -> bool {
        let mut last = None;
        for entry in self.scan(table, &[]) {
            match entry {
                Ok((key, value)) => {
                    last = Some(key.clone());
                    with(key, value);
                }
                Err(error) => {
                    log::debug!("{}: {error}", table.name());
                    self.each_from_the_end(table, last, with);
                    return false;
                }
            }
        }
        true
    }

    fn each_from_the_end(
        &self,
        table: Table,
        until: Option<IVec>,
        with: &mut dyn FnMut(IVec, IVec),
    ) {
        let mut entries = self.tree(table).iter();
        let mut next = || {
            guarded(&self.folder, || {
                let next = entries.next_back().transpose();
                next.map_err(|error| sled_error(&self.folder, "read", error))
            })
        };
        while let Ok(Some((key, value))) = next() {
            if until.as_ref().is_some_and(|until| key <= *until) {
                return;
            }
            with(key, value);
        }
    }

    /// Writes all or nothing, and has it on the disk on return.
    ///
    /// sled's transaction over several trees puts one mark in front of all its log messages that
    /// names the last of them; recovery drops the whole run unless it is complete. Its flush uses
    /// `sync_file_range` on Linux, which reaches neither the file's length nor the disk's cache,
    /// hence the `sync_data` after it.
    pub(crate) fn commit(&self, writes: &[Write]) -> Result<()> {
        let trees = self.trees.as_slice();
        guarded(&self.folder, || {
            let in_batch = self.batch.write().unwrap_or_else(PoisonError::into_inner);
            let outcome = trees.transaction(|views| {
                for (table, key, value) in writes {
                    match value {
                        Some(value) => views[*table as usize].insert(key, value)?,
                        None => views[*table as usize].remove(key)?,
                    };
                }
                Ok::<(), ConflictableTransactionError<()>>(())
            });
            drop(in_batch);
            match outcome {
                Ok(()) | Err(TransactionError::Abort(())) => {}
                Err(TransactionError::Storage(error)) => {
                    return Err(sled_error(&self.folder, "write", error));
                }
            }
            self.db.flush().map_err(|error| sled_error(&self.folder, "flush", error))?;
            self.data.sync_data().map_err(|source| CatalogError::Io {
                folder: self.folder.to_path_buf(),
                action: "flush the database",
                source,
            })
        })
    }

    /// Wraps what [`crate::value`] could not read.
    pub(crate) fn damaged(&self, error: BadValue) -> CatalogError {
        CatalogError::Damaged { folder: self.folder.to_path_buf(), what: error.0 }
    }

    /// Lets go of the files.
    pub(crate) fn close(self) -> Result<()> {
        let folder = self.folder.clone();
        guarded(&folder, move || {
            drop(self);
            Ok(())
        })
    }
}

/// Entries of a range; see [`Database::scan`].
pub(crate) struct Scan {
    folder: Arc<Path>,
    entries: sled::Iter,
}

impl Iterator for Scan {
    type Item = Result<(IVec, IVec)>;

    fn next(&mut self) -> Option<Self::Item> {
        let folder = &self.folder;
        let next = guarded(folder, || {
            self.entries.next().transpose().map_err(|error| sled_error(folder, "read", error))
        });
        next.transpose()
    }
}

/// sled syncs neither the settings of a new database nor their name; without this a power cut long
/// after the first batch could still leave them torn.
fn make_durable(folder: &Path, own: &Path) -> Result<()> {
    let sync = || {
        File::open(own.join(SETTINGS))?.sync_all()?;
        sync_folder(own)?;
        sync_folder(own.parent().unwrap_or(own))
    };
    sync().map_err(|source| io_error(folder, "sync the new database", source))
}

/// sled's threads may hold its file for a moment after the last handle of an earlier one is gone.
fn open_patiently(own: &Path) -> std::result::Result<Db, sled::Error> {
    let config =
        sled::Config::new().path(own).cache_capacity(CACHE_BYTES).flush_every_ms(Some(CLEANING_MS));
    for _ in 0..100 {
        match config.open() {
            Err(sled::Error::Io(error)) if is_lock(&error) => sleep(Duration::from_millis(20)),
            other => return other,
        }
    }
    config.open()
}

/// sled tells a held lock only in words.
fn is_lock(error: &io::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

fn sled_error(folder: &Path, verb: &'static str, error: sled::Error) -> CatalogError {
    let folder = folder.to_path_buf();
    let action = match verb {
        "open" => "open the database",
        "read" => "read the database",
        "flush" => "flush the database",
        _ => "write the database",
    };
    match error {
        sled::Error::Io(source) if is_lock(&source) => CatalogError::Locked { folder, owner: None },
        sled::Error::Io(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
            CatalogError::Io { folder, action, source }
        }
        other => {
            let what = format!("seer could not {action} ({other})");
            CatalogError::Damaged { folder, what }
        }
    }
}
