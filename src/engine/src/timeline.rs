//! The photos in order of time, newest first: what a search without words shows.

use std::collections::{BTreeSet, HashMap};

use roaring::RoaringBitmap;
use seer_types::{PhotoRecord, RowId};

/// Every photo that has a file, ordered by when it was taken, else by the file's date.
#[derive(Default)]
pub(crate) struct Timeline {
    ordered: BTreeSet<(i64, u32)>,
    times: HashMap<u32, i64>,
}

/// When a photo was taken; without such a date, when its oldest file was last changed.
fn time_of(record: &PhotoRecord) -> i64 {
    match record.facts.taken {
        Some(taken) => taken.seconds(),
        None => {
            let oldest = record.files.iter().map(|f| f.stamp.modified_ns).min();
            oldest.unwrap_or(0).div_euclid(1_000_000_000)
        }
    }
}

impl Timeline {
    /// Takes over a record's new state; one without files leaves the timeline.
    pub(crate) fn update(&mut self, record: &PhotoRecord) {
        let row = record.row.0;
        if let Some(time) = self.times.remove(&row) {
            self.ordered.remove(&(time, row));
        }
        if !record.files.is_empty() {
            let time = time_of(record);
            self.times.insert(row, time);
            self.ordered.insert((time, row));
        }
    }

    /// Newest first, of those allowed; skips `offset`, gives at most `count`.
    pub(crate) fn page(
        &self,
        allowed: Option<&RoaringBitmap>,
        offset: usize,
        count: usize,
    ) -> Vec<RowId> {
        let rows = self.ordered.iter().rev().map(|(_, row)| *row);
        let rows = rows.filter(|row| allowed.is_none_or(|set| set.contains(*row)));
        rows.skip(offset).take(count).map(RowId).collect()
    }

    pub(crate) fn len(&self) -> u64 {
        self.ordered.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use seer_types::{FileStamp, LibraryPath, LocalTime, PhotoFacts, PhotoFile, PhotoId};

    use super::*;

    fn record(row: u32, taken: Option<i64>, modified: i64) -> PhotoRecord {
        let file = PhotoFile {
            path: LibraryPath::new(format!("/p/{row}.jpg")),
            root: LibraryPath::new("/p"),
            stamp: FileStamp { size: 1, modified_ns: modified * 1_000_000_000 },
        };
        PhotoRecord {
            id: PhotoId([row as u8; 32]),
            row: RowId(row),
            files: vec![file],
            size: 1,
            facts: PhotoFacts { taken: taken.map(LocalTime::from_seconds), ..Default::default() },
            added: 0,
        }
    }

    #[test]
    fn newest_first_by_date_taken_then_by_file_date() {
        let mut timeline = Timeline::default();
        for r in [record(1, Some(100), 999), record(2, None, 200), record(3, Some(300), 0)] {
            timeline.update(&r);
        }
        assert_eq!(timeline.page(None, 0, 9), [RowId(3), RowId(2), RowId(1)]);
        assert_eq!(timeline.page(None, 1, 1), [RowId(2)]);
        let only: RoaringBitmap = [1].into_iter().collect();
        assert_eq!(timeline.page(Some(&only), 0, 9), [RowId(1)]);

        let mut gone = record(3, Some(300), 0);
        gone.files.clear();
        timeline.update(&gone);
        timeline.update(&record(1, Some(500), 0));
        assert_eq!(timeline.page(None, 0, 9), [RowId(1), RowId(2)]);
        assert_eq!(timeline.len(), 2);
    }
}
