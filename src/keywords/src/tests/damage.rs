//! Damaged files: an error at opening, or no harm; never a panic, never a wrong answer.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::KeywordsError;

fn sample() -> (TempDir, PathBuf) {
    let records: Vec<PhotoRecord> =
        (0..50).map(|row| plain(row, &format!("/p/{}/IMG_{row}.jpg", row % 7))).collect();
    let (folder, index) = new_index(&records);
    update(&index, &[plain(3, "/p/other.jpg"), record(4, &[], PhotoFacts::default())]).unwrap();
    index.commit(2).unwrap();
    drop(index);
    let place = folder.path().join("keywords");
    (folder, place)
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn answers(index: &Keywords) -> Result<(u64, Vec<u32>, Vec<u32>, u64), KeywordsError> {
    let path: Vec<u32> = index.filter(&Filter::Path("/3/".into()))?.iter().collect();
    let name: Vec<u32> = index.filter(&Filter::Name("img 20".into()))?.iter().collect();
    let text = index.filter(&Filter::Text("img".into()))?.len();
    Ok((index.watermark(), path, name, text))
}

/// Whether damage to a copy was noticed; when it was not, answers must be as before.
fn noticed(sample: &Path, name: &Path, damage: impl FnOnce(&Path)) -> bool {
    let folder = tempfile::tempdir().unwrap();
    for file in files_of(sample) {
        fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    damage(&folder.path().join(name));
    let expected = (2, vec![10, 17, 24, 31, 38, 45], vec![20], 48);
    match Keywords::open(folder.path()).and_then(|index| answers(&index)) {
        Ok(found) => {
            assert_eq!(found, expected, "after damage to {}", name.display());
            false
        }
        Err(error) => {
            let known = error.is_cured_by_rebuilding() || matches!(error, KeywordsError::Io { .. });
            assert!(known, "{error}");
            true
        }
    }
}

#[test]
fn an_untouched_copy_is_right() {
    let (_folder, place) = sample();
    assert!(!noticed(&place, Path::new("meta.json"), |_| ()));
}

#[test]
fn a_flipped_bit_is_noticed_or_does_no_harm() {
    let (_folder, place) = sample();
    let (mut seed, mut count) = (5u64, 0);
    for path in files_of(&place) {
        let name = Path::new(path.file_name().unwrap());
        let length = fs::metadata(&path).unwrap().len() as usize;
        for _ in 0..if length == 0 { 0 } else { 25 } {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let random = seed >> 16;
            count += u32::from(noticed(&place, name, |file| {
                let mut bytes = fs::read(file).unwrap();
                bytes[random as usize % length] ^= 1 << (random >> 40 & 7);
                fs::write(file, bytes).unwrap();
            }));
        }
    }
    assert!(count > 100, "most places matter: {count}");
}

#[test]
fn a_cut_or_missing_file_is_noticed_or_does_no_harm() {
    let (_folder, place) = sample();
    let mut count = 0;
    for path in files_of(&place) {
        let name = Path::new(path.file_name().unwrap());
        let length = fs::metadata(&path).unwrap().len();
        for part in 0..6 {
            count += u32::from(noticed(&place, name, |file| {
                let file = fs::OpenOptions::new().write(true).open(file).unwrap();
                file.set_len(length * part / 6).unwrap();
            }));
        }
        count += u32::from(noticed(&place, name, |file| fs::remove_file(file).unwrap()));
    }
    assert!(count > 20, "{count}");
}

#[test]
fn another_format_is_told_with_its_number() {
    let (_folder, place) = sample();
    let meta = fs::read_to_string(place.join("meta.json")).unwrap();
    let told = format!(r#"{{\"format\":{},"#, crate::FORMAT);
    let other = meta.replace(&told, r#"{\"format\":99,"#);
    assert_ne!(meta, other);
    fs::write(place.join("meta.json"), other).unwrap();
    let error = Keywords::open(&place).err().unwrap();
    assert!(matches!(error, KeywordsError::OtherFormat { found: 99, .. }), "{error}");
    assert!(error.is_cured_by_rebuilding());
    assert_eq!(Keywords::create(&place).unwrap().watermark(), 0);
}
