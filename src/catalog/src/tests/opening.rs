//! Opening: locks, versions, what survives.

use super::*;
use crate::database::Database;
use crate::head::{self, Head};
use crate::keys::{STATE, Table};
use crate::state::State;
use crate::{CatalogError, FORMAT};

#[test]
fn only_one_at_a_time() {
    let (folder, catalog) = new_catalog();
    let error = Catalog::open(folder.path()).err().unwrap();
    assert!(matches!(error, CatalogError::Locked { .. }));
    let text = error.to_string();
    assert!(text.contains(&*folder.path().to_string_lossy()), "{text}");
    assert!(text.contains("another seer process"), "{text}");
    drop(catalog);
    Catalog::open(folder.path()).unwrap();
}

#[test]
fn a_folder_that_cannot_be_is_an_error_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "x").unwrap();
    let error = Catalog::open(&blocked.join("library")).err().unwrap();
    assert!(matches!(error, CatalogError::Io { .. }));
    assert!(error.to_string().contains("file"), "{error}");
}

#[test]
fn a_newer_head_is_refused_before_the_database_is_opened() {
    let (folder, catalog) = new_catalog();
    drop(catalog);
    let newer =
        Head { format: FORMAT + 1, watermark: 0, clean: true, written_by: "seer 7.0.0".into() };
    head::write(folder.path(), &newer, true).unwrap();
    std::fs::remove_dir_all(folder.path().join("sled")).unwrap();
    expect_newer(folder.path());
    assert!(!folder.path().join("sled").exists());
}

#[test]
fn a_newer_state_is_refused_when_the_head_is_lost() {
    let (folder, catalog) = new_catalog();
    drop(catalog);
    let store = Database::open(folder.path()).unwrap();
    let newer = State { format: FORMAT + 1, written_by: "seer 7.0.0".into(), ..State::new() };
    let value = crate::value::encode_as(3, &newer).unwrap();
    store.commit(&[(Table::Meta, STATE.into(), Some(value.into()))]).unwrap();
    store.close().unwrap();
    std::fs::remove_file(folder.path().join("head")).unwrap();
    expect_newer(folder.path());
}

fn expect_newer(folder: &std::path::Path) {
    let error = Catalog::open(folder).err().unwrap();
    assert!(matches!(&error, CatalogError::NewerFormat { found, supported, .. }
            if *found == FORMAT + 1 && *supported == FORMAT));
    assert!(error.to_string().contains("seer 7.0.0"), "{error}");
}

#[test]
fn everything_is_there_again_after_closing() {
    let (folder, catalog) = new_catalog();
    let place = embedding(MODEL, &[0.1, -0.7, 0.2]);
    let changes = [
        photo_with(id(1), "/photos/a.jpg", Some(place)),
        photo(2, "/photos/b.jpg"),
        link(2, "/photos/c.jpg"),
        Change::Failed(failure("/photos/bad.jpg")),
    ];
    catalog.apply(&changes).unwrap();
    let record = catalog.record(id(2)).unwrap();
    let counts = catalog.counts();
    let stored = encoded(&catalog, MODEL, id(1));
    drop(catalog);
    for _ in 0..3 {
        let catalog = Catalog::open(folder.path()).unwrap();
        assert_eq!(catalog.watermark(), 1);
        assert_eq!(catalog.counts(), counts);
        assert_eq!(catalog.record(id(2)).unwrap(), record);
        assert_eq!(encoded(&catalog, MODEL, id(1)), stored);
        assert_eq!(catalog.failures().unwrap(), [failure("/photos/bad.jpg")]);
        assert_eq!(catalog.rows_changed_since(0).unwrap(), Some(rows(&[0, 1])));
        catalog.check().unwrap();
    }
}

#[test]
fn a_lost_head_is_written_again() {
    let (folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    drop(catalog);
    for damage in [None, Some(&b"garbage"[..])] {
        match damage {
            None => std::fs::remove_file(folder.path().join("head")).unwrap(),
            Some(bytes) => std::fs::write(folder.path().join("head"), bytes).unwrap(),
        }
        drop(Catalog::open(folder.path()).unwrap());
        let found = head::read(folder.path()).unwrap();
        assert!(matches!(found, head::Found::Head(Head { watermark: 1, clean: true, .. })));
    }
}

#[test]
fn a_database_that_went_back_in_time_is_damaged() {
    let (folder, catalog) = new_catalog();
    catalog.apply(&[photo(1, "/photos/a.jpg")]).unwrap();
    drop(catalog);
    std::fs::remove_dir_all(folder.path().join("sled")).unwrap();
    let error = Catalog::open(folder.path()).err().unwrap();
    assert!(matches!(error, CatalogError::Damaged { .. }), "{error}");
}

#[test]
fn readers_and_a_writer_work_side_by_side() {
    let (_folder, catalog) = new_catalog();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            loop {
                let watermark = catalog.watermark();
                let complete = (0..watermark as u32 * 8)
                    .all(|n| catalog.record(spread_id(n)).unwrap().is_some());
                assert!(complete, "what the watermark promises is there");
                if watermark == 20 {
                    break;
                }
            }
        });
        for batch in 0..20u32 {
            let changes: Vec<Change> = (batch * 8..batch * 8 + 8)
                .map(|n| photo_with(spread_id(n), &format!("/p/{n}"), None))
                .collect();
            catalog.apply(&changes).unwrap();
        }
        reader.join().unwrap();
    });
    assert_eq!(catalog.counts().photos, 160);
}
