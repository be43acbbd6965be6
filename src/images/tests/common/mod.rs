//! Where the test data lies.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

/// The workspace's `tests/fixtures`.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

/// The library of real camera files, odd and broken ones; `None`, with a message, where absent.
///
/// Looked for under `SEER_TEST_DATA`, else beside the workspace in `../shared/data`.
pub fn library() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("SEER_TEST_DATA").map_or(beside, PathBuf::from);
    let library = data.join("library");
    if library.is_dir() {
        return Some(library);
    }
    eprintln!("skipped: no photos at {} (set SEER_TEST_DATA)", library.display());
    None
}

/// The tensors of `jpeg/golden.safetensors`: JPEG files of every kind, and their pixels.
pub fn golden_jpegs() -> Vec<u8> {
    fs::read(fixtures().join("jpeg/golden.safetensors")).unwrap()
}

/// All files below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
