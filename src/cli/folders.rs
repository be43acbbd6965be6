//! The folders named on the command line.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::place;

/// Paths that mean the same wherever they are read.
pub fn absolute(folders: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let absolute = |folder: &PathBuf| {
        std::path::absolute(folder)
            .with_context(|| format!("cannot index \"{}\"", folder.display()))
    };
    folders.iter().map(absolute).collect()
}

/// Before a library is begun: at least one of the folders can be read. A mistyped name would
/// otherwise leave an empty library behind. One that is there already may know photos of a folder
/// that is not connected now; it is left to the indexer.
///
/// # Errors
/// When there is no library in `library` yet and none of the folders can be read.
pub fn worth_a_library(folders: &[PathBuf], library: &Path) -> Result<()> {
    if place::is_there(library) {
        return Ok(());
    }
    let mut trouble = None;
    for folder in folders {
        match fs::metadata(folder) {
            Ok(_) => return Ok(()),
            Err(error) => trouble = trouble.or(Some((folder, error))),
        }
    }
    let Some((folder, error)) = trouble else { return Ok(()) };
    let reason = match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ => error.to_string(),
    };
    bail!(
        "cannot index {}: {reason}; no library was begun in {}\nnext: check the name",
        folder.display(),
        library.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_begun_for_a_folder_that_is_there() {
        let temp = tempfile::tempdir().unwrap();
        let (there, library) = (temp.path().to_path_buf(), temp.path().join("library"));
        let gone = temp.path().join("gone");
        assert!(worth_a_library(std::slice::from_ref(&there), &library).is_ok());
        assert!(worth_a_library(&[gone.clone(), there], &library).is_ok());
        assert!(worth_a_library(&[], &library).is_ok());
        let error = worth_a_library(std::slice::from_ref(&gone), &library).unwrap_err().to_string();
        assert!(error.contains("gone: there is no such"), "{error}");
        fs::create_dir_all(library.join("catalog")).unwrap();
        assert!(worth_a_library(&[gone], &library).is_ok(), "it may know the folder");
    }
}
