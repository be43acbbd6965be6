//! One file that holds all of a library that cannot be made again.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use seer_catalog::DumpSummary;

use crate::discard::discard_if_possible;
use crate::{EngineError, Library};

/// What lies in a library besides the catalog, and is made again from it.
const DERIVED: [&str; 3] = ["keywords", "vectors", "thumbnails"];

impl Library {
    /// Writes a backup of the library as it is now. Searches go on, indexing waits.
    ///
    /// # Errors
    /// When the catalog cannot be read, or `out` not be written.
    pub fn backup(&self, out: &mut dyn Write) -> Result<DumpSummary, EngineError> {
        Ok(self.catalog.dump(out)?)
    }

    /// A backup in a file without a name, in the library folder, to be read from its beginning; it
    /// is gone when it is closed.
    ///
    /// # Errors
    /// When the catalog cannot be read, or the file not be written.
    pub fn backup_file(&self) -> Result<File, EngineError> {
        let io = |source| EngineError::io("write a backup in", &self.folder)(source);
        let mut file = tempfile::tempfile_in(&self.folder).map_err(io)?;
        let mut out = std::io::BufWriter::new(&mut file);
        self.catalog.dump(&mut out)?;
        drop(out);
        file.rewind().map_err(io)?;
        Ok(file)
    }
}

/// Reads a whole backup and compares its checksum.
///
/// # Errors
/// What is wrong with it.
pub fn verify_backup(file: &Path) -> Result<DumpSummary, EngineError> {
    Ok(seer_catalog::verify_dump(file)?)
}

/// Makes the library in `folder` what it was when the backup was made. Nothing is written before
/// the whole backup was found sound; stopped anywhere, the library is the old one or the new one.
///
/// # Errors
/// `Catalog(NotEmpty)` when there are photos in the library and `replace` is false;
/// `Catalog(Locked)`, `Catalog(BadBackup)`, `Io`.
pub fn restore(folder: &Path, file: &Path, replace: bool) -> Result<DumpSummary, EngineError> {
    std::fs::create_dir_all(folder).map_err(EngineError::io("make the folder", folder))?;
    let summary = seer_catalog::restore_dump(&folder.join("catalog"), file, replace)?;
    DERIVED.iter().for_each(|name| discard_if_possible(folder, &folder.join(name)));
    Ok(summary)
}
