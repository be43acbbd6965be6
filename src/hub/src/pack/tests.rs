//! Packs out of one cache and into another, whole and damaged.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::manifest::{Manifest, NAME};
use super::*;
use crate::options::FetchOptions;
use crate::{FileState, cached, removal, verify};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const HUB: &str = "someone/clip";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name)
}

fn options(cache: &Path) -> FetchOptions {
    FetchOptions { offline: true, cache: Some(cache.to_owned()), ..Default::default() }
}

/// A cache with one model, as the hub's tools leave it (without links).
fn cache() -> TempDir {
    let cache = tempfile::tempdir().unwrap();
    let repository = cache.path().join("models--someone--clip");
    let snapshot = repository.join("snapshots").join(COMMIT);
    fs::create_dir_all(&snapshot).unwrap();
    fs::create_dir_all(repository.join("refs")).unwrap();
    fs::write(repository.join("refs/main"), COMMIT).unwrap();
    for file in ["config.json", "preprocessor_config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(fixture("clip-tiny").join(file), snapshot.join(file)).unwrap();
    }
    cache
}

fn pack(folder: &TempDir) -> PathBuf {
    let file = folder.path().join("clip.seer");
    let heard = std::cell::Cell::new((0, 0));
    let packed =
        export(HUB, &file, &options(cache().path()), &|done, total| heard.set((done, total)));
    let packed = packed.unwrap();
    assert_eq!((packed.files, heard.get()), (4, (packed.bytes, packed.bytes)));
    file
}

/// Names below a folder, sorted.
fn all_files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        names.push(entry.path().display().to_string());
        if entry.file_type().unwrap().is_dir() {
            names.extend(all_files(&entry.path()));
        }
    }
    names.sort();
    names
}

#[test]
fn a_model_goes_out_of_one_cache_into_another_and_away() {
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = pack(&folder);
    let options = options(target.path());
    let imported = import(&file, None, &options, &|_, _| {}).unwrap();
    assert_eq!((imported.name.as_str(), imported.files, imported.was_there), (HUB, 4, false));
    assert_eq!(cached(HUB, &options), Some(imported.folder.clone()));
    let weights = imported.folder.join("model.safetensors");
    assert_eq!(
        fs::read(&weights).unwrap(),
        fs::read(fixture("clip-tiny/model.safetensors")).unwrap()
    );
    assert!(import(&file, None, &options, &|_, _| {}).unwrap().was_there);
    #[cfg(unix)]
    {
        let states = verify(HUB, &options).unwrap();
        assert!(states.len() == 4 && states.iter().all(|(_, s)| *s == FileState::Verified));
        let mut bytes = fs::read(&weights).unwrap();
        bytes[5000] ^= 1;
        fs::write(&weights, bytes).unwrap();
        let states = verify(HUB, &options).unwrap();
        let damaged = |(name, state): &(String, FileState)| {
            (name == "model.safetensors") == matches!(state, FileState::Damaged { .. })
        };
        assert!(states.iter().all(damaged), "{states:?}");
    }
    let removal = removal(HUB, &options).unwrap();
    assert_eq!(removal.bytes, imported.bytes);
    removal.carry_out().unwrap();
    assert_eq!(all_files(target.path()), Vec::<String>::new());
    assert_eq!(cached(HUB, &options), None);
}

#[test]
fn a_damaged_pack_changes_nothing() {
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = pack(&folder);
    let whole = fs::read(&file).unwrap();
    let refused = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        let error = import(&file, None, &options(target.path()), &|_, _| {}).unwrap_err();
        assert_eq!(all_files(target.path()), Vec::<String>::new(), "{error}");
        error
    };
    for length in [0, 100, 512, 3000, 20_000, whole.len() / 2] {
        let error = refused(&whole[..length]).to_string();
        assert!(error.contains("nothing was imported"), "{length}: {error}");
    }
    let mut flipped = whole.clone();
    let place = whole.len() - 5000;
    flipped[place] ^= 0x10;
    let error = refused(&flipped);
    assert!(
        matches!(&error, PackError::Damaged { name, .. } if name == "model.safetensors"),
        "{error}"
    );
    refused(b"not a tar archive at all, but long enough to look like one".repeat(20).as_slice());
}

/// A pack with another manifest, and one more entry after it.
fn forged(folder: &TempDir, change: impl Fn(&mut Manifest), entry: Option<&str>) -> PathBuf {
    let file = folder.path().join("forged.seer");
    let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let origin =
        manifest::Origin { hub: HUB.into(), revision: "main".into(), commit: COMMIT.into() };
    let config = manifest::File { name: "config.json".into(), bytes: 3, sha256: sum.into() };
    let mut manifest =
        Manifest { seer_pack: 1, name: HUB.into(), origin: Some(origin), files: vec![config] };
    change(&mut manifest);
    let mut archive = tar::Builder::new(fs::File::create(&file).unwrap());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        // Written by hand: the library itself refuses such names.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append(&header, bytes).unwrap();
    };
    add(NAME, &serde_json::to_vec(&manifest).unwrap());
    for name in manifest.files.iter().map(|f| f.name.as_str()).chain(entry) {
        add(name, b"abc");
    }
    archive.into_inner().unwrap();
    file
}

#[test]
fn a_pack_that_could_leave_its_folder_is_refused() {
    type Change = fn(&mut Manifest);
    let changes: [(Change, &str); 9] = [
        (|m| m.files[0].name = "../config.json".into(), "leave the folder"),
        (|m| m.files[0].name = "/etc/passwd".into(), "leave the folder"),
        (|m| m.files[0].name = "a/b/c".into(), "leave the folder"),
        (|m| m.files[0].name = ".hidden".into(), "leave the folder"),
        (|m| m.files.push(m.files[0].clone()), "there twice"),
        (|m| m.origin.as_mut().unwrap().hub = "../../x".into(), "leave the cache"),
        (|m| m.origin.as_mut().unwrap().commit = "..".into(), "leave the cache"),
        (|m| m.files.clear(), "lists no files"),
        (|m| m.seer_pack = 2, "version 2"),
    ];
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (change, words) in changes {
        let file = forged(&folder, change, None);
        let error = import(&file, None, &options(target.path()), &|_, _| {}).unwrap_err();
        assert!(error.to_string().contains(words), "{words}: {error}");
        assert_eq!(all_files(target.path()), Vec::<String>::new());
    }
    let file = forged(&folder, |_| {}, Some("../escaped"));
    let error = import(&file, None, &options(target.path()), &|_, _| {}).unwrap_err();
    assert!(error.to_string().contains("more than its manifest"), "{error}");
    assert_eq!(all_files(target.path()), Vec::<String>::new());
}

#[test]
fn only_what_was_fetched_is_removed() {
    let cache = cache();
    let options = options(cache.path());
    let own = fixture("clip-tiny").display().to_string();
    assert!(matches!(removal(&own, &options), Err(crate::RemoveError::NotFetched(_))));
    let repository = cache.path().join("models--someone--clip");
    let other = repository.join("snapshots/other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("config.json"), "{}").unwrap();
    removal(HUB, &options).unwrap().carry_out().unwrap();
    assert!(other.join("config.json").is_file() && !repository.join("refs/main").exists());
}
