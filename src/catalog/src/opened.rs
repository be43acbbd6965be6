//! An open database with its counters, compared with the head and with itself.

use std::path::Path;

use crate::database::{Database, FOLDER};
use crate::error::{CatalogError, Result};
use crate::head::{self, Found, Head};
use crate::keys::{STATE, Table};
use crate::recover::io_error;
use crate::state::State;
use crate::{FORMAT, ballast, check, leftovers, log_repair, recover};

/// A database that holds what was written.
pub(crate) struct Opened {
    pub(crate) store: Database,
    pub(crate) state: State,
}

impl Opened {
    /// Opens what is in `folder`, whatever a stop has left there, or begins a new database. The
    /// caller holds the folder's lock.
    ///
    /// # Errors
    /// `NewerFormat`, `Damaged`, `DiskFull`, `Io`.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let found =
            head::read(folder).map_err(|source| io_error(folder, "read the head", source))?;
        if let Found::Head(head) = &found {
            refuse_newer(folder, head.format, &head.written_by)?;
        }
        let mut opened = Self::attempt(folder, &found);
        if matches!(&opened, Err(error) if error.is_full()) && ballast::give_up(folder) {
            opened = Self::attempt(folder, &found);
        }
        let opened = match opened {
            Err(refusal) if recover::may_help(&refusal) => {
                recover::on_a_copy(folder, &found, refusal)?
            }
            opened => opened?,
        };
        let head = head_of(&opened.state, true);
        if found != Found::Head(head.clone())
            && let Err(error) = head::write(folder, &head, true)
        {
            // It only saves time at the next opening.
            log::info!("the head of {} was not written: {error}", folder.display());
        }
        ballast::keep(folder);
        Ok(opened)
    }

    fn attempt(folder: &Path, found: &Found) -> Result<Self> {
        leftovers::clear(folder)
            .map_err(|source| io_error(folder, "clear up the database", source))?;
        let own = folder.join(FOLDER);
        if log_repair::has_hole(&own).map_err(|source| io_error(folder, "read the log", source))? {
            let what = "a message of its log is damaged".to_owned();
            return Err(CatalogError::Damaged { folder: folder.to_path_buf(), what });
        }
        let opened = Database::open(folder).and_then(|store| Self::read(store, found));
        if opened.is_err() {
            // sled's own attempt at a snapshot may just have left another one.
            let _ = leftovers::unfinished_snapshots(&folder.join(FOLDER));
        }
        opened
    }

    /// Reads the counters and compares the database with the head, and with itself unless it was
    /// closed in order.
    pub(crate) fn read(store: Database, found: &Found) -> Result<Self> {
        let state = match read_state(&store)? {
            Some(state) => state,
            None => first_state(&store, found)?,
        };
        verify(&store, &state, found)?;
        Ok(Self { store, state })
    }
}

pub(crate) fn head_of(state: &State, clean: bool) -> Head {
    let written_by = head::this_program();
    Head { format: FORMAT, watermark: state.watermark, clean, written_by }
}

pub(crate) fn refuse_newer(folder: &Path, found: u32, written_by: &str) -> Result<()> {
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

pub(crate) fn read_state(store: &Database) -> Result<Option<State>> {
    let Some(bytes) = store.get(Table::Meta, STATE)? else { return Ok(None) };
    if let Some((format, written_by)) = State::written(&bytes) {
        refuse_newer(store.folder(), format, &written_by)?;
    }
    State::decode(&bytes).map(Some).map_err(|e| store.damaged(e))
}

fn first_state(store: &Database, found: &Found) -> Result<State> {
    let lost = match found {
        Found::Head(head) => head.watermark > 0,
        Found::Unreadable => true,
        Found::Nothing => false,
    };
    if lost {
        return Err(damaged(store, "its database is empty, but it was written to".into()));
    }
    let state = State::new();
    let value = state.encode().map_err(|e| store.damaged(e))?;
    store.commit(&[(Table::Meta, STATE.into(), Some(value.into()))])?;
    Ok(state)
}

fn verify(store: &Database, state: &State, found: &Found) -> Result<()> {
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

fn damaged(store: &Database, what: String) -> CatalogError {
    CatalogError::Damaged { folder: store.folder().to_path_buf(), what }
}
