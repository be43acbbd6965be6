//! Random filters over random records, and the plain evaluation as the judge.

use super::*;
use seer_store_suite::by_record::meets;
use seer_store_suite::random::{LEAVES, Random, random_filter, random_leaf, random_record};

/// Compares every filter with the plain evaluation; returns how many rows were found in all.
fn compare(index: &Keywords, records: &[PhotoRecord], random: &mut Random, rounds: u64) -> u64 {
    let mut total = 0;
    for round in 0..rounds {
        let filter = match round < 10 * LEAVES {
            true => random_leaf(round / 10, random),
            false => random_filter(3, random),
        };
        let expected: RoaringBitmap = records
            .iter()
            .filter(|record| !record.files.is_empty() && meets(record, &filter))
            .map(row_of)
            .collect();
        assert_eq!(index.filter(&filter).unwrap(), expected, "{filter:?}");
        total += expected.len();
    }
    total
}

#[test]
fn filters_agree_with_the_plain_evaluation() {
    let mut random = Random::new(7);
    let mut records: Vec<PhotoRecord> =
        (0..400).map(|row| random_record(row, &mut random)).collect();
    let (_folder, index) = new_index(&records[..100]);
    // Several commits make several segments, and merges of them.
    for (batch, part) in records[100..].chunks(30).enumerate() {
        update(&index, part).unwrap();
        index.commit(batch as u64 + 2).unwrap();
    }
    assert!(compare(&index, &records, &mut random, 400) > 5_000);

    for row in (0..400).step_by(3) {
        records[row] = random_record(row as u32, &mut random);
        if row % 2 == 0 {
            records[row].files.clear();
        }
    }
    update(&index, &records).unwrap();
    index.commit(99).unwrap();
    assert!(compare(&index, &records, &mut random, 400) > 5_000);
}
