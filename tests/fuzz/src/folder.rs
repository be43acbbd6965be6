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

/// The files of a fixture in a new folder, but for those that are not wanted.
pub fn copy_of(fixture_name: &str, wanted: impl Fn(&str) -> bool) -> TempDir {
    let copy = new();
    let from = fixture(fixture_name);
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(copy.path().join(&folder)).expect("a temporary folder");
        for entry in fs::read_dir(from.join(&folder)).expect("fixtures") {
            let name = entry.expect("an entry").file_name();
            let below = folder.join(&name);
            if from.join(&below).is_dir() {
                folders.push(below);
            } else if wanted(&name.to_string_lossy()) {
                fs::copy(from.join(&below), copy.path().join(&below)).expect("a copy");
            }
        }
    }
    copy
}
