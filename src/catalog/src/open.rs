//! Opening and closing; and opening again when a write failed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::database::{Database, FOLDER};
use crate::error::Result;
use crate::lock::FolderLock;
use crate::opened::{Opened, head_of, read_state};
use crate::recover::io_error;
use crate::state::State;
use crate::{ballast, head, leftovers, replace, rewrite, room};

/// An open catalog. Share it between threads by reference: readers run side by side, writers one
/// after the other. Dropping it closes it in order, which makes the next opening fast.
pub struct Catalog {
    /// Gone while closing, and after a failed write until the next question opens it again: what
    /// sled then has in memory may not be what is on the disk.
    store: Mutex<Option<Arc<Database>>>,
    pub(crate) state: RwLock<State>,
    pub(crate) writer: Mutex<()>,
    /// Written to since it was opened.
    pub(crate) dirty: AtomicBool,
    pub(crate) folder: PathBuf,
    _lock: FolderLock,
}

impl Catalog {
    /// Opens the catalog in `folder`, creating both when they are not there.
    ///
    /// After an end without a proper close (a crash, a kill) everything is read once and compared
    /// with what was written, which takes seconds for a large library. A database that sled
    /// refuses is tried again on a copy without sled's own snapshot.
    ///
    /// # Errors
    /// `Locked`, `NewerFormat`, `Damaged`, `DiskFull`, `Io`.
    pub fn open(folder: &Path) -> Result<Self> {
        replace::finish(folder)
            .and_then(|()| fs::create_dir_all(folder))
            .map_err(|source| io_error(folder, "create folders", source))?;
        let lock = FolderLock::take(folder)?;
        replace::clear(folder)
            .map_err(|source| io_error(folder, "clear up beside the catalog", source))?;
        let Opened { store, state } = Opened::open(folder)?;
        let store = without_the_forgotten(folder, store, &state)?;
        Ok(Self {
            store: Mutex::new(Some(Arc::new(store))),
            state: RwLock::new(state),
            writer: Mutex::new(()),
            dirty: AtomicBool::new(false),
            folder: folder.to_path_buf(),
            _lock: lock,
        })
    }

    pub(crate) fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Database>>> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The database; opened again when a write has failed since the last question.
    pub(crate) fn store(&self) -> Result<Arc<Database>> {
        let mut slot = self.slot();
        if let Some(store) = &*slot {
            return Ok(Arc::clone(store));
        }
        let Opened { store, state } = Opened::open(&self.folder)?;
        self.dirty.store(false, Ordering::Release);
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
        Ok(Arc::clone(slot.insert(Arc::new(store))))
    }

    /// After a failed write.
    pub(crate) fn let_go(&self) {
        if let Some(store) = self.slot().take().and_then(Arc::into_inner)
            && let Err(error) = store.close()
        {
            log::info!("letting go of the catalog: {error}");
        }
    }

    /// Lets sled fold its log into a snapshot, which it does only while opening: from then on a
    /// damaged place is an error where it is read, and the next opening has no log to replay.
    /// Where there is no room for that it is left to the next opening.
    fn settle(&mut self) -> Result<()> {
        let Some(store) = self.slot().take().and_then(Arc::into_inner) else { return Ok(()) };
        store.close()?;
        let own = self.folder.join(FOLDER);
        if !self.dirty.load(Ordering::Acquire)
            || !room::fits(&self.folder, ballast::needed(&self.folder))
        {
            return Ok(());
        }
        let (store, kept) = fold(&self.folder).inspect_err(|_| {
            let _ = leftovers::unfinished_snapshots(&own);
        })?;
        let state = self.state();
        if kept.as_ref() == Some(&state) {
            without_the_forgotten(&self.folder, store, &state)?.close()?;
            head::write(&self.folder, &head_of(&state, true), true)
                .map_err(|source| io_error(&self.folder, "write the head", source))?;
        }
        Ok(())
    }
}

fn fold(folder: &Path) -> Result<(Database, Option<State>)> {
    let store = Database::open(folder)?;
    let kept = read_state(&store)?;
    Ok((store, kept))
}

/// Writes the database anew where a purge asked for it. What stops that is a notice: it is tried
/// again the next time.
fn without_the_forgotten(folder: &Path, store: Database, state: &State) -> Result<Database> {
    if !rewrite::is_wanted(folder) {
        return Ok(store);
    }
    rewrite::afresh(folder, store, state).or_else(|error| {
        log::warn!("what was forgotten is still in the files of the catalog ({error})");
        leftovers::clear(folder)
            .map_err(|source| io_error(folder, "clear up the database", source))?;
        Database::open(folder)
    })
}

impl Drop for Catalog {
    fn drop(&mut self) {
        if let Err(error) = self.settle() {
            log::warn!("closing the catalog: {error}");
        }
    }
}
