//! One file that holds all of a library that cannot be made again.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use seer_store::BackupSummary;

use crate::{EngineError, Library};

impl Library {
    /// Writes a backup of the library as it is now. Searches go on, indexing waits.
    ///
    /// # Errors
    /// When the store cannot be read, or `out` not be written.
    pub fn backup(&self, out: &mut dyn Write) -> Result<BackupSummary, EngineError> {
        Ok(self.store.backup(out)?)
    }

    /// A backup in a file without a name, in the library folder, to be read from its beginning; it
    /// is gone when it is closed.
    ///
    /// # Errors
    /// When the store cannot be read, or the file not be written.
    pub fn backup_file(&self) -> Result<File, EngineError> {
        let io = |source| EngineError::io("write a backup in", &self.folder)(source);
        let mut file = tempfile::tempfile_in(&self.folder).map_err(io)?;
        let mut out = std::io::BufWriter::new(&mut file);
        self.backup(&mut out)?;
        drop(out);
        file.rewind().map_err(io)?;
        Ok(file)
    }
}

/// Reads a whole backup and compares its checksum.
///
/// # Errors
/// What is wrong with it.
pub fn verify_backup(file: &Path) -> Result<BackupSummary, EngineError> {
    Ok(seer_embedded::verify_backup(file)?)
}

/// Makes the library in `folder` what it was when the backup was made. Nothing is written before
/// the whole backup was found sound; stopped anywhere, the library is the old one or the new one.
///
/// # Errors
/// When there are photos in the library and `replace` is false, another process has it, or the
/// backup is not what was written.
pub fn restore(folder: &Path, file: &Path, replace: bool) -> Result<BackupSummary, EngineError> {
    let summary = seer_embedded::restore(folder, file, replace)?;
    crate::thumbnails::discard_all(folder);
    Ok(summary)
}
