//! Damaged catalogs: what `salvage` keeps, and that nothing of a backup is lost.

use std::fs;
use std::path::Path;

use seer_store::Album;

use super::damage::{copy, read_all, sample};
use super::*;
use crate::{CatalogError, restore_dump, salvage, verify_dump};

const PHOTOS: usize = 400;

/// Single bits all over the catalog's files, at places that look random and are the same in every
/// run. Today's code opens, or does not; repaired, all of them open, are sound, and keep their
/// photos.
#[test]
fn a_flipped_bit_costs_little_after_a_repair() {
    let sample = sample();
    let files: Vec<_> = fs::read_dir(sample.path().join("sled"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    let (mut seed, mut flips, mut refused, mut all, mut most) = (13u64, 0, 0, 0, 0);
    while flips < 100 {
        for path in &files {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let random = (seed >> 16) as usize;
            let folder = tempfile::tempdir().unwrap();
            let catalog = folder.path().join("catalog");
            copy(sample.path(), &catalog);
            let target = catalog.join("sled").join(path.file_name().unwrap());
            let mut bytes = fs::read(&target).unwrap();
            let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            if used == 0 {
                continue;
            }
            bytes[random % used] ^= 1 << (random % 8);
            fs::write(&target, bytes).unwrap();
            flips += 1;
            let sound = Catalog::open(&catalog)
                .and_then(|catalog| catalog.findings())
                .is_ok_and(|findings| findings.is_empty());
            if sound {
                all += 1;
                continue;
            }
            refused += 1;
            let salvaged = salvage(&catalog).unwrap();
            let again = Catalog::open(&catalog).unwrap();
            assert_eq!(again.findings().unwrap(), [""; 0], "repaired, it is sound");
            let photos = again.counts().photos as usize;
            assert_eq!(photos as u64, salvaged.photos);
            if salvaged.counted {
                assert_eq!(embedded(&again, MODEL) + salvaged.lost_embeddings, PHOTOS as u64);
                let told = salvaged.lost.len() as u64 + salvaged.lost_without_path;
                assert!(
                    photos as u64 + told >= PHOTOS as u64,
                    "{photos} kept, {told} told as lost"
                );
            }
            assert!(salvaged.kept.as_ref().is_some_and(|kept| kept.join("sled/db").is_file()));
            all += usize::from(photos == PHOTOS);
            most += usize::from((PHOTOS / 2..PHOTOS).contains(&photos));
        }
    }
    println!(
        "{flips} flips: {refused} needed a repair; {all} kept all photos, {most} half or more"
    );
    assert!(refused > 0, "some of these places matter");
    assert!(all * 100 >= flips * 90, "{all} of {flips} kept all photos");
    assert!((all + most) * 100 >= flips * 98, "{} of {flips} kept half or more", all + most);
}

#[test]
fn salvaging_a_sound_catalog_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("catalog");
    let catalog = Catalog::open(&place).unwrap();
    catalog.add_space(MODEL, "tiny", 3).unwrap();
    catalog.use_space(MODEL).unwrap();
    catalog.set_root(&path("/photos")).unwrap();
    let e = embedding(MODEL, &[0.1, -0.7, 0.2]);
    let changes = [
        photo_with(id(1), "/photos/a.jpg", Some(e.clone())),
        photo(2, "/photos/b.jpg"),
        link(2, "/photos/c.jpg"),
        photo(3, "/photos/gone.jpg"),
        unlink("/photos/gone.jpg"),
        Change::Failed(failure("/photos/bad.jpg")),
    ];
    catalog.apply(&changes).unwrap();
    let album = Album { name: "sea".into(), query: "the sea".into(), order: None, most: 60 };
    catalog.put_album(&album).unwrap();
    let e = encoded(&catalog, MODEL, id(1)).unwrap();
    let (counts, watermark) = (catalog.counts(), catalog.watermark());
    let records: Vec<_> = catalog.records().unwrap().map(|r| r.unwrap().record.files).collect();
    drop(catalog);

    let salvaged = salvage(&place).unwrap();
    assert_eq!((salvaged.photos, salvaged.lost.len()), (2, 0));
    assert_eq!((salvaged.lost_without_path, salvaged.lost_embeddings), (0, 0));
    let catalog = Catalog::open(&place).unwrap();
    assert_eq!(catalog.counts(), counts);
    assert!(catalog.watermark() > watermark, "no index of the old one fits");
    assert_eq!(catalog.rows_changed_since(watermark).unwrap(), None);
    let after: Vec<_> = catalog.records().unwrap().map(|r| r.unwrap().record.files).collect();
    assert_eq!(after.len(), records.len());
    assert!(records.iter().all(|files| after.contains(files)));
    assert_eq!(encoded(&catalog, MODEL, id(1)), Some(e));
    assert_eq!(catalog.failures().unwrap(), [failure("/photos/bad.jpg")]);
    assert_eq!(catalog.roots().unwrap(), [path("/photos")]);
    assert_eq!(catalog.albums().unwrap(), [album]);
    assert_eq!(catalog.current_space(), Some(MODEL));
    assert_eq!(catalog.findings().unwrap(), [""; 0]);
}

#[test]
fn a_replacement_stopped_anywhere_is_finished_or_undone() {
    let sample = sample();
    let stops: [fn(&Path); 5] = [
        |home| copy(&home.join("catalog/sled"), &home.join("catalog.building/sled")),
        |home| copy(&home.join("catalog"), &home.join("catalog.ready")),
        |home| fs::rename(home.join("catalog"), home.join("catalog.ready")).unwrap(),
        |home| {
            copy(&home.join("catalog"), &home.join("catalog.ready"));
            fs::rename(home.join("catalog"), home.join("catalog.replaced")).unwrap();
        },
        |home| copy(&home.join("catalog"), &home.join("catalog.replaced")),
    ];
    for stop in stops {
        let home = tempfile::tempdir().unwrap();
        copy(sample.path(), &home.path().join("catalog"));
        stop(home.path());
        read_all(&home.path().join("catalog")).unwrap();
        let names: Vec<_> =
            fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["catalog"], "nothing is left beside it");
    }
}

#[test]
fn a_backup_is_the_catalog_again() {
    let sample = sample();
    let home = tempfile::tempdir().unwrap();
    let backup = home.path().join("backup");
    let catalog = Catalog::open(sample.path()).unwrap();
    let written = catalog.dump(&mut fs::File::create(&backup).unwrap()).unwrap();
    assert_eq!(written.photos as usize, PHOTOS);
    assert_eq!(verify_dump(&backup).unwrap(), written);
    let place = home.path().join("catalog");
    assert_eq!(restore_dump(&place, &backup, false).unwrap(), written);
    read_all(&place).unwrap();
    assert_eq!(Catalog::open(&place).unwrap().findings().unwrap(), [""; 0]);

    let error = restore_dump(&place, &backup, false).unwrap_err();
    assert!(matches!(error, CatalogError::NotEmpty { .. }), "{error}");
    let other = Catalog::open(&place).unwrap();
    other.apply(&[photo(9, "/p/nine.jpg")]).unwrap();
    assert!(matches!(restore_dump(&place, &backup, true), Err(CatalogError::Locked { .. })));
    drop(other);
    let later = 1 + Catalog::open(&place).unwrap().watermark();
    restore_dump(&place, &backup, true).unwrap();
    let catalog = Catalog::open(&place).unwrap();
    assert_eq!(catalog.counts().photos as usize, PHOTOS);
    assert_eq!(catalog.findings().unwrap(), [""; 0]);
    assert!(catalog.watermark() >= later, "no index of the old one fits");
    assert_eq!(catalog.rows_changed_since(later - 1).unwrap(), None);
}

#[test]
fn a_damaged_backup_is_refused_and_changes_nothing() {
    let (_folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/p/1.jpg"), photo(2, "/p/2.jpg")]).unwrap();
    let mut whole = Vec::new();
    catalog.dump(&mut whole).unwrap();
    let home = tempfile::tempdir().unwrap();
    let (backup, place) = (home.path().join("backup"), home.path().join("catalog"));
    let refused = |bytes: &[u8], what: &str| {
        fs::write(&backup, bytes).unwrap();
        assert!(restore_dump(&place, &backup, true).is_err(), "{what}");
        assert!(!place.exists(), "{what}");
    };
    for position in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[position] ^= 1 << (position % 8);
        refused(&bytes, &format!("flip at {position}"));
    }
    for length in (0..whole.len()).step_by(7) {
        refused(&whole[..length], &format!("cut at {length}"));
    }
    refused(&[&whole[..], b"x"].concat(), "longer");
    fs::write(&backup, &whole).unwrap();
    assert_eq!(restore_dump(&place, &backup, false).unwrap().photos, 2, "the control");
}
