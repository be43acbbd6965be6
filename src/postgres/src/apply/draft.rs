//! What each change means, done in memory.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use seer_store::{Analysis, Change, Part, Point, read_again};
use seer_types::{
    Embedding, Failure, LibraryPath, ModelFingerprint, PhotoFacts, PhotoFile, PhotoId, PhotoRecord,
};

use super::path::exact;
use crate::error::{PostgresError, Result};
use crate::schema::points::MOST_NUMBERS;
use crate::spaces::Space;
use crate::text;
use crate::value::FileState;

/// The longest name of an analysis in bytes.
const LONGEST_NAME: usize = 100;

/// A path's row.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct FileRow {
    /// `None`: it could not be read.
    pub(super) photo: Option<PhotoId>,
    pub(super) state: FileState,
}

/// Something before the batch and after it.
pub(super) struct Entry<T> {
    pub(super) before: Option<T>,
    pub(super) now: Option<T>,
}

impl<T: Clone + PartialEq> Entry<T> {
    pub(super) fn new(before: Option<T>) -> Self {
        Self { now: before.clone(), before }
    }

    pub(super) fn is_changed(&self) -> bool {
        self.before != self.now
    }
}

/// A photo's points in a space.
pub(super) type Points = BTreeMap<Part, Embedding>;

/// A batch in the making.
pub(super) struct Draft {
    /// By the paths' exact bytes; all that the batch speaks of are there.
    pub(super) files: BTreeMap<Vec<u8>, Entry<FileRow>>,
    /// All photos that the batch may change are there.
    pub(super) photos: BTreeMap<PhotoId, Entry<PhotoRecord>>,
    /// What takes the place of a photo's points.
    pub(super) points: BTreeMap<(ModelFingerprint, PhotoId), Points>,
    pub(super) analyses: BTreeMap<(PhotoId, String), u32>,
    pub(super) spaces: BTreeMap<ModelFingerprint, Space>,
    /// Numbers of the vectors in spaces that this batch begins.
    pub(super) new_spaces: BTreeMap<ModelFingerprint, usize>,
}

impl Draft {
    /// Adds one change.
    pub(super) fn change(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Photo { id, size, facts, file, points } => {
                self.photo(*id, *size, facts);
                self.link(*id, file)?;
                self.replace_points(*id, points)
            }
            Change::Link { id, file } => {
                self.known(*id)?;
                self.link(*id, file)
            }
            Change::Points { id, points } => {
                self.known(*id)?;
                self.replace_points(*id, points)
            }
            Change::FirstSeen { id, added } => {
                let record = self.known(*id)?;
                record.added = record.added.min(*added);
                Ok(())
            }
            Change::Told { id, told } => {
                told.put(&mut self.known(*id)?.facts);
                Ok(())
            }
            Change::Analysed { id, analysis } => {
                self.known(*id)?;
                self.note(*id, analysis)
            }
            Change::Unlink { path } => {
                self.detach(&exact(path), None);
                Ok(())
            }
            Change::Failed(failure) => {
                self.fail(failure);
                Ok(())
            }
        }
    }

    fn known(&mut self, id: PhotoId) -> Result<&mut PhotoRecord> {
        let record = self.photos.get_mut(&id).and_then(|entry| entry.now.as_mut());
        record.ok_or(PostgresError::UnknownPhoto { id })
    }

    fn photo(&mut self, id: PhotoId, size: u64, facts: &PhotoFacts) {
        let entry = self.photos.entry(id).or_insert_with(|| Entry::new(None));
        let record = entry.now.get_or_insert_with(|| {
            let facts = PhotoFacts::default();
            PhotoRecord { id, files: Vec::new(), size, facts, added: now() }
        });
        record.size = size;
        record.facts = read_again(std::mem::take(&mut record.facts), facts);
    }

    /// Makes `file` one of the photo's, and of nobody else's.
    fn link(&mut self, id: PhotoId, file: &PhotoFile) -> Result<()> {
        let path = exact(&file.path);
        self.detach(&path, Some(id));
        let mut file = file.clone();
        file.path = LibraryPath::from_bytes(&path);
        let row = FileRow { photo: Some(id), state: FileState::from(&file) };
        self.file(path).now = Some(row);
        let files = &mut self.known(id)?.files;
        match place_of(files, &file.path) {
            Ok(place) => files[place] = file,
            Err(place) => files.insert(place, file),
        }
        Ok(())
    }

    fn file(&mut self, path: Vec<u8>) -> &mut Entry<FileRow> {
        self.files.entry(path).or_insert_with(|| Entry::new(None))
    }

    /// Forgets the path: its failure, and its photo unless that is `except`.
    fn detach(&mut self, path: &[u8], except: Option<PhotoId>) {
        let Some(row) = self.files.get_mut(path).and_then(|entry| entry.now.take()) else {
            return;
        };
        let Some(owner) = row.photo.filter(|owner| Some(*owner) != except) else { return };
        let record = self.photos.get_mut(&owner).and_then(|entry| entry.now.as_mut());
        let Some(record) = record else { return };
        if let Ok(place) = place_of(&record.files, &LibraryPath::from_bytes(path)) {
            record.files.remove(place);
        }
    }

    fn fail(&mut self, failure: &Failure) {
        let path = exact(&failure.path);
        self.detach(&path, None);
        self.file(path).now = Some(FileRow { photo: None, state: FileState::from(failure) });
    }

    fn note(&mut self, id: PhotoId, analysis: &Analysis) -> Result<()> {
        // Points are their own note.
        let Analysis::Named { name, version } = analysis else { return Ok(()) };
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(PostgresError::AnalysisName { length: name.len() });
        }
        self.analyses.insert((id, text::escaped(name)), *version);
        Ok(())
    }

    fn replace_points(&mut self, id: PhotoId, points: &[Point]) -> Result<()> {
        let mut of_models: BTreeMap<ModelFingerprint, Points> = BTreeMap::new();
        for Point { part, embedding } in points {
            self.check_length(embedding)?;
            let of_model = of_models.entry(embedding.model()).or_default();
            of_model.insert(*part, embedding.clone());
        }
        for (model, points) in of_models {
            self.points.insert((model, id), points);
        }
        Ok(())
    }

    fn check_length(&mut self, embedding: &Embedding) -> Result<()> {
        let (model, found) = (embedding.model(), embedding.dim());
        if found > MOST_NUMBERS {
            return Err(PostgresError::ImpossibleLength { found });
        }
        let known = self.spaces.get(&model).map(|space| space.dim);
        let expected = known.unwrap_or_else(|| *self.new_spaces.entry(model).or_insert(found));
        if expected == found {
            return Ok(());
        }
        Err(PostgresError::WrongLength { model, found, expected })
    }
}

fn place_of(files: &[PhotoFile], path: &LibraryPath) -> std::result::Result<usize, usize> {
    let key = path.to_bytes();
    files.binary_search_by(|file| file.path.to_bytes().cmp(&key))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
