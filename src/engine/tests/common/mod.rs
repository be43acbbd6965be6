//! A real library over the fixture pictures and a tiny random checkpoint.

#![allow(dead_code)] // each test file uses its part

use std::path::{Path, PathBuf};
use std::sync::Arc;

use seer_encoders::DeviceChoice;
use seer_engine::{
    Change, Library, Model, OpenOptions, Picture, Point, SearchAnswer, SearchRequest,
};
use seer_types::{FileStamp, LibraryPath, PhotoFile, PhotoId};

pub fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(path)
}

pub fn model(name: &str) -> Arc<Model> {
    Arc::new(Model::load(&fixture(name), DeviceChoice::Cpu).expect("the tiny checkpoint loads"))
}

pub fn open(folder: &Path) -> Library {
    let options = OpenOptions { model: Some(model("clip-tiny")), ..OpenOptions::default() };
    Library::open(folder, options).expect("the library opens")
}

/// Every fixture picture, in order of name.
pub fn pictures() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(fixture("images")).expect("fixtures");
    let paths = entries.map(|entry| entry.expect("entry").path().canonicalize().expect("path"));
    let mut paths: Vec<PathBuf> =
        paths.filter(|p| p.extension().is_some_and(|e| e != "json")).collect();
    paths.sort();
    paths
}

pub fn id_of(path: &Path) -> PhotoId {
    PhotoId(*blake3::hash(&std::fs::read(path).expect("picture")).as_bytes())
}

pub fn file(path: &Path) -> PhotoFile {
    let size = std::fs::metadata(path).expect("picture").len();
    PhotoFile {
        path: LibraryPath::from(path),
        root: LibraryPath::from(path.parent().expect("folder")),
        stamp: FileStamp::new(size, size as i64 * 1_000_000_000),
    }
}

/// The change that takes a picture in, encoded with the library's model.
pub fn taken_in(library: &Library, path: &Path) -> Change {
    let bytes = std::fs::read(path).expect("picture");
    let photo = seer_images::decode(&bytes, &seer_images::Limits::default()).expect("decodes");
    let model = library.model().expect("a model");
    let prepared = photo.prepare(model.spec());
    let embedding = model.encode_images(&[prepared]).expect("encodes").remove(0);
    Change::Photo {
        id: id_of(path),
        size: bytes.len() as u64,
        facts: photo.facts().clone(),
        file: file(path),
        points: vec![Point::whole(embedding)],
    }
}

pub fn fill(library: &Library) {
    let changes = pictures().iter().map(|path| taken_in(library, path)).collect();
    library.apply(changes).expect("the batch is taken over");
}

pub fn search(library: &Library, query: &str, pictures: Vec<Picture>) -> SearchAnswer {
    let request = SearchRequest { query: query.into(), pictures, k: 100, offset: 0, all: false };
    library.search(&request).unwrap_or_else(|e| panic!("{query}: {e}"))
}

/// File names of an answer, best first.
pub fn names(answer: &SearchAnswer) -> Vec<String> {
    let name = |hit: &seer_engine::Hit| {
        hit.photo.files[0].path.as_path().file_name().expect("name").to_string_lossy().into_owned()
    };
    answer.hits.iter().map(name).collect()
}
