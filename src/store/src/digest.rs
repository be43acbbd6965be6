//! What a store holds, as a few numbers that can be compared with another one's.

use seer_types::{Failure, PhotoId, PhotoRecord};

use crate::{Point, Store, StoreResult, half_precision};

/// A store in numbers. Stores that hold the same have the same, in whatever order they keep it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Photos with a file.
    pub photos: u64,
    /// Their files.
    pub files: u64,
    /// Files that could not be read.
    pub failures: u64,
    /// Points of photos with a file, in all spaces.
    pub points: u64,
    /// The sum, modulo 2^64, of 8 bytes of BLAKE3 of each record, failure and point.
    pub digest: u64,
}

/// Reads all of a store.
///
/// # Errors
/// Those of the store.
pub fn summary(store: &dyn Store) -> StoreResult<Summary> {
    let mut summary = Summary::default();
    let mut live = std::collections::HashSet::new();
    store.each_photo(&mut |record| {
        if !record.files.is_empty() {
            live.insert(record.id);
            summary.photos += 1;
            summary.files += record.files.len() as u64;
            summary.add(&of_record(&record));
        }
        Ok(())
    })?;
    for failure in store.failures()? {
        summary.failures += 1;
        summary.add(&of_failure(&failure));
    }
    for space in store.spaces()? {
        store.each_point(space.model, &mut |id, point| {
            if live.contains(&id) {
                summary.points += 1;
                summary.add(&of_point(id, &point));
            }
            Ok(())
        })?;
    }
    Ok(summary)
}

impl Summary {
    fn add(&mut self, bytes: &[u8]) {
        let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(bytes).as_bytes();
        self.digest = self.digest.wrapping_add(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
    }
}

/// Everything a record says. `Debug` writes every field, floats exactly.
fn of_record(record: &PhotoRecord) -> Vec<u8> {
    let mut record = record.clone();
    record.files.sort_by_cached_key(|file| file.path.to_bytes());
    let paths = record.files.iter().flat_map(|file| [file.path.to_bytes(), file.root.to_bytes()]);
    let mut bytes: Vec<u8> = paths.flatten().collect();
    bytes.extend(format!("{record:?}").into_bytes());
    bytes
}

fn of_failure(failure: &Failure) -> Vec<u8> {
    let mut bytes = failure.path.to_bytes();
    bytes.extend(format!("{failure:?}").into_bytes());
    bytes
}

/// Photo, model, part, and the numbers in half precision, as stores keep them.
fn of_point(id: PhotoId, point: &Point) -> Vec<u8> {
    let mut bytes = [id.0.as_slice(), &point.embedding.model().0].concat();
    bytes.extend(point.part.0.to_le_bytes());
    let numbers = half_precision(&point.embedding).into_iter();
    bytes.extend(numbers.flat_map(|number| number.to_le_bytes()));
    bytes
}
