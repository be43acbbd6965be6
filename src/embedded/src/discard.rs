//! Folders of derived parts go whole: stopped anywhere, one is all there or gone, never by half.

use std::fs;
use std::io;
use std::path::Path;

use seer_catalog::{remove_all, sync_folder};

/// Where a part lies, in the library's folder, while it is being removed.
const PLACE: &str = "discarded";

/// Removes `part`, a folder somewhere in `library`; one that is not there is fine.
///
/// # Errors
/// What the file system says. The part is whole or gone then.
pub(crate) fn discard(library: &Path, part: &Path) -> io::Result<()> {
    clear(library)?;
    match fs::rename(part, library.join(PLACE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        done => done?,
    }
    // Nothing in it goes before its move is on the disk.
    sync_folder(part.parent().unwrap_or(library))?;
    sync_folder(library)?;
    clear(library)
}

/// Removes `part` where only a notice is due if that fails: it is found out of step, and built again.
pub(crate) fn discard_if_possible(library: &Path, part: &Path) {
    if let Err(error) = discard(library, part) {
        log::warn!("{} could not be removed: {error}", part.display());
    }
}

/// Finishes what was stopped on its way out of `library`.
///
/// # Errors
/// What the file system says.
pub(crate) fn clear(library: &Path) -> io::Result<()> {
    remove_all(&library.join(PLACE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("folder");
        entries.map(|e| e.expect("entry").file_name().into_string().expect("text")).collect()
    }

    #[test]
    fn a_part_goes_and_what_was_stopped_goes_too() {
        let library = tempfile::tempdir().expect("temporary folder");
        let library = library.path();
        let part = library.join("vectors/abc");
        fs::create_dir_all(&part).expect("part");
        fs::write(part.join("rows"), "1").expect("file");
        fs::create_dir_all(library.join(PLACE)).expect("stopped before");
        fs::write(library.join(PLACE).join("rows"), "2").expect("file");
        discard(library, &part).expect("removed");
        assert_eq!(names(library), ["vectors"]);
        assert_eq!(names(&library.join("vectors")), [""; 0]);
        discard(library, &part).expect("nothing is fine");
    }
}
