//! What each change means.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use seer_store::{Analysis, Change, Part, Point, StoreResult, read_again};
use seer_types::{
    Embedding, Failure, LibraryPath, ModelFingerprint, PhotoFacts, PhotoFile, PhotoId, PhotoRecord,
};

use super::library::{Library, Photo, key};
use super::{as_stored, refused};

impl Library {
    pub(super) fn apply(&mut self, change: &Change) -> StoreResult<()> {
        match change {
            Change::Photo { id, size, facts, file, points } => {
                self.photo(*id, *size, facts, file)?;
                self.put_points(*id, points)
            }
            Change::Link { id, file } => self.link(*id, file),
            Change::Points { id, points } => {
                self.check_known(*id)?;
                self.put_points(*id, points)
            }
            Change::FirstSeen { id, added } => {
                self.check_known(*id)?;
                self.edit(*id, |record| record.added = record.added.min(*added));
                Ok(())
            }
            Change::Told { id, told } => {
                self.check_known(*id)?;
                self.edit(*id, |record| told.put(&mut record.facts));
                Ok(())
            }
            Change::Analysed { id, analysis } => self.analysed(*id, analysis),
            Change::Unlink { path } => {
                self.leave(path);
                Ok(())
            }
            Change::Failed(failure) => {
                self.fail(failure);
                Ok(())
            }
        }
    }

    fn check_known(&self, id: PhotoId) -> StoreResult<()> {
        match self.photos.get(&id) {
            Some(_) => Ok(()),
            None => refused(&format!("photo {id} is not in the library")),
        }
    }

    fn edit(&mut self, id: PhotoId, edit: impl FnOnce(&mut PhotoRecord)) {
        if let Some(photo) = self.photos.get_mut(&id) {
            edit(Arc::make_mut(photo).record_mut());
        }
    }

    fn photo(
        &mut self,
        id: PhotoId,
        size: u64,
        facts: &PhotoFacts,
        file: &PhotoFile,
    ) -> StoreResult<()> {
        self.photos.entry(id).or_insert_with(|| Photo::new(id, now()));
        self.edit(id, |record| {
            record.size = size;
            record.facts = read_again(std::mem::take(&mut record.facts), facts);
        });
        self.link(id, file)
    }

    /// Makes the file this photo's and nobody else's.
    fn link(&mut self, id: PhotoId, file: &PhotoFile) -> StoreResult<()> {
        self.check_known(id)?;
        self.leave(&file.path);
        let key = key(&file.path);
        let file = PhotoFile { path: LibraryPath::from_bytes(&key), ..file.clone() };
        self.edit(id, |record| {
            let place = record.files.partition_point(|other| other.path.to_bytes() < key);
            record.files.insert(place, file);
        });
        Ok(())
    }

    /// Takes the path from whatever it belongs to.
    fn leave(&mut self, path: &LibraryPath) {
        let gone = key(path);
        self.failures.remove(&gone);
        let is_gone = |file: &PhotoFile| file.path.to_bytes() == gone;
        let holds = |photo: &&Arc<Photo>| photo.record().files.iter().any(is_gone);
        let owner = self.photos.values().find(holds).map(|photo| photo.record().id);
        if let Some(owner) = owner {
            self.edit(owner, |record| record.files.retain(|file| !is_gone(file)));
        }
    }

    fn fail(&mut self, failure: &Failure) {
        self.leave(&failure.path);
        let key = key(&failure.path);
        let failure = Failure { path: LibraryPath::from_bytes(&key), ..failure.clone() };
        self.failures.insert(key, failure);
    }

    fn analysed(&mut self, id: PhotoId, analysis: &Analysis) -> StoreResult<()> {
        self.check_known(id)?;
        let Analysis::Named { name, version } = analysis else { return Ok(()) };
        if !(1..=100).contains(&name.len()) {
            return refused("the name of an analysis has 1 to 100 bytes");
        }
        self.analyses.insert((id, name.clone()), *version);
        Ok(())
    }

    fn put_points(&mut self, id: PhotoId, points: &[Point]) -> StoreResult<()> {
        let mut spaces: BTreeMap<ModelFingerprint, BTreeMap<Part, Embedding>> = BTreeMap::new();
        for Point { part, embedding } in points {
            let space = spaces.entry(embedding.model()).or_default();
            let length = space.values().next().map(Embedding::dim);
            let length = self.dim(embedding.model()).or(length);
            if length.is_some_and(|length| length != embedding.dim()) {
                return refused("a point is of another length than its space");
            }
            space.insert(*part, as_stored(embedding));
        }
        for (model, points) in spaces {
            self.points.entry(model).or_default().insert(id, points);
        }
        Ok(())
    }

    /// Drops the photos without a file; says how many there were.
    pub(super) fn purge(&mut self) -> u64 {
        let before = self.photos.len();
        self.photos.retain(|_, photo| !photo.record().files.is_empty());
        let photos = &self.photos;
        self.analyses.retain(|(id, _), _| photos.contains_key(id));
        for points in self.points.values_mut() {
            points.retain(|id, _| photos.contains_key(id));
        }
        self.points.retain(|_, points| !points.is_empty());
        (before - photos.len()) as u64
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
