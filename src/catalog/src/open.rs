//! Opening, closing, and the one writer at a time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use crate::change::{Applied, Change};
use crate::draft::Draft;
use crate::error::{CatalogError, Result};
use crate::head::{self, Found, Head};
use crate::keys::{STATE, Table};
use crate::lock::FolderLock;
use crate::state::State;
use crate::store::Store;
use crate::value::{decode, encode};
use crate::{FORMAT, check};

/// An open catalog. Share it between threads by reference: readers run side by side, writers one
/// after the other. Dropping it closes it in order, which makes the next opening fast.
pub struct Catalog {
    /// Gone only while closing.
    store: Option<Store>,
    state: RwLock<State>,
    writer: Mutex<()>,
    /// Written to since it was opened.
    dirty: AtomicBool,
    /// A write failed half way.
    broken: AtomicBool,
    folder: PathBuf,
    _lock: FolderLock,
}

impl Catalog {
    /// Opens the catalog in `folder`, creating both when they are not there.
    ///
    /// After an end without a proper close (a crash, a kill) everything is read once and compared
    /// with what was written, which takes seconds for a large library.
    ///
    /// # Errors
    /// `Locked`, `NewerFormat`, `Damaged`, `Io`.
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|source| io_error(folder, "create folders", source))?;
        let lock = FolderLock::take(folder)?;
        let found =
            head::read(folder).map_err(|source| io_error(folder, "read the head", source))?;
        if let Found::Head(head) = &found {
            refuse_newer(folder, head.format, &head.written_by)?;
        }
        let store = Store::open(folder)?;
        let state = match read_state(&store)? {
            Some(state) => state,
            None => first_state(&store, &found)?,
        };
        verify(&store, &state, &found)?;
        let head = head_of(&state, true);
        if found != Found::Head(head.clone()) {
            head::write(folder, &head, true)
                .map_err(|source| io_error(folder, "write the head", source))?;
        }
        Ok(Self {
            store: Some(store),
            state: RwLock::new(state),
            writer: Mutex::new(()),
            dirty: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            folder: folder.to_path_buf(),
            _lock: lock,
        })
    }

    /// Applies a batch: all of it or, on an error, nothing. On return it is on the disk. A later
    /// change of the batch sees what earlier ones did. An empty batch does nothing at all; every
    /// other one raises the watermark by one.
    ///
    /// # Errors
    /// `UnknownPhoto` and `WrongDimension` for a change that makes no sense, `Full`; `Damaged`,
    /// `Io`, and after a failed write `Unusable`.
    pub fn apply(&self, changes: &[Change]) -> Result<Applied> {
        if changes.is_empty() {
            return Ok(Applied { touched: Vec::new(), watermark: self.watermark() });
        }
        self.write(|draft| changes.iter().try_for_each(|change| draft.change(change)))
    }

    /// Runs `fill` on a new batch and commits it.
    pub(crate) fn write(&self, fill: impl FnOnce(&mut Draft<'_>) -> Result<()>) -> Result<Applied> {
        let _writer = self.writer();
        let mut draft = Draft::new(self.store()?, self.state());
        fill(&mut draft)?;
        self.mark_dirty()?;
        let (applied, state) = draft.commit().inspect_err(|_| self.break_off())?;
        self.publish(state);
        Ok(applied)
    }

    /// As [`Self::write`], for roots and models: the watermark stays.
    pub(crate) fn write_settings(
        &self,
        fill: impl FnOnce(&mut Draft<'_>) -> Result<()>,
    ) -> Result<()> {
        let _writer = self.writer();
        let mut draft = Draft::new(self.store()?, self.state());
        fill(&mut draft)?;
        self.mark_dirty()?;
        let state = draft.commit_settings().inspect_err(|_| self.break_off())?;
        self.publish(state);
        Ok(())
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn store(&self) -> Result<&Store> {
        let unusable = || CatalogError::Unusable { folder: self.folder.clone() };
        if self.broken.load(Ordering::Acquire) {
            return Err(unusable());
        }
        self.store.as_ref().ok_or_else(unusable)
    }

    /// Before the first write: whoever opens this next after a crash has to look closely.
    fn mark_dirty(&self) -> Result<()> {
        if self.dirty.load(Ordering::Acquire) {
            return Ok(());
        }
        let head = head_of(&self.state(), false);
        head::write(&self.folder, &head, true)
            .map_err(|source| io_error(&self.folder, "write the head", source))?;
        self.dirty.store(true, Ordering::Release);
        Ok(())
    }

    fn break_off(&self) {
        self.broken.store(true, Ordering::Release);
    }

    /// Makes a committed state the current one.
    fn publish(&self, state: State) {
        if let Err(error) = head::write(&self.folder, &head_of(&state, false), false) {
            log::warn!("the head of {} was not written: {error}", self.folder.display());
        }
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Lets sled fold its log into a snapshot, which it does only while opening: from then on a
    /// damaged place is an error where it is read, and the next opening has no log to replay.
    fn settle(&mut self) -> Result<()> {
        let Some(store) = self.store.take() else { return Ok(()) };
        store.close()?;
        if !self.dirty.load(Ordering::Acquire) || self.broken.load(Ordering::Acquire) {
            return Ok(());
        }
        let store = Store::open(&self.folder)?;
        let kept = read_state(&store)?;
        store.close()?;
        let state = self.state();
        if kept.as_ref() == Some(&state) {
            head::write(&self.folder, &head_of(&state, true), true)
                .map_err(|source| io_error(&self.folder, "write the head", source))?;
        }
        Ok(())
    }
}

impl Drop for Catalog {
    fn drop(&mut self) {
        if let Err(error) = self.settle() {
            log::warn!("closing the catalog: {error}");
        }
    }
}

fn io_error(folder: &Path, action: &'static str, source: io::Error) -> CatalogError {
    CatalogError::Io { folder: folder.to_path_buf(), action, source }
}

fn head_of(state: &State, clean: bool) -> Head {
    let written_by = head::this_program();
    Head { format: FORMAT, watermark: state.watermark, clean, written_by }
}

fn refuse_newer(folder: &Path, found: u32, written_by: &str) -> Result<()> {
    if found <= FORMAT {
        return Ok(());
    }
    Err(CatalogError::NewerFormat {
        folder: folder.to_path_buf(),
        found,
        supported: FORMAT,
        written_by: written_by.to_owned(),
    })
}

fn read_state(store: &Store) -> Result<Option<State>> {
    let Some(bytes) = store.get(Table::Meta, STATE)? else { return Ok(None) };
    let state: State = decode("state", &bytes).map_err(|e| store.damaged(e))?;
    refuse_newer(store.folder(), state.format, &state.written_by)?;
    Ok(Some(state))
}

fn first_state(store: &Store, found: &Found) -> Result<State> {
    let lost = match found {
        Found::Head(head) => head.watermark > 0,
        Found::Unreadable => true,
        Found::Nothing => false,
    };
    if lost {
        return Err(damaged(store, "its database is empty, but it was written to".into()));
    }
    let state = State::new();
    let value = encode(&state).map_err(|e| store.damaged(e))?;
    store.commit(&[(Table::Meta, STATE.into(), Some(value.into()))])?;
    Ok(state)
}

/// Compares the database with the head, and with itself unless it was closed in order.
fn verify(store: &Store, state: &State, found: &Found) -> Result<()> {
    let clean = match found {
        Found::Head(head) if head.watermark > state.watermark => {
            let what = format!(
                "it ends at change {}, but change {} was written",
                state.watermark, head.watermark
            );
            return Err(damaged(store, what));
        }
        Found::Head(head) => head.clean && head.watermark == state.watermark,
        Found::Nothing => state.watermark == 0,
        Found::Unreadable => false,
    };
    if clean { Ok(()) } else { check::sums(store, state) }
}

fn damaged(store: &Store, what: String) -> CatalogError {
    CatalogError::Damaged { folder: store.folder().to_path_buf(), what }
}
