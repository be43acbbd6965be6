//! The catalog as a whole: meaning of changes, opening, damage, size.

mod damage;
mod large;
mod meaning;
mod opening;
mod points;
mod questions;
mod recover;
mod rewriting;
mod salvage;

use seer_types::{
    Coordinates, Embedding, Failure, FailureKind, FileStamp, LibraryPath, LocalTime,
    ModelFingerprint, PhotoFacts, PhotoFile, PhotoId, RowId, Taken,
};
use tempfile::TempDir;

use crate::{Catalog, CatalogError};
use seer_store::{Change, Part, Point};

pub(crate) const MODEL: ModelFingerprint = ModelFingerprint([5; 16]);
pub(crate) const OTHER: ModelFingerprint = ModelFingerprint([6; 16]);

pub(crate) fn new_catalog() -> (TempDir, Catalog) {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(folder.path()).unwrap();
    (folder, catalog)
}

pub(crate) fn id(number: u8) -> PhotoId {
    PhotoId([number; 32])
}

pub(crate) fn path(text: &str) -> LibraryPath {
    LibraryPath::new(text)
}

pub(crate) fn stamp(modified_ns: i64) -> FileStamp {
    FileStamp::new(1000, modified_ns)
}

pub(crate) fn file(text: &str) -> PhotoFile {
    PhotoFile { path: path(text), root: path("/photos"), stamp: stamp(1) }
}

pub(crate) fn photo(number: u8, text: &str) -> Change {
    photo_with(id(number), text, None)
}

pub(crate) fn photo_with(id: PhotoId, text: &str, embedding: Option<Embedding>) -> Change {
    let points = embedding.map(Point::whole).into_iter().collect();
    Change::Photo { id, size: 1000, facts: facts(), file: file(text), points }
}

pub(crate) fn link(number: u8, text: &str) -> Change {
    Change::Link { id: id(number), file: file(text) }
}

pub(crate) fn unlink(text: &str) -> Change {
    Change::Unlink { path: path(text) }
}

pub(crate) fn failure(text: &str) -> Failure {
    Failure {
        path: path(text),
        root: path("/photos"),
        stamp: stamp(2),
        kind: FailureKind::Damaged,
        reason: "cut short".into(),
        at: 1_700_000_000,
        decoders: 0,
    }
}

pub(crate) fn facts() -> PhotoFacts {
    PhotoFacts {
        width: 640,
        height: 480,
        format: "jpeg".into(),
        taken: LocalTime::from_civil(2019, 7, 14, 16, 20, 0).map(Taken::from),
        camera_make: Some("Canon".into()),
        camera_model: Some("Canon EOS 5D".into()),
        lens: None,
        position: Some(Coordinates { latitude: 52.5, longitude: 13.4 }),
        tags: vec!["beach".into(), "Übung".into()],
        caption: Some("Two dogs".into()),
        ..PhotoFacts::default()
    }
}

pub(crate) fn embedding(model: ModelFingerprint, values: &[f32]) -> Embedding {
    Embedding::new(model, values.to_vec()).unwrap()
}

/// 32 bytes that depend on the number in every place.
pub(crate) fn spread_id(number: u32) -> PhotoId {
    PhotoId(*blake3::hash(&number.to_le_bytes()).as_bytes())
}

pub(crate) fn rows(numbers: &[u32]) -> Vec<RowId> {
    numbers.iter().copied().map(RowId).collect()
}

pub(crate) fn paths_of(catalog: &Catalog, number: u8) -> Vec<String> {
    let record = catalog.record(id(number)).unwrap().unwrap();
    record.files.iter().map(|file| file.path.to_text()).collect()
}

pub(crate) fn points(id: PhotoId, embedding: Embedding) -> Change {
    Change::Points { id, points: vec![Point::whole(embedding)] }
}

/// The whole picture's point.
pub(crate) fn encoded(
    catalog: &Catalog,
    model: ModelFingerprint,
    id: PhotoId,
) -> Option<Embedding> {
    let points = catalog.points(model, id).unwrap();
    points.into_iter().find(|p| p.point.part == Part::WHOLE).map(|p| p.point.embedding)
}

/// How many photos have a point.
pub(crate) fn embedded(catalog: &Catalog, model: ModelFingerprint) -> u64 {
    catalog.space(model).unwrap().map_or(0, |space| space.photos)
}

/// Calls `with` for the whole pictures' points; how many there were.
pub(crate) fn each_whole(
    catalog: &Catalog,
    model: ModelFingerprint,
    mut with: impl FnMut(RowId, Embedding),
) -> Result<u64, CatalogError> {
    catalog.for_each_point(model, |stored| {
        with(stored.row, stored.point.embedding);
        Ok(())
    })
}
