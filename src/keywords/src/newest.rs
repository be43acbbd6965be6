//! The photos in order of time: what a search without words shows.

use roaring::RoaringBitmap;
use seer_types::RowId;
use tantivy::{SegmentReader, TantivyError};

use crate::evaluate::{row_column, row_of};
use crate::schema::column;

/// Collects rows by time, and forgets all but the newest few on the way.
pub(crate) struct Newest<'a> {
    count: usize,
    within: Option<&'a RoaringBitmap>,
    found: Vec<(i64, u32)>,
}

impl<'a> Newest<'a> {
    pub(crate) fn new(count: usize, within: Option<&'a RoaringBitmap>) -> Self {
        Self { count, within, found: Vec::new() }
    }

    /// Looks at a segment's living documents.
    pub(crate) fn look(&mut self, reader: &SegmentReader) -> tantivy::Result<()> {
        let row = row_column(reader)?;
        let time = reader
            .fast_fields()
            .i64(column::TIME)
            .map_err(|_| TantivyError::InternalError("a segment has no times".into()))?;
        for doc in reader.doc_ids_alive() {
            let (Some(row), Some(time)) = (row_of(&row, doc), time.first(doc)) else { continue };
            if self.within.is_none_or(|within| within.contains(row)) {
                self.add(time, row);
            }
        }
        Ok(())
    }

    fn add(&mut self, time: i64, row: u32) {
        self.found.push((time, row));
        if self.found.len() > 2 * self.count + 1024 {
            self.forget();
        }
    }

    fn forget(&mut self) {
        if self.found.len() > self.count {
            self.found.select_nth_unstable_by(self.count, |a, b| b.cmp(a));
            self.found.truncate(self.count);
        }
    }

    /// The newest first; of the same second, the row that came last.
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
        let times: Vec<i64> = (0..5000).map(|i| i * 7919 % 5000 / 2).collect();
        for count in [0, 1, 3, 4999, 5000, 9000] {
            let mut newest = Newest::new(count, None);
            times.iter().enumerate().for_each(|(row, time)| newest.add(*time, row as u32));
            let mut expected: Vec<u32> = (0..5000).collect();
            expected.sort_by_key(|row| std::cmp::Reverse((times[*row as usize], *row)));
            expected.truncate(count);
            let rows: Vec<u32> = newest.rows().iter().map(|row| row.0).collect();
            assert_eq!(rows, expected, "{count}");
        }
    }
}
