//! The keyword index of a library: one that can be asked, whatever its files are like.
//!
//! It is derived. What cannot be opened, caught up, committed or read is built again from the
//! catalog, whatever the error; and where the disk takes nothing, in memory.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use seer_catalog::{Catalog, Room};
use seer_keywords::{Keywords, KeywordsError};
use seer_types::RowId;

use crate::EngineError;

/// How many records go to the index at once while it is built.
const BATCH: usize = 4096;

/// Bytes of disk that an index of one photo takes, generously.
const BYTES_PER_PHOTO: u64 = 1024;

/// See the module's description.
pub(crate) struct WordIndex {
    dir: PathBuf,
    current: RwLock<Arc<Keywords>>,
}

impl WordIndex {
    /// Opens the index in `dir` and brings it in step with the catalog, or builds it.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn open(dir: &Path, catalog: &Catalog) -> Result<Self, EngineError> {
        let fresh = !dir.exists();
        let opened = Keywords::open(dir).map_err(EngineError::from);
        let caught_up = opened.and_then(|keywords| {
            Ok(catch_up(&keywords, catalog)?.then_some(keywords).ok_or("it is too far behind"))
        });
        let reason = match caught_up {
            Ok(Ok(keywords)) => {
                return Ok(Self { dir: dir.into(), current: RwLock::new(Arc::new(keywords)) });
            }
            Ok(Err(reason)) => reason.to_owned(),
            Err(error @ EngineError::Catalog(_)) => return Err(error),
            Err(error) => error.to_string(),
        };
        if !fresh {
            log::warn!("the keyword index cannot be used ({reason}); building it again");
        }
        let keywords = build(dir, catalog)?;
        Ok(Self { dir: dir.into(), current: RwLock::new(Arc::new(keywords)) })
    }

    pub(crate) fn get(&self) -> Arc<Keywords> {
        Arc::clone(&self.current.read().unwrap_or_else(|e| e.into_inner()))
    }

    /// Takes in what the catalog has changed since; builds the index again where that fails. The
    /// caller keeps other writers away.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn follow(&self, catalog: &Catalog) -> Result<(), EngineError> {
        let keywords = self.get();
        if !keywords.is_on_disk() && has_room(&self.dir, catalog) {
            log::info!("there is room again; building the keyword index on the disk");
            return self.rebuild(catalog);
        }
        let reason = match catch_up(&keywords, catalog) {
            Ok(true) => return Ok(()),
            Ok(false) => "it is too far behind".to_owned(),
            Err(error @ EngineError::Catalog(_)) => return Err(error),
            Err(error) => error.to_string(),
        };
        log::warn!("the keyword index could not be brought up ({reason}); building it again");
        self.rebuild(catalog)
    }

    /// Builds the index again. The caller keeps other writers away.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn rebuild(&self, catalog: &Catalog) -> Result<(), EngineError> {
        self.get().stop_writing();
        let keywords = Arc::new(build(&self.dir, catalog)?);
        *self.current.write().unwrap_or_else(|e| e.into_inner()) = keywords;
        Ok(())
    }
}

/// Builds the index in its folder, or in memory where the folder cannot take it.
fn build(dir: &Path, catalog: &Catalog) -> Result<Keywords, EngineError> {
    let on_disk = match has_room(dir, catalog) {
        true => Keywords::create(dir).map_err(EngineError::from).and_then(|k| fill(k, catalog)),
        false => Err(EngineError::NoRoom { folder: dir.to_path_buf() }),
    };
    match on_disk {
        Err(error @ EngineError::Catalog(_)) => Err(error),
        Err(error) => {
            log::warn!("the keyword index is kept in memory only: {error}");
            fill(Keywords::in_memory(dir)?, catalog)
        }
        built => built,
    }
}

fn has_room(dir: &Path, catalog: &Catalog) -> bool {
    let place = if dir.exists() { dir } else { dir.parent().unwrap_or(dir) };
    let needed = catalog.counts().photos.saturating_mul(BYTES_PER_PHOTO);
    Room::of(place).is_none_or(|room| room.has(needed))
}

pub(crate) fn fill(keywords: Keywords, catalog: &Catalog) -> Result<Keywords, EngineError> {
    // What changes while it is built is caught up later.
    let watermark = catalog.watermark();
    let mut batch = Vec::new();
    for record in catalog.records()? {
        batch.push(record?);
        if batch.len() == BATCH {
            keywords.update(&batch)?;
            batch.clear();
        }
    }
    keywords.update(&batch)?;
    keywords.commit(watermark)?;
    Ok(keywords)
}

/// Makes the index equal to the catalog; false when it is too far behind for that.
fn catch_up(keywords: &Keywords, catalog: &Catalog) -> Result<bool, EngineError> {
    let watermark = catalog.watermark();
    let Some(rows) = catalog.rows_changed_since(keywords.watermark())? else { return Ok(false) };
    if !rows.is_empty() {
        take_in(keywords, catalog, &rows)?;
        keywords.commit(watermark)?;
    }
    Ok(true)
}

fn take_in(keywords: &Keywords, catalog: &Catalog, rows: &[RowId]) -> Result<(), EngineError> {
    for rows in rows.chunks(BATCH) {
        let mut records = Vec::with_capacity(rows.len());
        let mut purged = Vec::new();
        for &row in rows {
            match catalog.record_at(row)? {
                Some(record) => records.push(record),
                None => purged.push(row),
            }
        }
        keywords.update(&records)?;
        keywords.remove(&purged)?;
    }
    Ok(())
}

impl crate::Library {
    /// Asks the keyword index; when its files turn out to be damaged, it is built again and asked
    /// once more.
    ///
    /// # Errors
    /// What the index says, when it is sound; when the catalog cannot be read.
    pub(crate) fn ask_words<T>(
        &self,
        ask: impl Fn(&Keywords) -> Result<T, KeywordsError>,
    ) -> Result<T, EngineError> {
        let keywords = self.words.get();
        let error = match ask(&keywords) {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        // A question that a sound index cannot answer is not mended by building it again.
        if keywords.verify().is_ok() {
            return Err(error.into());
        }
        {
            let _writing = self.writing.lock().unwrap_or_else(|e| e.into_inner());
            if Arc::ptr_eq(&keywords, &self.words.get()) {
                log::warn!("the keyword index is damaged ({error}); building it again");
                self.words.rebuild(&self.catalog)?;
            }
        }
        Ok(ask(&self.words.get())?)
    }
}
