//! A library opens by itself whatever a stop leaves beside the database, and a refused database is
//! tried again without what sled can do without.

use std::fs;
use std::path::{Path, PathBuf};

use super::damage::{copy, read_all, sample};
use super::*;

fn snapshot(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder.join("sled")).unwrap().map(|entry| entry.unwrap().path());
    let mut snapshots = entries.filter(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("snap."))
    });
    let found = snapshots.next().unwrap();
    assert!(snapshots.next().is_none(), "one snapshot");
    found
}

/// Only what belongs there is left.
fn is_tidy(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(["sled", "head", "lock", "ballast"].contains(&name.as_str()), "{name} is left");
    }
    let entries = fs::read_dir(folder.join("sled")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.ends_with(".generating")).count(), 0);
}

/// After `harm` everything is there at once, and the next time too.
fn heals(sample: &Path, harm: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    copy(sample, folder.path());
    harm(folder.path());
    for _ in 0..2 {
        read_all(folder.path()).unwrap();
        is_tidy(folder.path());
    }
}

#[test]
fn an_unfinished_snapshot_does_no_harm() {
    let sample = sample();
    let whole = fs::read(snapshot(sample.path())).unwrap();
    for part in 0..=4 {
        let bytes = &whole[..whole.len() * part / 4];
        for number in ["0000000000000001", "0000000000FFFFFF", "FFFFFFFFFFFF0000"] {
            heals(sample.path(), |folder| {
                let name = format!("sled/snap.{number}.generating");
                fs::write(folder.join(name), bytes).unwrap();
            });
        }
    }
}

#[test]
fn an_unfinished_snapshot_of_an_unclosed_catalog_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(folder.path()).unwrap();
    catalog.apply(&[photo(1, "/p/1.jpg"), photo(2, "/p/2.jpg")]).unwrap();
    let stopped = tempfile::tempdir().unwrap();
    copy(folder.path(), stopped.path());
    fs::write(stopped.path().join("sled/snap.00000000000F0000.generating"), "half").unwrap();
    let catalog = Catalog::open(stopped.path()).unwrap();
    assert_eq!((catalog.counts().photos, catalog.watermark()), (2, 1));
    catalog.check().unwrap();
}

#[test]
fn a_damaged_snapshot_is_done_without() {
    let sample = sample();
    let length = fs::metadata(snapshot(sample.path())).unwrap().len() as usize;
    for place in (0..length).step_by(length / 12) {
        heals(sample.path(), |folder| {
            let path = snapshot(folder);
            let mut bytes = fs::read(&path).unwrap();
            bytes[place] ^= 0x20;
            fs::write(path, bytes).unwrap();
        });
    }
    heals(sample.path(), |folder| fs::write(snapshot(folder), "").unwrap());
    heals(sample.path(), |folder| fs::remove_file(snapshot(folder)).unwrap());
}

#[test]
fn damaged_settings_are_done_without() {
    let sample = sample();
    let length = fs::metadata(sample.path().join("sled/conf")).unwrap().len() as usize;
    for place in 0..length {
        heals(sample.path(), |folder| {
            let path = folder.join("sled/conf");
            let mut bytes = fs::read(&path).unwrap();
            bytes[place] ^= 0x41;
            fs::write(path, bytes).unwrap();
        });
    }
}

/// What a power cut leaves when the head of before the first batch is the last one on the disk.
#[test]
fn torn_settings_of_a_new_catalog_are_done_without() {
    let (folder, catalog) = new_catalog();
    let first_head = fs::read(folder.path().join("head")).unwrap();
    catalog.apply(&[photo(1, "/p/1.jpg"), photo(2, "/p/2.jpg")]).unwrap();
    let settings = fs::read(folder.path().join("sled/conf")).unwrap();
    let torn = [Vec::new(), vec![0; settings.len()], settings[..settings.len() / 2].to_vec()];
    for (head, torn) in
        [Some(first_head), None].iter().flat_map(|h| torn.iter().map(move |t| (h, t)))
    {
        let stopped = tempfile::tempdir().unwrap();
        copy(folder.path(), stopped.path());
        fs::write(stopped.path().join("sled/conf"), torn).unwrap();
        match head {
            Some(head) => fs::write(stopped.path().join("head"), head).unwrap(),
            None => fs::remove_file(stopped.path().join("head")).unwrap(),
        }
        let catalog = Catalog::open(stopped.path()).unwrap();
        assert_eq!((catalog.counts().photos, catalog.watermark()), (2, 1));
        catalog.check().unwrap();
    }
}

#[test]
fn an_exchange_stopped_anywhere_is_finished_or_undone() {
    let sample = sample();
    let duplicate = |folder: &Path, name: &str| copy(&folder.join("sled"), &folder.join(name));
    heals(sample.path(), |folder| duplicate(folder, "sled.trial"));
    heals(sample.path(), |folder| {
        duplicate(folder, "sled.trial");
        fs::remove_file(folder.join("sled.trial/db")).unwrap();
    });
    heals(sample.path(), |folder| duplicate(folder, "sled.ready"));
    heals(sample.path(), |folder| {
        duplicate(folder, "sled.ready");
        fs::rename(folder.join("sled"), folder.join("sled.refused")).unwrap();
    });
    heals(sample.path(), |folder| duplicate(folder, "sled.refused"));
    heals(sample.path(), |folder| {
        fs::rename(folder.join("sled"), folder.join("sled.refused")).unwrap();
    });
}

#[test]
fn a_copy_that_lacks_the_last_batch_does_not_take_over() {
    let (folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/p/1.jpg")]).unwrap();
    drop(catalog);
    let earlier = tempfile::tempdir().unwrap();
    copy(folder.path(), earlier.path());
    let catalog = Catalog::open(folder.path()).unwrap();
    catalog.apply(&[photo(2, "/p/2.jpg")]).unwrap();
    drop(catalog);
    // The database went back in time, and its snapshot is damaged too.
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    copy(&earlier.path().join("sled"), &folder.path().join("sled"));
    fs::write(snapshot(folder.path()), "nothing").unwrap();
    let before = fs::read(folder.path().join("sled/db")).unwrap();
    let error = Catalog::open(folder.path()).err().unwrap();
    assert!(matches!(error, CatalogError::Damaged { .. }), "{error}");
    assert!(error.to_string().contains("seer check --repair"), "{error}");
    assert!(!error.to_string().contains("index the photos again"), "{error}");
    assert_eq!(fs::read(folder.path().join("sled/db")).unwrap(), before, "left as it was");
    is_tidy(folder.path());
}
