//! Ten thousand photos.

use super::*;

const PHOTOS: u32 = 10_000;

fn place(number: u32) -> Embedding {
    let mut seed = number.wrapping_mul(2_654_435_761).wrapping_add(1);
    let values = (0..64).map(|_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 24) as f32 - 0.5
    });
    Embedding::new(MODEL, values.collect()).unwrap()
}

fn change(number: u32) -> Change {
    let text = format!("/photos/{}/{number}.jpg", number % 100);
    photo_with(spread_id(number), &text, Some(place(number)))
}

fn expect_all(catalog: &Catalog) {
    assert_eq!(catalog.counts().photos, u64::from(PHOTOS));
    let mut next = 0;
    for record in catalog.records().unwrap() {
        let record = record.unwrap();
        assert_eq!((record.row, record.record.id), (RowId(next), spread_id(next)));
        next += 1;
    }
    assert_eq!(next, PHOTOS);
    let mut seen = vec![false; PHOTOS as usize];
    let count = each_whole(catalog, MODEL, |row, embedding| {
        seen[row.0 as usize] = embedding.cosine(&place(row.0)).unwrap() > 0.999_999;
    });
    assert_eq!(count.unwrap(), u64::from(PHOTOS));
    assert!(seen.iter().all(|right| *right));
    assert_eq!(catalog.files_under(&path("/photos/7")).unwrap().len(), 100);
}

#[test]
fn in_batches_and_again_after_closing() {
    let (folder, catalog) = new_catalog();
    let changes: Vec<Change> = (0..PHOTOS).map(change).collect();
    for batch in changes.chunks(64) {
        catalog.apply(batch).unwrap();
    }
    expect_all(&catalog);
    drop(catalog);
    let catalog = Catalog::open(folder.path()).unwrap();
    expect_all(&catalog);
    catalog.check().unwrap();
}

#[test]
fn in_one_batch_and_gone_in_one() {
    let (folder, catalog) = new_catalog();
    let changes: Vec<Change> = (0..PHOTOS).map(change).collect();
    let applied = catalog.apply(&changes).unwrap();
    assert_eq!((applied.touched.len(), applied.watermark), (PHOTOS as usize, 1));
    expect_all(&catalog);
    let known = catalog.files_under(&path("/photos")).unwrap();
    let gone: Vec<Change> =
        known.into_iter().map(|file| Change::Unlink { path: file.path }).collect();
    assert_eq!(catalog.apply(&gone).unwrap().touched.len(), PHOTOS as usize);
    assert_eq!(catalog.purge().unwrap(), u64::from(PHOTOS));
    drop(catalog);
    let catalog = Catalog::open(folder.path()).unwrap();
    assert_eq!((catalog.counts().photos, embedded(&catalog, MODEL)), (0, 0));
    assert_eq!(catalog.state().next_row, PHOTOS);
    assert_eq!(catalog.records().unwrap().count(), 0);
}

#[test]
fn old_change_lists_are_dropped_and_that_is_told() {
    let (_folder, catalog) = new_catalog();
    let photos: Vec<Change> =
        (0..2000).map(|n| photo_with(spread_id(n), &format!("/p/{n}"), None)).collect();
    catalog.apply(&photos).unwrap();
    let touch_all = |round: i64| {
        let relink = |n: u32| {
            let mut file = file(&format!("/p/{n}"));
            file.stamp = stamp(round);
            Change::Link { id: spread_id(n), file }
        };
        catalog.apply(&(0..2000).map(relink).collect::<Vec<_>>()).unwrap();
    };
    // 65,536 + 4 * 2,000 rows may be named; 37 lists of 2,000 are more.
    (2..=36).for_each(touch_all);
    assert_eq!(catalog.rows_changed_since(0).unwrap().map(|rows| rows.len()), Some(2000));
    touch_all(37);
    assert_eq!(catalog.rows_changed_since(0).unwrap(), None);
    assert_eq!(catalog.rows_changed_since(18).unwrap(), None);
    assert_eq!(catalog.rows_changed_since(36).unwrap().map(|rows| rows.len()), Some(2000));
    catalog.check().unwrap();
}
