//! The index as a whole: filters against a plain evaluation, order, updates, reopening, damage. Each
//! filter by hand is a case of the suite of stores (`src/store_suite`).

mod damage;
mod lifetime;
mod million;
mod order;
mod random;

use roaring::RoaringBitmap;
use seer_store::Filter;
use seer_types::{
    FileStamp, LibraryPath, LocalTime, PhotoFacts, PhotoFile, PhotoId, PhotoRecord, RowId,
};
use tempfile::TempDir;

use crate::Keywords;

pub(crate) fn new_index(records: &[PhotoRecord]) -> (TempDir, Keywords) {
    let folder = tempfile::tempdir().unwrap();
    let index = Keywords::create(&folder.path().join("keywords")).unwrap();
    update(&index, records).unwrap();
    index.commit(1).unwrap();
    (folder, index)
}

/// Takes records in under the rows that [`record`] was given.
pub(crate) fn update(index: &Keywords, records: &[PhotoRecord]) -> crate::error::Result<()> {
    index.update(records.iter().map(|record| (RowId(row_of(record)), record)))
}

pub(crate) fn row_of(record: &PhotoRecord) -> u32 {
    let [a, b, c, d, ..] = record.id.0;
    u32::from_be_bytes([a, b, c, d])
}

pub(crate) fn record(row: u32, paths: &[&str], facts: PhotoFacts) -> PhotoRecord {
    let mut id = [0; 32];
    id[..4].copy_from_slice(&row.to_be_bytes());
    let files = paths.iter().map(|path| PhotoFile {
        path: LibraryPath::new(*path),
        root: LibraryPath::new("/home/me/Pictures"),
        stamp: FileStamp::new(1, 1),
    });
    PhotoRecord {
        id: PhotoId(id),
        files: files.collect(),
        size: 1000 + u64::from(row),
        facts,
        added: 0,
    }
}

pub(crate) fn plain(row: u32, path: &str) -> PhotoRecord {
    record(row, &[path], PhotoFacts::default())
}

pub(crate) fn found(index: &Keywords, filter: &Filter) -> Vec<u32> {
    index.filter(filter).unwrap().iter().collect()
}

pub(crate) fn time(text: &str) -> Option<LocalTime> {
    Some(text.parse().unwrap())
}

pub(crate) fn rows(numbers: &[u32]) -> RoaringBitmap {
    numbers.iter().copied().collect()
}
