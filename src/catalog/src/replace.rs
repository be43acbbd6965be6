//! A new catalog in the place of an old one, whole or not at all.
//!
//! | beside `catalog` | meaning |
//! |---|---|
//! | `catalog.building` | a new one being written; nothing yet |
//! | `catalog.ready` | a new one, complete and on the disk |
//! | `catalog.replaced` | the old one, while the new one takes its place |
//! | `catalog.damaged-N` | a damaged one that was repaired; kept until somebody removes it |

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::recover::{io_error, remove_all, sync_files, sync_folder};

/// A replacement in the making. The caller holds the old catalog's lock, if there is one.
pub(crate) struct Replacement {
    folder: PathBuf,
}

impl Replacement {
    /// # Errors
    /// `Io` when what an earlier attempt left cannot be removed.
    pub(crate) fn begin(folder: &Path) -> Result<Self> {
        let replacement = Self { folder: folder.to_path_buf() };
        remove_all(&replacement.building())
            .map_err(|source| io_error(folder, "clear up beside the catalog", source))?;
        Ok(replacement)
    }

    /// Where the new catalog is to be written.
    pub(crate) fn building(&self) -> PathBuf {
        beside(&self.folder, "building")
    }

    /// Puts the new catalog in place. The old one is removed, or with `keep` stays beside it,
    /// under the name that is returned.
    ///
    /// # Errors
    /// `Io`; the next opening then finishes or undoes it.
    pub(crate) fn install(self, keep: bool) -> Result<Option<PathBuf>> {
        self.exchange(keep)
            .map_err(|source| io_error(&self.folder, "put the new catalog in place", source))
    }

    fn exchange(&self, keep: bool) -> io::Result<Option<PathBuf>> {
        let [ready, replaced] = ["ready", "replaced"].map(|end| beside(&self.folder, end));
        let parent = self.folder.parent().unwrap_or(Path::new("."));
        remove_all(&ready)?;
        sync_files(&self.building())?;
        fs::rename(self.building(), &ready)?;
        sync_folder(parent)?;
        let aside = if keep { free_name(&self.folder) } else { replaced };
        if self.folder.exists() {
            remove_all(&aside)?;
            fs::rename(&self.folder, &aside)?;
        }
        fs::rename(&ready, &self.folder)?;
        sync_folder(parent)?;
        if !keep {
            remove_all(&aside)?;
        }
        Ok(Some(aside).filter(|aside| aside.exists()))
    }
}

/// Finishes an exchange that was stopped between its renames. Called before `folder` is made.
pub(crate) fn finish(folder: &Path) -> io::Result<()> {
    let ready = beside(folder, "ready");
    if !folder.exists() && ready.exists() {
        fs::rename(&ready, folder)?;
        sync_folder(folder.parent().unwrap_or(Path::new(".")))?;
    }
    Ok(())
}

/// Removes what a stopped replacement left. Called under the lock of `folder`.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    ["building", "ready", "replaced"].iter().try_for_each(|end| remove_all(&beside(folder, end)))
}

fn beside(folder: &Path, end: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{end}"));
    folder.with_file_name(name)
}

fn free_name(folder: &Path) -> PathBuf {
    let names = (1..=u32::MAX).map(|number| beside(folder, &format!("damaged-{number}")));
    names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| beside(folder, "damaged"))
}
