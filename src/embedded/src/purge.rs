//! Forgetting: what leaves the library for good leaves the store's files too.
//!
//! Taking something out of the answers is not enough: the catalog's database, the keyword index and
//! the vector snapshots keep removed entries in their files. After a purge each of them is written
//! anew without them. A file in the folder says that this is going on; when it is found at
//! opening, what was begun is finished.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

use seer_catalog::sync_folder;

use crate::discard::discard;
use crate::error::Result;
use crate::{EmbeddedError, EmbeddedStore};

/// Says, in the folder, that traces of forgotten photos may be left there.
const MARK: &str = "forgetting";

/// Whether the purge of a store in this folder was stopped half way; the next opening finishes it.
pub fn is_forgetting(folder: &Path) -> bool {
    folder.join(MARK).exists()
}

impl EmbeddedStore {
    /// Drops photos without a file, and every trace of them and of files that left.
    ///
    /// The catalog's own files are written anew when the store is closed; those of the derived
    /// indexes at once.
    pub(crate) fn purge_all(&self) -> Result<u64> {
        let _writing = self.writing();
        let mark = self.folder.join(MARK);
        let marking = || {
            File::create(&mark)?.sync_all()?;
            sync_folder(&self.folder)
        };
        marking().map_err(EmbeddedError::io("write", &mark))?;
        let purged = self.catalog.purge()?;
        if purged > 0 || self.files_left.load(Ordering::Relaxed) {
            self.expunge()?;
        }
        remove(&mark).map_err(EmbeddedError::io("remove", &mark))?;
        self.files_left.store(false, Ordering::Relaxed);
        Ok(purged)
    }

    /// Finishes a purge that was stopped half way.
    pub(crate) fn finish_purge(&self) {
        if !is_forgetting(&self.folder) {
            return;
        }
        log::warn!("finishing what \"forget\" or \"--prune\" began");
        self.files_left.store(true, Ordering::Relaxed);
        if let Err(error) = self.purge_all() {
            log::warn!("forgotten photos may still have traces in the library's files: {error}");
        }
    }

    /// Takes what the catalog does not hold any more out of all files.
    fn expunge(&self) -> Result<()> {
        self.catalog.expunge_when_closed()?;
        self.words.rebuild(&self.catalog)?;
        let open = self.spaces.all();
        self.spaces.follow(&self.catalog, &self.folder, None);
        for space in &open {
            space.compact();
            space.save();
        }
        let kept: Vec<String> = open.iter().map(|space| space.model.to_string()).collect();
        self.remove_snapshots_but(&kept)
    }

    /// Snapshots of spaces that are not open: they are built again when they are.
    fn remove_snapshots_but(&self, kept: &[String]) -> Result<()> {
        let folder = self.folder.join("vectors");
        for name in names(&folder).map_err(EmbeddedError::io("read", &folder))? {
            if !kept.contains(&name) {
                let snapshot = folder.join(name);
                discard(&self.folder, &snapshot).map_err(EmbeddedError::io("remove", &snapshot))?;
            }
        }
        Ok(())
    }
}

/// Names in a folder, none when it is not there.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
