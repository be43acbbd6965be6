//! A folder of small real pictures and a real library with a tiny random CLIP.

#![allow(dead_code)] // each test file uses its part

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use seer_encoders::{DeviceChoice, Model};
use seer_engine::{Library, OpenOptions};
use seer_indexer::{Cancel, IndexError, IndexOptions, run};
use seer_types::{IndexEvent, IndexSummary, LibraryPath, PhotoRecord};

/// Photos in `photos/`, the library in `library/`, both in a folder that goes with this value.
pub struct Desk {
    _dir: tempfile::TempDir,
    pub base: PathBuf,
    pub photos: PathBuf,
    pub library: Library,
}

pub fn model() -> Arc<Model> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/clip-tiny");
    Arc::new(Model::load(&folder, DeviceChoice::Cpu).unwrap())
}

fn open(base: &Path) -> Library {
    let options = OpenOptions { model: Some(model()), ..OpenOptions::default() };
    Library::open(&base.join("library"), options).unwrap()
}

impl Desk {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        let photos = base.join("photos");
        fs::create_dir(&photos).unwrap();
        let library = open(&base);
        Self { _dir: dir, base, photos, library }
    }

    /// As after a restart of the program.
    pub fn reopened(self) -> Self {
        let Self { _dir, base, photos, library } = self;
        drop(library);
        let library = open(&base);
        Self { _dir, base, photos, library }
    }

    /// With pictures `0.png`, `1.png`, … each of its own content.
    pub fn with(count: u32) -> Self {
        let desk = Self::new();
        (0..count).for_each(|n| desk.picture(&format!("{n}.png"), n));
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.photos.join(name)
    }

    /// A small picture; the same number gives the same bytes.
    pub fn picture(&self, name: &str, number: u32) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        picture(&path, number);
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    pub fn delete(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    pub fn index(&self) -> IndexSummary {
        self.index_with(&IndexOptions::default())
    }

    pub fn index_with(&self, options: &IndexOptions) -> IndexSummary {
        self.run(self.all(), options).0.unwrap()
    }

    /// The photo folder, as a run takes it.
    pub fn all(&self) -> &[PathBuf] {
        std::slice::from_ref(&self.photos)
    }

    /// The outcome and all events.
    pub fn run(
        &self,
        folders: &[PathBuf],
        options: &IndexOptions,
    ) -> (Result<IndexSummary, IndexError>, Vec<IndexEvent>) {
        let events = Mutex::new(Vec::new());
        let listen = |event| events.lock().unwrap().push(event);
        let result = run(
            &self.library,
            &self.library.model().unwrap(),
            folders,
            options,
            &Cancel::new(),
            &listen,
        );
        (result, events.into_inner().unwrap())
    }

    /// Names below `photos/` that the library knows as photos, sorted.
    pub fn known(&self) -> Vec<String> {
        let below = |path: &LibraryPath| {
            path.as_path().strip_prefix(&self.photos).unwrap().to_string_lossy().into_owned()
        };
        let files = self.library.files_under(&LibraryPath::new(&self.photos)).unwrap();
        let is_photo =
            |file: &seer_engine::KnownFile| matches!(file.state, seer_engine::KnownState::Photo(_));
        files.iter().filter(|f| is_photo(f)).map(|f| below(&f.path)).collect()
    }

    /// The photo a file is known as.
    pub fn record(&self, name: &str) -> PhotoRecord {
        let bytes = fs::read(self.path(name)).unwrap();
        let id = seer_types::PhotoId(*blake3::hash(&bytes).as_bytes());
        self.library.photo(id).unwrap().unwrap()
    }

    pub fn failures(&self) -> Vec<seer_types::Failure> {
        self.library.failures().unwrap()
    }
}

pub fn picture(path: &Path, number: u32) {
    let image = image::RgbImage::from_fn(24, 16, |x, y| {
        let [a, b, ..] = number.wrapping_mul(2_654_435_761).to_le_bytes();
        image::Rgb([a ^ (x * 9) as u8, b ^ (y * 13) as u8, (number % 251) as u8])
    });
    image.save(path).unwrap();
}

pub fn notices(events: &[IndexEvent]) -> Vec<&str> {
    fn message(event: &IndexEvent) -> Option<&str> {
        match event {
            IndexEvent::Notice { message } => Some(message),
            _ => None,
        }
    }
    events.iter().filter_map(message).collect()
}
