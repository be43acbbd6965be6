//! The keyword index of a library: one that can be asked, whatever its files are like.
//!
//! It is derived. What cannot be opened, caught up, committed or read is built again from the
//! catalog, whatever the error; and where the disk takes nothing, in memory.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use seer_catalog::{Applied, Catalog, Entry, Room};
use seer_keywords::Keywords;
use seer_types::RowId;

use crate::EmbeddedError;
use crate::error::Result;
use crate::long_work::LongWork;

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
    pub(crate) fn open(dir: &Path, catalog: &Catalog) -> Result<Self> {
        let fresh = !dir.exists();
        let opened = Keywords::open(dir).map_err(EmbeddedError::from);
        let caught_up = opened.and_then(|keywords| {
            Ok(catch_up(&keywords, catalog, None)?
                .then_some(keywords)
                .ok_or("it is too far behind"))
        });
        let reason = match caught_up {
            Ok(Ok(keywords)) => {
                return Ok(Self { dir: dir.into(), current: RwLock::new(Arc::new(keywords)) });
            }
            Ok(Err(reason)) => reason.to_owned(),
            Err(error @ EmbeddedError::Catalog(_)) => return Err(error),
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

    /// Takes in what the catalog has changed since: what the last batch wrote, where that is all; builds the index again where that fails. The
    /// caller keeps other writers away.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn follow(&self, catalog: &Catalog, last: Option<&Applied>) -> Result<()> {
        let keywords = self.get();
        if !keywords.is_on_disk() && has_room(&self.dir, catalog) {
            log::info!("there is room again; building the keyword index on the disk");
            return self.rebuild(catalog);
        }
        let reason = match catch_up(&keywords, catalog, last) {
            Ok(true) => return Ok(()),
            Ok(false) => "it is too far behind".to_owned(),
            Err(error @ EmbeddedError::Catalog(_)) => return Err(error),
            Err(error) => error.to_string(),
        };
        log::warn!("the keyword index could not be brought up ({reason}); building it again");
        self.rebuild(catalog)
    }

    /// Builds the index again. The caller keeps other writers away.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(crate) fn rebuild(&self, catalog: &Catalog) -> Result<()> {
        self.get().stop_writing();
        let keywords = Arc::new(build(&self.dir, catalog)?);
        *self.current.write().unwrap_or_else(|e| e.into_inner()) = keywords;
        Ok(())
    }
}

/// Builds the index in its folder, or in memory where the folder cannot take it.
fn build(dir: &Path, catalog: &Catalog) -> Result<Keywords> {
    let on_disk = match has_room(dir, catalog) {
        true => Keywords::create(dir).map_err(EmbeddedError::from).and_then(|k| fill(k, catalog)),
        false => Err(EmbeddedError::NoRoom { folder: dir.to_path_buf() }),
    };
    match on_disk {
        Err(error @ EmbeddedError::Catalog(_)) => Err(error),
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

pub(crate) fn fill(keywords: Keywords, catalog: &Catalog) -> Result<Keywords> {
    // What changes while it is built is caught up later.
    let watermark = catalog.watermark();
    let mut work = LongWork::begin("building the keyword index", catalog.counts().photos);
    let (mut batch, mut done) = (Vec::new(), 0);
    for entry in catalog.records()? {
        batch.push(entry?);
        if batch.len() == BATCH {
            update(&keywords, &batch)?;
            done += batch.len() as u64;
            work.reach(done);
            batch.clear();
        }
    }
    update(&keywords, &batch)?;
    keywords.commit(watermark)?;
    Ok(keywords)
}

fn update<'a>(keywords: &Keywords, entries: impl IntoIterator<Item = &'a Entry>) -> Result<()> {
    Ok(keywords.update(entries.into_iter().map(|entry| (entry.row, &entry.record)))?)
}

/// Makes the index equal to the catalog; false when it is too far behind for that.
fn catch_up(keywords: &Keywords, catalog: &Catalog, last: Option<&Applied>) -> Result<bool> {
    let (at, watermark) = (keywords.watermark(), catalog.watermark());
    if at == watermark {
        return Ok(true);
    }
    match last.filter(|last| last.watermark == watermark && at + 1 == watermark) {
        Some(last) => {
            let is_written =
                |row: &RowId| last.entries.binary_search_by_key(row, |entry| entry.row).is_ok();
            let others: Vec<RowId> =
                last.touched.iter().copied().filter(|row| !is_written(row)).collect();
            if last.touched.is_empty() {
                return Ok(true);
            }
            // A record that changed in nothing that is indexed was not touched.
            let is_touched = |entry: &&Entry| last.touched.binary_search(&entry.row).is_ok();
            update(keywords, last.entries.iter().filter(is_touched))?;
            take_in(keywords, catalog, &others)?;
        }
        None => {
            let Some(rows) = catalog.rows_changed_since(at)? else { return Ok(false) };
            if rows.is_empty() {
                return Ok(true);
            }
            take_in(keywords, catalog, &rows)?;
        }
    }
    keywords.commit(watermark)?;
    Ok(true)
}

/// Takes in rows as the catalog has them; those of parts and of purged photos have no words.
fn take_in(keywords: &Keywords, catalog: &Catalog, rows: &[RowId]) -> Result<()> {
    for rows in rows.chunks(BATCH) {
        let mut entries = Vec::with_capacity(rows.len());
        let mut without = Vec::new();
        for &row in rows {
            let id = catalog.photo_of(row)?;
            let entry = id.map_or(Ok(None), |id| catalog.entry(id))?;
            match entry.filter(|entry| entry.row == row) {
                Some(entry) => entries.push(entry),
                None => without.push(row),
            }
        }
        update(keywords, &entries)?;
        keywords.remove(&without)?;
    }
    Ok(())
}
