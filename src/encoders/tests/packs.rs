//! A model that went through a pack is a model still.

use std::path::{Path, PathBuf};

use seer_encoders::hub::{FetchOptions, PackError, export, import};
use seer_encoders::{DeviceChoice, Model};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

fn options(cache: &Path) -> FetchOptions {
    FetchOptions { offline: true, cache: Some(cache.to_owned()), ..Default::default() }
}

#[test]
fn a_pack_can_go_into_a_folder() {
    let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = folder.path().join("tiny.seer");
    let name = fixture("clip-tiny").display().to_string();
    export(&name, &file, &options(cache.path()), &|_, _| {}).unwrap();
    let again = export(&name, &file, &options(cache.path()), &|_, _| {});
    assert!(matches!(again, Err(PackError::Exists(_))));
    let to = folder.path().join("model");
    let no_place = import(&file, None, &options(cache.path()), &|_, _| {});
    assert!(matches!(no_place, Err(PackError::NoPlace)), "{no_place:?}");
    let imported = import(&file, Some(&to), &options(cache.path()), &|_, _| {}).unwrap();
    assert_eq!(imported.folder, to);
    Model::load(&to, DeviceChoice::Cpu).unwrap();
    let taken = import(&file, Some(&to), &options(cache.path()), &|_, _| {});
    assert!(matches!(taken, Err(PackError::Exists(_))));
}
