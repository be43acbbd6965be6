//! The photos in order of time, and how they lie in it.

use std::cmp::{Ordering, Reverse};

use roaring::RoaringBitmap;
use seer_store::{DayCounts, TimeOrder};
use seer_types::{LocalTime, RowId};
use tantivy::{SegmentReader, TantivyError};

use crate::evaluate::{photos, row_column, row_of};
use crate::schema::column;

/// Collects rows by time, and forgets all but the first few on the way.
pub(crate) struct ByTime<'a> {
    order: TimeOrder,
    count: usize,
    within: Option<&'a RoaringBitmap>,
    found: Vec<(Place, u32)>,
}

/// Where a photo stands among the newest: the greatest comes first. Time, when it was added, the
/// start of its id.
type Place = (i64, i64, Reverse<u64>);

impl<'a> ByTime<'a> {
    pub(crate) fn new(order: TimeOrder, count: usize, within: Option<&'a RoaringBitmap>) -> Self {
        Self { order, count, within, found: Vec::new() }
    }

    /// Looks at a segment's living documents.
    pub(crate) fn look(&mut self, reader: &SegmentReader) -> tantivy::Result<()> {
        let row = row_column(reader)?;
        let columns = reader.fast_fields();
        let missing = |_| TantivyError::InternalError("a segment has no times".into());
        let time = columns.i64(column::TIME).map_err(missing)?;
        let added = columns.i64(column::ADDED).map_err(missing)?;
        let id = columns.u64(column::ID).map_err(missing)?;
        for doc in photos(reader)? {
            let (Some(row), Some(time)) = (row_of(&row, doc), time.first(doc)) else { continue };
            if self.within.is_none_or(|within| within.contains(row)) {
                let (added, id) = (added.first(doc).unwrap_or(0), id.first(doc).unwrap_or(0));
                self.add((time, added, Reverse(id)), row);
            }
        }
        Ok(())
    }

    fn add(&mut self, place: Place, row: u32) {
        self.found.push((place, row));
        if self.found.len() > self.count.saturating_mul(2).saturating_add(1024) {
            self.forget();
        }
    }

    fn forget(&mut self) {
        if self.found.len() > self.count {
            let order = self.order;
            self.found.select_nth_unstable_by(self.count, |a, b| compare(order, a, b));
            self.found.truncate(self.count);
        }
    }

    /// In order.
    pub(crate) fn rows(mut self) -> Vec<RowId> {
        self.forget();
        let order = self.order;
        self.found.sort_unstable_by(|a, b| compare(order, a, b));
        self.found.into_iter().map(|(_, row)| RowId(row)).collect()
    }
}

fn compare(order: TimeOrder, a: &(Place, u32), b: &(Place, u32)) -> Ordering {
    match order {
        TimeOrder::NewestFirst => b.cmp(a),
        TimeOrder::OldestFirst => a.cmp(b),
    }
}

/// Counts a segment's living documents by the day they were taken on.
pub(crate) fn count(
    reader: &SegmentReader,
    within: Option<&RoaringBitmap>,
    day_counts: &mut DayCounts,
) -> tantivy::Result<()> {
    let row = row_column(reader)?;
    let missing = |_| TantivyError::InternalError("a segment has no times".into());
    let taken = reader.fast_fields().i64(column::TAKEN).map_err(missing)?;
    for doc in photos(reader)? {
        let Some(row) = row_of(&row, doc) else { continue };
        if within.is_none_or(|within| within.contains(row)) {
            day_counts.add_at(taken.first(doc).map(LocalTime::from_seconds));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_are_kept_in_any_order_of_arrival() {
        let id = |row: u32| u64::from(row * 31 % 5000);
        let times: Vec<i64> = (0..5000).map(|i| i * 7919 % 5000 / 2).collect();
        for count in [0, 1, 3, 4999, 5000, 9000] {
            let first = |order| {
                let mut found = ByTime::new(order, count, None);
                times.iter().enumerate().for_each(|(row, time)| {
                    found.add((*time, 0, Reverse(id(row as u32))), row as u32);
                });
                found.rows().iter().map(|row| row.0).collect::<Vec<u32>>()
            };
            let mut expected: Vec<u32> = (0..5000).collect();
            expected.sort_by_key(|row| (Reverse(times[*row as usize]), id(*row)));
            let backwards: Vec<u32> = expected.iter().rev().take(count).copied().collect();
            assert_eq!(first(TimeOrder::OldestFirst), backwards, "{count}");
            expected.truncate(count);
            assert_eq!(first(TimeOrder::NewestFirst), expected, "{count}");
        }
    }
}
