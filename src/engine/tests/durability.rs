//! What survives: reopening, lost or damaged derived indexes, vanished files, another model.

mod common;

use std::path::Path;

use common::{file, fill, id_of, model, names, open, pictures, search, taken_in};
use seer_engine::{Analysis, Change, Library, OpenOptions, Point};
use seer_types::{Embedding, FileStamp, LibraryPath, PhotoFacts, PhotoFile, PhotoId};

fn answers(library: &Library) -> Vec<Vec<String>> {
    let queries = ["two dogs", "sunset ext:png", "", "name:gray"];
    queries.iter().map(|query| names(&search(library, query, vec![]))).collect()
}

/// Fills a library, closes it, does something to its folder; the answers must stay.
fn stays_the_same(harm: impl Fn(&Path)) {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    library.save_indexes(&mut |_, _| true).unwrap();
    let before = answers(&library);
    drop(library);
    harm(temp.path());
    assert_eq!(answers(&open(temp.path())), before);
}

fn flip_a_byte_in_every_file(folder: &Path) {
    let mut harmed = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            flip_a_byte_in_every_file(&path);
            harmed += 1;
            continue;
        }
        let mut bytes = std::fs::read(&path).unwrap();
        if let Some(middle) = bytes.len().checked_sub(1).map(|last| last / 2) {
            bytes[middle] ^= 0x55;
            std::fs::write(&path, bytes).unwrap();
            harmed += 1;
        }
    }
    assert!(harmed > 0, "nothing to harm in {}", folder.display());
}

#[test]
fn answers_survive_reopening() {
    stays_the_same(|_| {});
}

#[test]
fn lost_vectors_and_keywords_are_built_again() {
    stays_the_same(|folder| {
        std::fs::remove_dir_all(folder.join("vectors")).unwrap();
        std::fs::remove_dir_all(folder.join("keywords")).unwrap();
    });
}

#[test]
fn damaged_vectors_are_built_again() {
    stays_the_same(|folder| flip_a_byte_in_every_file(&folder.join("vectors")));
}

/// Enough vectors that most are not looked at when the snapshot is loaded.
#[test]
fn damage_that_only_a_search_meets_is_mended_by_it() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    let model = library.model().unwrap();
    let invented = |number: u32| {
        let path = format!("/invented/{number}.jpg");
        let values = (0..model.dim() as u32).map(|i| ((i * 31 + number * 17) % 29) as f32 - 14.0);
        Change::Photo {
            id: PhotoId(*blake3::hash(path.as_bytes()).as_bytes()),
            size: 1,
            facts: PhotoFacts::default(),
            file: PhotoFile {
                path: LibraryPath::new(path),
                root: LibraryPath::new("/invented"),
                stamp: FileStamp::new(1, i64::from(number)),
            },
            points: vec![Point::whole(
                Embedding::new(model.fingerprint(), values.collect()).unwrap(),
            )],
        }
    };
    library.apply((0..1500).map(invented).collect()).unwrap();
    library.save_indexes(&mut |_, _| true).unwrap();
    let before = answers(&library);
    let folder = temp.path().join("vectors").join(model.fingerprint().to_string());
    drop(library);
    let path = folder.join("vectors.1.f16");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[3] ^= 0x40;
    std::fs::write(&path, bytes).unwrap();

    let library = open(temp.path());
    assert_eq!(answers(&library), before);
    assert_eq!(answers(&library), before, "and it stays mended");
    library.save_indexes(&mut |_, _| true).unwrap();
    assert!(!path.exists(), "a sound snapshot took its place");
}

#[test]
fn an_index_read_ahead_of_its_model_is_the_same_and_catches_up() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    library.choose_model("tiny").unwrap();
    let paths = pictures();
    let change = |path: &std::path::PathBuf| taken_in(&library, path);
    library.apply(paths[..5].iter().map(change).collect()).unwrap();
    library.save_indexes(&mut |_, _| true).unwrap();
    library.apply(paths[5..].iter().map(change).collect()).unwrap();
    let before = answers(&library);
    drop(library);
    for (name, expected) in [("clip-tiny", Some(&before)), ("clip-tiny-gelu", None)] {
        let library = Library::open(temp.path(), OpenOptions::default()).unwrap();
        library.read_ahead();
        library.set_model(model(name)).unwrap();
        match expected {
            Some(expected) => assert_eq!(&answers(&library), expected),
            None => assert_eq!(library.status().unwrap().index.unwrap().embedded, 0),
        }
    }
}

#[test]
fn a_snapshot_that_is_behind_catches_up() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    let paths = pictures();
    let change = |path: &std::path::PathBuf| taken_in(&library, path);
    library.apply(paths[..5].iter().map(change).collect()).unwrap();
    library.save_indexes(&mut |_, _| true).unwrap();
    library.apply(paths[5..].iter().map(change).collect()).unwrap();
    library.apply(vec![Change::Unlink { path: LibraryPath::from(paths[0].as_path()) }]).unwrap();
    let before = answers(&library);
    assert_eq!(before[0].len(), paths.len() - 1);
    drop(library);
    assert_eq!(answers(&open(temp.path())), before);
}

#[test]
fn a_photo_without_files_is_no_result_and_comes_back_without_encoding() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let path = pictures().remove(3);
    let id = id_of(&path);
    library.apply(vec![Change::Unlink { path: LibraryPath::from(path.as_path()) }]).unwrap();
    assert!(library.photo(id).unwrap().is_none());
    assert_eq!(search(&library, "sunset", vec![]).hits.len(), pictures().len() - 1);
    assert_eq!(search(&library, "", vec![]).hits.len(), pictures().len() - 1);

    let embedding = Analysis::Embedding(library.model().unwrap().fingerprint());
    assert_eq!(library.analysed(&embedding, &[id]).unwrap(), [true]);
    library.apply(vec![Change::Link { id, file: file(&path) }]).unwrap();
    assert_eq!(search(&library, "sunset", vec![]).hits.len(), pictures().len());
}

#[test]
fn embeddings_of_two_models_live_side_by_side() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let before = answers(&library);
    library.set_model(model("clip-tiny-gelu")).unwrap();
    let request = seer_engine::SearchRequest {
        query: "dog".into(),
        pictures: vec![],
        k: 5,
        offset: 0,
        ..seer_engine::SearchRequest::default()
    };
    assert_eq!(library.search(&request).unwrap_err().code(), "model_has_no_photos");
    let embedding = Analysis::Embedding(library.model().unwrap().fingerprint());
    assert_eq!(library.analysed(&embedding, &[id_of(&pictures()[0])]).unwrap(), [false]);
    fill(&library);
    assert_eq!(search(&library, "dog", vec![]).hits.len(), pictures().len());
    library.set_model(model("clip-tiny")).unwrap();
    assert_eq!(answers(&library), before);
}

#[test]
fn filters_answer_without_any_model() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    drop(library);
    let library = Library::open(temp.path(), OpenOptions::default()).unwrap();
    assert_eq!(search(&library, "ext:jpg", vec![]).hits.len(), 3);
    let request = seer_engine::SearchRequest {
        query: "dog".into(),
        pictures: vec![],
        k: 5,
        offset: 0,
        ..seer_engine::SearchRequest::default()
    };
    assert_eq!(library.search(&request).unwrap_err().code(), "no_model");
}

#[test]
fn thumbnails_are_small_upright_and_kept() {
    let temp = tempfile::tempdir().unwrap();
    let library = open(temp.path());
    fill(&library);
    let rotated = pictures().into_iter().find(|p| p.ends_with("4_exif6.jpg")).unwrap();
    let jpeg = library.thumbnail(id_of(&rotated), 64).unwrap();
    let thumbnail = seer_images::decode(&jpeg, &Default::default()).unwrap();
    assert_eq!((thumbnail.width(), thumbnail.height()), (70, 120), "upright, never enlarged");
    assert_eq!(library.thumbnail(id_of(&rotated), 64).unwrap(), jpeg);
    let missing = library.thumbnail(seer_types::PhotoId([9; 32]), 64).unwrap_err();
    assert_eq!(missing.code(), "not_found");
}
