//! Folders of files for readers that want paths.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A new empty folder, in memory where the system has a folder there.
pub fn new() -> TempDir {
    let memory = Path::new("/dev/shm");
    let within = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("seer-fuzz").tempdir_in(within).expect("a temporary folder")
}

/// Writes a file into a folder and says where.
pub fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a temporary file");
    path
}

/// A folder of `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    // This file is a part of two packages: one lies in `tests/fuzz`, one above `tests`.
    let near = [tests.join("../fixtures"), tests.join("tests/fixtures")];
    near.into_iter()
        .map(|folder| folder.join(name))
        .find(|folder| folder.exists())
        .expect("fixtures")
}

/// The small files of a fixture in a new folder: what a checkpoint has beside its weights.
pub fn small_files_of(fixture_name: &str) -> TempDir {
    let folder = new();
    for entry in fs::read_dir(fixture(fixture_name)).expect("fixtures") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let name = path.file_name().expect("a name");
            fs::copy(&path, folder.path().join(name)).expect("a copy");
        }
    }
    folder
}
