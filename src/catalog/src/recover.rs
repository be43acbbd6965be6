//! A refused database tried again without what sled can do without.
//!
//! sled's snapshot (`snap.*`) and settings (`conf`) only save time: all entries are in its log. A
//! database that is refused is copied without them and opened; the copy takes its place only if it
//! holds, entry for entry, what was written last.
//!
//! | folder | meaning |
//! |---|---|
//! | `sled` | the database |
//! | `sled.trial` | a copy being tried; nothing yet |
//! | `sled.ready` | a copy that was found right and is on the disk |
//! | `sled.refused` | the refused one, while the copy takes its place |
//!
//! Stopped anywhere, the next opening finishes or undoes it; see [`settle`].

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::database::{Database, FOLDER};
use crate::error::{CatalogError, Result};
use crate::head::Found;
use crate::opened::Opened;
use crate::room::{self, Room};

const TRIAL: &str = "sled.trial";
const READY: &str = "sled.ready";
const REFUSED: &str = "sled.refused";

/// What is left out of a copy: first the snapshot, then the settings too.
const WITHOUT: [&[&str]; 2] = [&["snap."], &["snap.", "conf"]];

/// Finishes or undoes an exchange that was stopped.
pub(crate) fn settle(folder: &Path) -> io::Result<()> {
    let [own, trial, ready, refused] = [FOLDER, TRIAL, READY, REFUSED].map(|n| folder.join(n));
    remove_all(&trial)?;
    if !own.exists() && ready.exists() {
        fs::rename(&ready, &own)?;
    } else if !own.exists() && refused.exists() {
        fs::rename(&refused, &own)?;
    }
    sync_folder(folder)?;
    remove_all(&ready)?;
    remove_all(&refused)
}

/// Whether trying again without its snapshot may help.
pub(crate) fn may_help(error: &CatalogError) -> bool {
    match error {
        CatalogError::Damaged { .. } => true,
        CatalogError::Io { source, .. } => {
            !room::is_full(source) && source.kind() != io::ErrorKind::PermissionDenied
        }
        _ => false,
    }
}

/// Tries the refused database again on a copy; `refusal` when that does not help either.
///
/// Not where the head is damaged: nobody knows then whether the copy holds the last batch. No head,
/// or one from before the first batch, is what a power cut leaves of a new catalog.
pub(crate) fn on_a_copy(folder: &Path, found: &Found, refusal: CatalogError) -> Result<Opened> {
    let own = folder.join(FOLDER);
    if matches!(found, Found::Unreadable) || !own.is_dir() {
        return Err(refusal);
    }
    let bytes = size_of(&own).unwrap_or(u64::MAX);
    if !room::fits(folder, bytes) {
        return Err(no_room(folder, bytes, refusal));
    }
    for left_out in WITHOUT {
        match attempt(folder, found, left_out) {
            Ok(()) => {
                log::warn!(
                    "the catalog was refused ({refusal}) and opened without its snapshot; \
                     nothing is lost"
                );
                return Opened::read(Database::open(folder)?, found);
            }
            Err(error) => log::info!("without {}: {error}", left_out.join(", ")),
        }
    }
    let _ = remove_all(&folder.join(TRIAL));
    Err(refusal)
}

fn attempt(folder: &Path, found: &Found, left_out: &[&str]) -> Result<()> {
    let [own, trial] = [FOLDER, TRIAL].map(|name| folder.join(name));
    let copying = |source| io_error(folder, "copy the database", source);
    remove_all(&trial).map_err(copying)?;
    copy(&own, &trial, left_out).map_err(copying)?;
    let opened = Opened::read(Database::open_at(folder, &trial)?, found)?;
    crate::check::sums(&opened.store, &opened.state)?;
    opened.store.close()?;
    exchange(folder).map_err(|source| io_error(folder, "exchange the database", source))
}

/// Puts the copy in the place of the refused database.
fn exchange(folder: &Path) -> io::Result<()> {
    let [own, trial, ready, refused] = [FOLDER, TRIAL, READY, REFUSED].map(|n| folder.join(n));
    sync_files(&trial)?;
    fs::rename(&trial, &ready)?;
    sync_folder(folder)?;
    fs::rename(&own, &refused)?;
    fs::rename(&ready, &own)?;
    sync_folder(folder)?;
    remove_all(&refused)
}

/// Copies a folder, except what begins or ends with one of `left_out` on its first level.
pub(crate) fn copy(from: &Path, to: &Path, left_out: &[&str]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if left_out.iter().any(|part| text.starts_with(part) || text.ends_with(part)) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target, &[])?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Brings the files of a folder to the disk.
pub(crate) fn sync_files(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_files(&entry.path())?;
        } else {
            File::options().write(true).open(entry.path())?.sync_all()?;
        }
    }
    sync_folder(folder)
}

/// Makes names in a folder durable: files made, renamed and removed. Windows does so by itself.
///
/// # Errors
/// What the file system says.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes a folder with all that is in it; one that is not there is fine.
///
/// # Errors
/// What the file system says; a part of it may be gone then.
pub fn remove_all(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

pub(crate) fn size_of(folder: &Path) -> io::Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        bytes += if meta.is_dir() { size_of(&entry.path())? } else { meta.len() };
    }
    Ok(bytes)
}

fn no_room(folder: &Path, bytes: u64, refusal: CatalogError) -> CatalogError {
    let Some(room) = Room::of(folder) else { return refusal };
    log::warn!("the catalog was refused ({refusal}); to try it on a copy there is too little room");
    let needed = bytes.saturating_add(room.reserve());
    CatalogError::DiskFull { folder: folder.to_path_buf(), free: room.free, needed }
}

pub(crate) fn io_error(folder: &Path, action: &'static str, source: io::Error) -> CatalogError {
    CatalogError::Io { folder: PathBuf::from(folder), action, source }
}
