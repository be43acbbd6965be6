//! One process per library: a lock file that names its owner.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::error::{CatalogError, Result};

const FILE: &str = "lock";

/// Holds the folder for this process until it is dropped (the system also releases it when the
/// process ends in any way). Its content is the owner's process number as decimal text.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// # Errors
    /// `Locked` when another process, or another `Catalog` of this one, has it; `Io`.
    pub(crate) fn take(folder: &Path) -> Result<Self> {
        let io = |source| CatalogError::Io {
            folder: folder.to_path_buf(),
            action: "take the lock file",
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(FILE))
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {
                // The lock is what counts; its content only names the owner to others.
                if let Err(error) = name_owner(&mut file) {
                    log::debug!("the lock of {} names no owner: {error}", folder.display());
                }
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let owner = file.read_to_string(&mut text).ok().and_then(|_| text.parse().ok());
                Err(CatalogError::Locked { folder: folder.to_path_buf(), owner })
            }
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}

fn name_owner(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    write!(file, "{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_one_is_told_who_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path()).unwrap();
        let error = FolderLock::take(folder.path()).unwrap_err();
        assert!(
            matches!(error, CatalogError::Locked { owner: Some(id), .. } if id == std::process::id())
        );
        drop(first);
        FolderLock::take(folder.path()).unwrap();
    }
}
