//! Photos, points and changes in few words.

use seer_store::{Change, Part, Point};
use seer_types::{
    Coordinates, Embedding, Failure, FailureKind, FileStamp, LibraryPath, LocalTime,
    ModelFingerprint, PhotoClass, PhotoFacts, PhotoFile, PhotoId, PhotoRecord,
};

/// A class with its probability.
pub(crate) fn class(names: &str, probability: f32) -> PhotoClass {
    PhotoClass { names: names.into(), probability }
}

/// The indexed folder of most photos here.
pub(crate) const ROOT: &str = "/home/me/Pictures";
/// A model.
pub(crate) const A: ModelFingerprint = ModelFingerprint([0xaa; 16]);
/// Another one.
pub(crate) const B: ModelFingerprint = ModelFingerprint([0x0b; 16]);

/// An id; a higher number has a higher one.
pub fn id(n: u32) -> PhotoId {
    let mut id = [0x5e; 32];
    id[..4].copy_from_slice(&n.to_be_bytes());
    PhotoId(id)
}

/// The number of an [`id`].
pub(crate) fn number(id: PhotoId) -> u32 {
    u32::from_be_bytes([id.0[0], id.0[1], id.0[2], id.0[3]])
}

pub(crate) fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<PhotoId> {
    numbers.into_iter().map(id).collect()
}

pub(crate) fn path(text: &str) -> LibraryPath {
    LibraryPath::new(text)
}

pub(crate) fn file(text: &str) -> PhotoFile {
    PhotoFile { path: path(text), root: path(ROOT), stamp: FileStamp::new(1, 1) }
}

/// A record of photo `n` with these files, 1000 + `n` bytes long.
pub fn record(n: u32, paths: &[&str], facts: PhotoFacts) -> PhotoRecord {
    let files = paths.iter().map(|path| file(path)).collect();
    PhotoRecord { id: id(n), files, size: 1000 + u64::from(n), facts, added: 0 }
}

/// The changes that make a record with at least one file out of nothing.
pub fn changes_of(record: &PhotoRecord, points: Vec<Point>) -> Vec<Change> {
    let PhotoRecord { id, files, size, facts, .. } = record.clone();
    let mut changes: Vec<Change> =
        files.into_iter().map(|file| Change::Link { id, file }).collect();
    if let Some(Change::Link { file, .. }) = changes.first().cloned() {
        changes[0] = Change::Photo { id, size, facts, file, points };
    }
    changes
}

/// The same for a photo that was not encoded.
pub(crate) fn changes(record: &PhotoRecord) -> Vec<Change> {
    changes_of(record, Vec::new())
}

/// Photo `n` was read at this path and encoded as these points.
pub fn photo(n: u32, path: &str, points: Vec<Point>) -> Change {
    changes_of(&record(n, &[path], PhotoFacts::default()), points).remove(0)
}

pub(crate) fn link(n: u32, path: &str) -> Change {
    Change::Link { id: id(n), file: file(path) }
}

pub(crate) fn unlink(text: &str) -> Change {
    Change::Unlink { path: path(text) }
}

pub(crate) fn failure(text: &str, reason: &str) -> Failure {
    Failure {
        path: path(text),
        root: path(ROOT),
        stamp: FileStamp {
            changed_ns: Some(3),
            inode: Some(9),
            sidecars: u64::MAX,
            ..FileStamp::new(7, -5)
        },
        kind: FailureKind::Damaged,
        reason: reason.into(),
        at: 1_700_000_000,
        decoders: 3,
    }
}

/// A unit vector in this direction.
///
/// # Panics
/// When the numbers have no direction.
pub fn embedding(model: ModelFingerprint, values: &[f32]) -> Embedding {
    match Embedding::new(model, values.to_vec()) {
        Ok(embedding) => embedding,
        Err(error) => panic!("{values:?}: {error}"),
    }
}

pub(crate) fn point(model: ModelFingerprint, part: u32, values: &[f32]) -> Point {
    Point { part: Part(part), embedding: embedding(model, values) }
}

/// The whole picture as a point of model [`A`].
pub(crate) fn whole(values: &[f32]) -> Vec<Point> {
    vec![point(A, 0, values)]
}

pub(crate) fn time(text: &str) -> LocalTime {
    match text.parse() {
        Ok(time) => time,
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn place(latitude: f64, longitude: f64) -> Coordinates {
    Coordinates { latitude, longitude }
}

/// A setting with its value.
pub(crate) fn chosen(name: &str, value: Option<&str>) -> (String, Option<String>) {
    (name.to_owned(), value.map(str::to_owned))
}
