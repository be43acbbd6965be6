//! Damaged files: an error or the right answer, never a panic, never a wrong answer.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

const PHOTOS: u32 = 400;

fn place(number: u32) -> Embedding {
    let values: Vec<f32> = (0..64).map(|k| ((number * 31 + k * 7) % 101) as f32 - 50.5).collect();
    embedding(MODEL, &values)
}

pub(super) fn sample() -> TempDir {
    let (folder, catalog) = new_catalog();
    for start in (0..PHOTOS).step_by(20) {
        let photos: Vec<Change> = (start..start + 20)
            .map(|n| photo_with(spread_id(n), &format!("/p/{n}.jpg"), Some(place(n))))
            .collect();
        catalog.apply(&photos).unwrap();
    }
    drop(catalog);
    folder
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join("sled"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.push(folder.join("head"));
    files.sort();
    files
}

/// Reads everything: `Err` where something is damaged, otherwise all of it must be right.
pub(super) fn read_all(folder: &Path) -> Result<(), CatalogError> {
    let catalog = Catalog::open(folder)?;
    assert_eq!(catalog.counts().photos, u64::from(PHOTOS));
    let mut next = 0;
    for record in catalog.records()? {
        let record = record?;
        assert_eq!((record.row, record.record.id), (RowId(next), spread_id(next)));
        let record = record.record;
        assert_eq!(record.files, [file(&format!("/p/{next}.jpg"))]);
        assert_eq!(record.facts, facts());
        next += 1;
    }
    assert_eq!(next, PHOTOS);
    let mut wrong = 0;
    let count = each_whole(&catalog, MODEL, |row, stored| {
        wrong += u32::from(stored.cosine(&place(row.0)).unwrap() < 0.999_99);
    })?;
    assert_eq!((count, wrong), (u64::from(PHOTOS), 0));
    assert_eq!(catalog.files_under(&path("/p"))?.len(), PHOTOS as usize);
    assert_eq!(catalog.rows_changed_since(0)?.map(|rows| rows.len()), Some(PHOTOS as usize));
    catalog.check()
}

/// Does `damage` to a copy and reads it; whether that gave an error.
fn outcome(sample: &Path, damage: impl FnOnce(&Path)) -> bool {
    let folder = tempfile::tempdir().unwrap();
    copy(sample, folder.path());
    damage(folder.path());
    match read_all(folder.path()) {
        Ok(()) => false,
        Err(CatalogError::Damaged { .. } | CatalogError::Io { .. }) => true,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_untouched_copy_is_right() {
    let sample = sample();
    assert!(!outcome(sample.path(), |_| ()));
}

#[test]
fn a_flipped_bit_is_an_error_or_does_no_harm() {
    let sample = sample();
    let (mut seed, mut errors) = (17u64, 0);
    for path in files_of(sample.path()) {
        let name = path.strip_prefix(sample.path()).unwrap();
        for _ in 0..12 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let random = seed >> 16;
            errors += u32::from(outcome(sample.path(), |folder| {
                let mut bytes = fs::read(folder.join(name)).unwrap();
                let used = bytes.iter().rposition(|byte| *byte != 0).unwrap_or(0) + 1;
                bytes[random as usize % used] ^= 1 << (random >> 40 & 7);
                fs::write(folder.join(name), bytes).unwrap();
            }));
        }
    }
    assert!(errors > 0, "some of these places matter");
}

#[test]
fn a_cut_file_is_an_error_or_does_no_harm() {
    let sample = sample();
    let mut errors = 0;
    for path in files_of(sample.path()) {
        let name = path.strip_prefix(sample.path()).unwrap();
        let length = fs::metadata(&path).unwrap().len();
        for part in 0..8u64 {
            errors += u32::from(outcome(sample.path(), |folder| {
                let file = fs::OpenOptions::new().write(true).open(folder.join(name)).unwrap();
                file.set_len(length * part / 8).unwrap();
            }));
        }
    }
    assert!(errors > 0, "some of these cuts matter");
}

#[test]
fn a_missing_file_is_an_error_or_does_no_harm() {
    let sample = sample();
    for path in files_of(sample.path()) {
        let name = path.strip_prefix(sample.path()).unwrap();
        outcome(sample.path(), |folder| fs::remove_file(folder.join(name)).unwrap());
    }
}

#[test]
fn a_batch_lost_from_the_middle_of_an_unclosed_log_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(folder.path()).unwrap();
    for n in 0..200 {
        let photo = photo_with(spread_id(n), &format!("/p/{n}.jpg"), Some(place(n)));
        catalog.apply(&[photo]).unwrap();
    }
    // A copy of the files now is what a crash leaves.
    let crashed = tempfile::tempdir().unwrap();
    copy(folder.path(), crashed.path());
    let opened = Catalog::open(crashed.path());
    assert_eq!(opened.unwrap().watermark(), 200, "undamaged, it opens");
    let length = fs::metadata(folder.path().join("sled/db")).unwrap().len();
    let mut errors = 0;
    for part in 1..16 {
        let damaged = tempfile::tempdir().unwrap();
        copy(folder.path(), damaged.path());
        let mut bytes = fs::read(damaged.path().join("sled/db")).unwrap();
        bytes[(length * part / 16) as usize] ^= 0x10;
        fs::write(damaged.path().join("sled/db"), bytes).unwrap();
        match Catalog::open(damaged.path()) {
            Ok(catalog) => {
                assert_eq!(catalog.watermark(), 200);
                let complete =
                    (0..200).all(|n| matches!(catalog.record(spread_id(n)), Ok(Some(_)) | Err(_)));
                assert!(complete, "flip at {part}/16 lost a photo in silence");
            }
            Err(CatalogError::Damaged { .. } | CatalogError::Io { .. }) => errors += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(errors > 0, "some of these places matter");
}
