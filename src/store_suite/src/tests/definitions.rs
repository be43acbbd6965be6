//! Filters on what photos are found by, and filters on records.

use seer_store::Derived;
use seer_types::PhotoRecord;

use crate::random::{LEAVES, Random, random_filter, random_leaf, random_record};
use crate::{allows, by_record};

#[test]
fn both_definitions_of_filters_agree() {
    let random = &mut Random::new(7);
    let records: Vec<PhotoRecord> = (0..300).map(|n| random_record(n, random)).collect();
    let derived: Vec<Derived> = records.iter().map(Derived::of).collect();
    let mut met = 0;
    for round in 0..600 {
        let filter = match round / 10 {
            kind if kind < LEAVES => random_leaf(kind, random),
            _ => random_filter(3, random),
        };
        for (record, derived) in records.iter().zip(&derived) {
            let right = by_record::meets(record, &filter);
            assert_eq!(allows(&filter, derived), right, "{filter:?}, {record:?}");
            met += u32::from(right);
        }
    }
    assert!(met > 10_000, "{met}");
}
