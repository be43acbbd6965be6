//! Writing: one batch at a time, refused while the disk is nearly full, and survived when it
//! fails.

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};

use crate::ballast;
use crate::change::Applied;
use crate::draft::Draft;
use crate::error::{CatalogError, Result};
use crate::head;
use crate::open::Catalog;
use crate::opened::head_of;
use crate::recover::io_error;
use crate::room::Room;
use crate::state::State;
use seer_store::Change;

impl Catalog {
    /// Applies a batch: all of it or, on an error, nothing. On return it is on the disk. A later
    /// change of the batch sees what earlier ones did. An empty batch does nothing at all; every
    /// other one raises the watermark by one.
    ///
    /// # Errors
    /// `UnknownPhoto`, `WrongDimension` and `BadAnalysis` for a change that makes no sense, `Full`; `DiskFull`,
    /// with nothing written, while the disk's reserve is not free; `Damaged`, `Io`. After a failed
    /// write the next call opens the database again.
    pub fn apply(&self, changes: &[Change]) -> Result<Applied> {
        if changes.is_empty() {
            return Ok(Applied { watermark: self.watermark(), ..Applied::default() });
        }
        self.write(|draft| changes.iter().try_for_each(|change| draft.change(change)))
    }

    /// Runs `fill` on a new batch and commits it.
    pub(crate) fn write(&self, fill: impl FnOnce(&mut Draft<'_>) -> Result<()>) -> Result<Applied> {
        let mut applied = Applied::default();
        self.write_with(fill, |draft| {
            let (done, state) = draft.commit()?;
            applied = done;
            Ok(state)
        })?;
        Ok(applied)
    }

    /// As [`Self::write`], for roots and models: the watermark stays.
    pub(crate) fn write_settings(
        &self,
        fill: impl FnOnce(&mut Draft<'_>) -> Result<()>,
    ) -> Result<()> {
        self.write_with(fill, |draft| draft.commit_settings())
    }

    fn write_with(
        &self,
        fill: impl FnOnce(&mut Draft<'_>) -> Result<()>,
        commit: impl FnOnce(Draft<'_>) -> Result<State>,
    ) -> Result<()> {
        let _writer = self.writer();
        self.room_to_write()?;
        ballast::replace(&self.folder);
        let store = self.store()?;
        let mut draft = Draft::new(&store, self.state());
        fill(&mut draft)?;
        self.mark_dirty()?;
        match commit(draft) {
            Ok(state) => {
                self.publish(state);
                Ok(())
            }
            Err(error) => {
                drop(store);
                self.let_go();
                Err(error)
            }
        }
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a batch may be begun.
    ///
    /// # Errors
    /// `DiskFull` while less is free than [`Room::reserve`], and what opening the catalog after a
    /// crash takes where that room was given up.
    pub fn room_to_write(&self) -> Result<()> {
        let missing = ballast::missing(&self.folder);
        match Room::of(&self.folder) {
            Some(room) if !room.has(missing) => {
                let needed = room.reserve().saturating_add(missing);
                Err(CatalogError::DiskFull { folder: self.folder.clone(), free: room.free, needed })
            }
            _ => Ok(()),
        }
    }

    /// Before the first write: whoever opens this next after a crash has to look closely.
    pub(crate) fn mark_dirty(&self) -> Result<()> {
        if self.dirty.load(Ordering::Acquire) {
            return Ok(());
        }
        let head = head_of(&self.state(), false);
        head::write(&self.folder, &head, true)
            .map_err(|source| io_error(&self.folder, "write the head", source))?;
        self.dirty.store(true, Ordering::Release);
        Ok(())
    }

    /// Makes a committed state the current one.
    fn publish(&self, state: State) {
        if let Err(error) = head::write(&self.folder, &head_of(&state, false), false) {
            log::warn!("the head of {} was not written: {error}", self.folder.display());
        }
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}
