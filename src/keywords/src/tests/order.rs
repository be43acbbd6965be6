//! Photos by time.

use seer_store::TimeOrder;

use super::*;

#[test]
fn the_newest_come_first_by_date_taken_then_by_file_date() {
    let dated = |row, taken: Option<&str>, modified: i64| {
        let taken = taken.and_then(time).map(Into::into);
        let mut record = record(row, &["/p/x.jpg"], PhotoFacts { taken, ..PhotoFacts::default() });
        record.files[0].stamp.modified_ns = modified * 1_000_000_000;
        record
    };
    let (_folder, index) = new_index(&[
        dated(1, Some("1970-01-01T00:01:40"), 999),
        dated(2, None, 200),
        dated(3, Some("1970-01-01T00:05:00"), 0),
        dated(4, None, -5),
        dated(5, None, 200),
    ]);
    let newest = |count, within: Option<&RoaringBitmap>| -> Vec<u32> {
        index
            .by_time(TimeOrder::NewestFirst, count, within)
            .unwrap()
            .iter()
            .map(|row| row.0)
            .collect()
    };
    assert_eq!(newest(9, None), [3, 2, 5, 1, 4]);
    assert_eq!(newest(2, None), [3, 2]);
    assert_eq!(newest(0, None), [0; 0]);
    assert_eq!(newest(9, Some(&[1, 4].into_iter().collect())), [1, 4]);
    let oldest = index.by_time(TimeOrder::OldestFirst, 2, None).unwrap();
    assert_eq!(oldest, [RowId(4), RowId(1)]);
    let day_counts = index.day_counts(Some(&[1, 2, 3].into_iter().collect())).unwrap();
    assert_eq!(
        (day_counts.days.into_iter().collect::<Vec<_>>(), day_counts.undated),
        (vec![(0, 2)], 1)
    );

    let mut gone = dated(3, None, 0);
    gone.files.clear();
    update(&index, &[gone, dated(1, None, 500)]).unwrap();
    index.commit(2).unwrap();
    assert_eq!(newest(9, None), [1, 2, 5, 4]);

    update(&index, &[PhotoRecord { added: 7, ..dated(5, None, 200) }]).unwrap();
    index.commit(3).unwrap();
    assert_eq!(newest(9, None), [1, 5, 2, 4], "added later");
}
