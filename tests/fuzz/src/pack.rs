//! A pack with a model.

use seer_encoders::hub::{self, FetchOptions};

use super::folder;

/// Imports a pack into a folder of its own.
pub fn run(bytes: &[u8]) -> bool {
    let there = folder::new();
    let pack = folder::put(there.path(), "pack.tar", bytes);
    let cache = there.path().join("cache");
    let options = FetchOptions { offline: true, cache: Some(cache), ..FetchOptions::default() };
    let imported = hub::import(&pack, None, &options, &|_, _| {});
    let below = std::fs::canonicalize(there.path()).expect("a folder");
    let Ok(imported) = imported else { return false };
    let folder = std::fs::canonicalize(imported.folder).expect("the imported folder");
    assert!(folder.starts_with(below), "{}", folder.display());
    true
}
