//! One file that holds all of a library that cannot be made again.

use std::path::Path;

use seer_store::BackupSummary;

use crate::EmbeddedError;
use crate::discard::discard_if_possible;

/// What lies in a library besides the catalog, and is made again from it.
const DERIVED: [&str; 2] = ["keywords", "vectors"];

/// Reads a whole backup and compares its checksum.
///
/// # Errors
/// What is wrong with it.
pub fn verify_backup(file: &Path) -> Result<BackupSummary, EmbeddedError> {
    Ok(seer_catalog::verify_dump(file)?)
}

/// Makes the library in `folder` what it was when the backup was made. Nothing is written before
/// the whole backup was found sound; stopped anywhere, the library is the old one or the new one.
///
/// # Errors
/// `Catalog(NotEmpty)` when there are photos in the library and `replace` is false;
/// `Catalog(Locked)`, `Catalog(BadBackup)`, `Io`.
pub fn restore(folder: &Path, file: &Path, replace: bool) -> Result<BackupSummary, EmbeddedError> {
    let is_new = !folder.exists();
    std::fs::create_dir_all(folder).map_err(EmbeddedError::io("make the folder", folder))?;
    let restored = seer_catalog::restore_dump(&folder.join("catalog"), file, replace);
    if is_new && restored.is_err() {
        // Only what is empty goes.
        let _ = std::fs::remove_dir(folder.join("catalog"));
        let _ = std::fs::remove_dir(folder);
    }
    let summary = restored?;
    DERIVED.iter().for_each(|name| discard_if_possible(folder, &folder.join(name)));
    Ok(summary)
}
