//! Creating, updating, reopening.

use super::*;
use crate::KeywordsError;

#[test]
fn updates_are_seen_after_the_commit() {
    let (_folder, index) = new_index(&[plain(0, "/p/a.jpg")]);
    update(&index, &[plain(1, "/p/b.jpg")]).unwrap();
    assert_eq!(index.all().unwrap(), rows(&[0]));
    index.commit(2).unwrap();
    assert_eq!(index.all().unwrap(), rows(&[0, 1]));
    assert_eq!(index.watermark(), 2);
}

#[test]
fn an_update_replaces_and_an_empty_record_removes() {
    let (_folder, index) = new_index(&[plain(0, "/p/a.jpg"), plain(1, "/p/b.jpg")]);
    update(&index, &[plain(0, "/p/new.jpg")]).unwrap();
    index.commit(2).unwrap();
    assert_eq!(found(&index, &Filter::Path("a.jpg".into())), [0; 0]);
    assert_eq!(found(&index, &Filter::Path("new".into())), [0]);
    assert_eq!(found(&index, &Filter::Text("new".into())), [0]);
    update(&index, &[record(0, &[], PhotoFacts::default())]).unwrap();
    index.commit(3).unwrap();
    assert_eq!(index.all().unwrap(), rows(&[1]));
    assert_eq!(found(&index, &Filter::Not(Box::new(Filter::Any(vec![])))), [1]);
    assert_eq!(found(&index, &Filter::Text("new".into())), [0; 0]);
    index.remove(&[RowId(1), RowId(500)]).unwrap();
    index.commit(4).unwrap();
    assert!(index.all().unwrap().is_empty());
    update(&index, &[plain(1, "/p/back.jpg"), plain(1, "/p/twice.jpg")]).unwrap();
    index.commit(5).unwrap();
    assert_eq!(found(&index, &Filter::Path("p".into())), [1]);
    assert_eq!(found(&index, &Filter::Path("back".into())), [0; 0], "the later one counts");
}

#[test]
fn a_reopened_index_knows_its_watermark_and_its_rows() {
    let (folder, index) = new_index(&[plain(0, "/p/a.jpg"), plain(7, "/p/b.jpg")]);
    index.commit(41).unwrap();
    update(&index, &[plain(8, "/p/lost.jpg")]).unwrap();
    drop(index);
    let index = Keywords::open(&folder.path().join("keywords")).unwrap();
    assert_eq!(index.watermark(), 41);
    assert_eq!(index.all().unwrap(), rows(&[0, 7]), "what was not committed is gone");
    update(&index, &[plain(9, "/p/c.jpg")]).unwrap();
    index.commit(42).unwrap();
    drop(index);
    let index = Keywords::open(&folder.path().join("keywords")).unwrap();
    assert_eq!((index.watermark(), index.all().unwrap()), (42, rows(&[0, 7, 9])));
}

#[test]
fn a_new_index_is_empty_and_replaces_what_was_there() {
    let (folder, index) = new_index(&[plain(0, "/p/a.jpg")]);
    drop(index);
    let place = folder.path().join("keywords");
    std::fs::write(place.join("stray"), "x").unwrap();
    let index = Keywords::create(&place).unwrap();
    assert_eq!((index.watermark(), index.all().unwrap().len()), (0, 0));
    assert!(!place.join("stray").exists());
    drop(index);
    assert_eq!(Keywords::open(&place).unwrap().watermark(), 0);
}

#[test]
fn no_index_is_told_apart_from_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    for place in [folder.path().to_path_buf(), folder.path().join("none")] {
        let error = Keywords::open(&place).err().unwrap();
        assert!(matches!(error, KeywordsError::Missing { .. }));
        assert!(error.is_cured_by_rebuilding());
    }
}

#[test]
fn a_second_writer_is_told_to_wait() {
    let (folder, index) = new_index(&[plain(0, "/p/a.jpg")]);
    let second = Keywords::open(&folder.path().join("keywords")).unwrap();
    let error = update(&second, &[plain(1, "/p/b.jpg")]).unwrap_err();
    assert!(matches!(error, KeywordsError::Locked { .. }), "{error}");
    assert!(!error.is_cured_by_rebuilding());
    drop(index);
    update(&second, &[plain(1, "/p/b.jpg")]).unwrap();
    second.commit(2).unwrap();
    assert_eq!(second.all().unwrap(), rows(&[0, 1]));
}

#[test]
fn asking_and_writing_go_side_by_side() {
    let (_folder, index) = new_index(&[]);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            loop {
                let before = index.watermark();
                let found = index.all().unwrap().len();
                // Commit n brings 10 (n - 1) rows; more may have come meanwhile.
                assert!(found >= 10 * before.saturating_sub(1), "{found} rows at {before}");
                if before == 21 {
                    break;
                }
            }
        });
        for batch in 0..20u32 {
            let records: Vec<PhotoRecord> = (batch * 10..batch * 10 + 10)
                .map(|row| plain(row, &format!("/p/{row}.jpg")))
                .collect();
            update(&index, &records).unwrap();
            index.commit(u64::from(batch) + 2).unwrap();
        }
        reader.join().unwrap();
    });
}

/// Stopped before segments were merged, and gone on with: the first removal is not lost when the
/// next commit merges them (see `new_writer`).
#[test]
fn the_first_removal_after_a_stop_outlives_a_merge() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("keywords");
    let paths: Vec<String> = (0..25).map(|row| format!("/p/{row}.jpg")).collect();
    let records: Vec<PhotoRecord> = (0..).zip(&paths).map(|(row, path)| plain(row, path)).collect();
    let index = Keywords::create(&place).unwrap();
    index.merge_nothing();
    for (number, records) in (1..).zip(records.chunks(15)) {
        update(&index, records).unwrap();
        index.commit(number).unwrap();
    }
    // So many of the second, smaller segment that it is to be merged.
    index.remove(&[15, 16, 17, 18, 19].map(RowId)).unwrap();
    index.commit(3).unwrap();
    drop(index);

    let index = Keywords::open(&place).unwrap();
    update(&index, &[plain(24, "/p/new.jpg")]).unwrap();
    index.commit(4).unwrap();
    drop(index);

    let index = Keywords::open(&place).unwrap();
    assert_eq!(found(&index, &Filter::Name("24".into())), [0; 0]);
    assert_eq!(found(&index, &Filter::Name("new".into())), [24]);
    let expected = Keywords::in_memory(&place).unwrap();
    update(&expected, &records[..15]).unwrap();
    update(&expected, &records[20..24]).unwrap();
    update(&expected, &[plain(24, "/p/new.jpg")]).unwrap();
    expected.commit(1).unwrap();
    assert_eq!(index.contents().unwrap(), expected.contents().unwrap());
}
