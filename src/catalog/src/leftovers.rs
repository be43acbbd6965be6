//! What a stop in the middle of something leaves beside the database, and what becomes of it.
//!
//! Called under the folder's lock and before sled opens.

use std::fs;
use std::io;
use std::path::Path;

use crate::{recover, rewrite};

/// Ending of a snapshot that sled was writing when it was stopped. sled takes such a file for the
/// newest snapshot and refuses the whole database because of it.
const UNFINISHED: &str = ".generating";

/// Finishes or undoes an exchange of the database, and clears unfinished snapshots away.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    recover::settle(folder)?;
    rewrite::finish_swap(folder)?;
    unfinished_snapshots(&folder.join(crate::database::FOLDER))
}

/// Removes `snap.*.generating`, and nothing else.
pub(crate) fn unfinished_snapshots(own: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(own) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(UNFINISHED) {
            log::info!("removing the unfinished {name} of the catalog");
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
