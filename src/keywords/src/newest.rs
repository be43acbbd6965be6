//! The photos in order of time: what a search without words shows.

use std::cmp::Reverse;

use roaring::RoaringBitmap;
use seer_types::RowId;
use tantivy::{SegmentReader, TantivyError};

use crate::evaluate::{photos, row_column, row_of};
use crate::schema::column;

/// Collects rows by time, and forgets all but the newest few on the way.
pub(crate) struct Newest<'a> {
    count: usize,
    within: Option<&'a RoaringBitmap>,
    found: Vec<(Place, u32)>,
}

/// Where a photo stands among the newest: the greatest comes first. Time, when it was added, the
/// start of its id.
type Place = (i64, i64, Reverse<u64>);

impl<'a> Newest<'a> {
    pub(crate) fn new(count: usize, within: Option<&'a RoaringBitmap>) -> Self {
        Self { count, within, found: Vec::new() }
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
            self.found.select_nth_unstable_by(self.count, |a, b| b.cmp(a));
            self.found.truncate(self.count);
        }
    }

    /// The newest first.
    pub(crate) fn rows(mut self) -> Vec<RowId> {
        self.forget();
        self.found.sort_unstable_by(|a, b| b.cmp(a));
        self.found.into_iter().map(|(_, row)| RowId(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_are_kept_in_any_order_of_arrival() {
        let id = |row: u32| u64::from(row * 31 % 5000);
        let times: Vec<i64> = (0..5000).map(|i| i * 7919 % 5000 / 2).collect();
        for count in [0, 1, 3, 4999, 5000, 9000] {
            let mut newest = Newest::new(count, None);
            times.iter().enumerate().for_each(|(row, time)| {
                newest.add((*time, 0, Reverse(id(row as u32))), row as u32);
            });
            let mut expected: Vec<u32> = (0..5000).collect();
            expected.sort_by_key(|row| (Reverse(times[*row as usize]), id(*row)));
            expected.truncate(count);
            let rows: Vec<u32> = newest.rows().iter().map(|row| row.0).collect();
            assert_eq!(rows, expected, "{count}");
        }
    }
}
