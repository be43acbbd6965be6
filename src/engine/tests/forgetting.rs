//! What is forgotten leaves the library's folder: no bytes of it stay in any file.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{id_of, model, open, pictures, taken_in};
use seer_engine::{Change, Library, OpenOptions, Point};
use seer_types::{Coordinates, LibraryPath, PhotoId};

const SECRET: &str = "zanzibar-secret-harbour";
const LATITUDE: f64 = -6.165_917_123_456;

/// A library with all fixture pictures, one of them under a name, with a caption and a position
/// that occur nowhere else, and with an embedding of a second model.
struct Desk {
    temp: tempfile::TempDir,
    secret: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { temp: tempfile::tempdir().unwrap(), secret: PathBuf::new() };
        let photos = desk.photos();
        fs::create_dir_all(photos.join("inner")).unwrap();
        let library = open(&desk.library());
        library.choose_model("clip-tiny").unwrap();
        library.add_root(&LibraryPath::new(&photos)).unwrap();
        let mut changes = Vec::new();
        for picture in pictures() {
            let copy = photos.join(picture.file_name().unwrap());
            fs::copy(&picture, &copy).unwrap();
            changes.push(taken_in(&library, &copy));
        }
        let secret = photos.join(format!("{SECRET}.png"));
        fs::rename(photos.join("3_gray.png"), &secret).unwrap();
        let renamed = LibraryPath::new(photos.join("3_gray.png"));
        for change in &mut changes {
            if let Change::Photo { file, facts, .. } = change
                && file.path == renamed
            {
                file.path = LibraryPath::new(&secret);
                facts.caption = Some(format!("caption of {SECRET}"));
                facts.position = Some(Coordinates { latitude: LATITUDE, longitude: 39.2 });
            }
        }
        library.apply(changes).unwrap();
        library.save_indexes(&mut |_, _| true).unwrap();
        library.thumbnail(id_of(&secret), 256).unwrap();
        library.set_model(model("clip-tiny-gelu")).unwrap();
        let other = library.model().unwrap();
        let bytes = fs::read(&secret).unwrap();
        let photo = seer_images::decode(&bytes, &seer_images::Limits::default()).unwrap();
        let embedding = other.encode_images(&[photo.prepare(other.spec())]).unwrap().remove(0);
        library
            .apply(vec![Change::Points {
                id: id_of(&secret),
                points: vec![Point::whole(embedding)],
            }])
            .unwrap();
        library.save_indexes(&mut |_, _| true).unwrap();
        drop(library);
        Self { secret, ..desk }
    }

    fn photos(&self) -> PathBuf {
        self.temp.path().canonicalize().unwrap().join("photos")
    }

    fn library(&self) -> PathBuf {
        self.temp.path().join("library")
    }

    /// In which files of the library there are traces of the photo: its name, its caption, its
    /// position, its id, its embeddings (half and single precision), its thumbnail.
    fn traces(&self, embeddings: &[Vec<u8>], id: PhotoId) -> Vec<String> {
        let mut needles = vec![
            SECRET.as_bytes().to_vec(),
            b"zanzibar".to_vec(),
            LATITUDE.to_le_bytes().to_vec(),
            id.0.to_vec(),
        ];
        needles.extend_from_slice(embeddings);
        let mut found = Vec::new();
        for file in files_below(&self.library()) {
            let bytes = fs::read(&file).unwrap();
            let named = file.to_string_lossy().contains(&id.to_string());
            let holds = |needle: &Vec<u8>| memchr(&bytes, needle);
            if named || needles.iter().any(holds) {
                found.push(file.strip_prefix(self.library()).unwrap().display().to_string());
            }
        }
        found
    }

    /// The first numbers of the photo's embeddings as they lie in snapshots and in the catalog.
    fn embeddings(&self, id: PhotoId) -> Vec<Vec<u8>> {
        let library = Library::open(&self.library(), OpenOptions::default()).unwrap();
        let mut bytes = Vec::new();
        for space in library.store().spaces().unwrap() {
            let point = library.store().points(space.model, id).unwrap().remove(0);
            let numbers = seer_store::half_precision(&point.embedding);
            bytes.push(numbers[..6].iter().flat_map(|v| v.to_le_bytes()).collect());
        }
        assert_eq!(bytes.len(), 2, "of both models");
        bytes
    }
}

fn memchr(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn kinds(traces: &[String]) -> Vec<&str> {
    let mut kinds: Vec<&str> = traces.iter().map(|file| file.split('/').next().unwrap()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

#[test]
fn a_purged_photo_leaves_no_trace_on_the_disk() {
    let desk = Desk::new();
    let id = id_of(&desk.secret);
    let embeddings = desk.embeddings(id);
    let before = desk.traces(&embeddings, id);
    assert_eq!(kinds(&before), ["catalog", "keywords", "thumbnails", "vectors"], "{before:?}");

    // As a run does that finds the file gone.
    let library = open(&desk.library());
    library.apply(vec![Change::Unlink { path: LibraryPath::new(&desk.secret) }]).unwrap();
    assert_eq!(library.purge().unwrap(), 1);
    drop(library);
    assert_eq!(desk.traces(&embeddings, id), [""; 0]);

    let library = open(&desk.library());
    assert_eq!(library.status().unwrap().photos, 10);
    assert_eq!(library.status().unwrap().index.unwrap().embedded, 10);
    assert_eq!(library.purge().unwrap(), 0, "once is enough");
}

#[test]
fn a_forgotten_folder_leaves_no_trace_and_the_root_list() {
    let desk = Desk::new();
    let id = id_of(&desk.secret);
    let embeddings = desk.embeddings(id);
    let library = open(&desk.library());
    let forgotten = library.forget(&LibraryPath::new(desk.photos())).unwrap();
    assert_eq!((forgotten.files, forgotten.photos, forgotten.was_root), (11, 11, true));
    assert!(library.roots().unwrap().is_empty());
    assert!(library.forget(&LibraryPath::new(desk.photos())).unwrap().is_nothing());
    drop(library);
    assert_eq!(desk.traces(&embeddings, id), [""; 0]);
}

#[test]
fn a_copy_elsewhere_keeps_the_photo_but_not_the_forgotten_name() {
    let desk = Desk::new();
    let elsewhere = desk.temp.path().canonicalize().unwrap().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::copy(&desk.secret, elsewhere.join("a.png")).unwrap();
    let library = open(&desk.library());
    library.apply(vec![taken_in(&library, &elsewhere.join("a.png"))]).unwrap();
    let forgotten = library.forget(&LibraryPath::new(desk.photos())).unwrap();
    assert_eq!((forgotten.files, forgotten.photos), (11, 10));
    assert_eq!(library.status().unwrap().photos, 1);
    drop(library);
    let traces: Vec<PathBuf> = files_below(&desk.library());
    for file in traces {
        assert!(!memchr(&fs::read(&file).unwrap(), SECRET.as_bytes()), "{}", file.display());
    }
}

#[test]
fn nested_roots_are_kept_apart() {
    let desk = Desk::new();
    let inner = desk.photos().join("inner");
    let library = open(&desk.library());
    fs::copy(&desk.secret, inner.join("b.png")).unwrap();
    fs::write(inner.join("c.ppm"), b"P6 1 1 255 \0\0\0").unwrap();
    library.add_root(&LibraryPath::new(&inner)).unwrap();
    for name in ["b.png", "c.ppm"] {
        library.apply(vec![taken_in(&library, &inner.join(name))]).unwrap();
    }
    let known = |library: &Library, place: &Path| {
        library.files_under(&LibraryPath::new(place)).unwrap().len()
    };
    let forgotten = library.forget(&LibraryPath::new(inner.join("c.ppm"))).unwrap();
    assert_eq!(forgotten.inside, Some(LibraryPath::new(&inner)), "the innermost");
    let outer = library.forget(&LibraryPath::new(desk.photos())).unwrap();
    assert_eq!((outer.files, outer.kept), (11, vec![LibraryPath::new(&inner)]));
    assert_eq!(library.roots().unwrap(), [LibraryPath::new(&inner)]);
    assert_eq!(known(&library, &desk.photos()), 1, "what the inner root holds");

    let desk = Desk::new();
    let inner = desk.photos().join("inner");
    let library = open(&desk.library());
    fs::copy(&desk.secret, inner.join("b.png")).unwrap();
    library.add_root(&LibraryPath::new(&inner)).unwrap();
    library.apply(vec![taken_in(&library, &inner.join("b.png"))]).unwrap();
    let forgotten = library.forget(&LibraryPath::new(&inner)).unwrap();
    assert_eq!((forgotten.files, forgotten.photos), (1, 0));
    assert_eq!(library.roots().unwrap(), [LibraryPath::new(desk.photos())]);
    assert_eq!(known(&library, &desk.photos()), 11, "what the outer root holds");
}

#[test]
fn what_was_stopped_half_way_is_finished_at_the_next_opening() {
    let desk = Desk::new();
    let id = id_of(&desk.secret);
    let embeddings = desk.embeddings(id);
    let library = open(&desk.library());
    library.apply(vec![Change::Unlink { path: LibraryPath::new(&desk.secret) }]).unwrap();
    drop(library);
    // The mark is what a purge writes first.
    fs::write(desk.library().join("forgetting"), b"").unwrap();
    drop(open(&desk.library()));
    assert_eq!(desk.traces(&embeddings, id), [""; 0]);
    assert!(!desk.library().join("forgetting").exists());
}
