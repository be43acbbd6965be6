//! What each change means.

use std::time::{SystemTime, UNIX_EPOCH};

use seer_types::{
    Embedding, Failure, LibraryPath, PhotoFacts, PhotoFile, PhotoId, PhotoRecord, RowId,
};

use crate::draft::Draft;
use crate::error::{CatalogError, Result};
use crate::keys::{self, Table};
use crate::value::{StoredFailure, StoredFile};
use seer_store::Change;

impl Draft<'_> {
    /// Adds one change to the batch.
    pub(crate) fn change(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Photo { id, size, facts, file, embedding } => {
                let row = self.photo(*id, *size, facts, file)?;
                embedding.as_ref().map_or(Ok(()), |e| self.put_embedding(*id, row, e))
            }
            Change::Link { id, file } => {
                let record = self.known_record(*id)?;
                self.link(record, file)
            }
            Change::Embedding { id, embedding } => {
                let row = self.known_record(*id)?.row;
                self.put_embedding(*id, row, embedding)
            }
            Change::Unlink { path } => self.unlink(path),
            Change::Failed(failure) => self.fail(failure),
        }
    }

    fn known_record(&self, id: PhotoId) -> Result<PhotoRecord> {
        self.record(id)?.ok_or(CatalogError::UnknownPhoto { id })
    }

    fn photo(
        &mut self,
        id: PhotoId,
        size: u64,
        facts: &PhotoFacts,
        file: &PhotoFile,
    ) -> Result<RowId> {
        let mut record = match self.record(id)? {
            Some(record) => record,
            None => {
                let row = self.new_row(id)?;
                let facts = PhotoFacts::default();
                PhotoRecord { id, row, files: Vec::new(), size, facts, added: now() }
            }
        };
        record.size = size;
        let seen = std::mem::take(&mut record.facts.classes);
        record.facts = facts.clone();
        if record.facts.classes.is_empty() {
            record.facts.classes = seen;
        }
        let row = record.row;
        self.link(record, file)?;
        Ok(row)
    }

    /// Makes `file` one of the record's, and of nobody else's.
    pub(crate) fn link(&mut self, mut record: PhotoRecord, file: &PhotoFile) -> Result<()> {
        self.detach(&file.path, Some(record.id))?;
        self.forget_failure(&file.path)?;
        let mut file = file.clone();
        file.path = LibraryPath::from_bytes(&keys::exact(&file.path));
        let value = StoredFile::encode(record.id, &file.root, file.stamp);
        let value = value.map_err(|e| self.store.damaged(e))?;
        self.put(Table::Files, &file.path.to_bytes(), value);
        match place_of(&record.files, &file.path) {
            Ok(place) => record.files[place] = file,
            Err(place) => record.files.insert(place, file),
        }
        self.put_record(&record)
    }

    /// Takes the path from the photo it belongs to, unless that is `except`.
    fn detach(&mut self, path: &LibraryPath, except: Option<PhotoId>) -> Result<()> {
        let key = keys::exact(path);
        let Some(bytes) = self.get(Table::Files, &key)? else { return Ok(()) };
        let known = StoredFile::decode(&bytes).map_err(|e| self.store.damaged(e))?;
        if Some(known.id) == except {
            return Ok(());
        }
        self.remove(Table::Files, &key);
        let Some(mut record) = self.record(known.id)? else { return Ok(()) };
        if let Ok(place) = place_of(&record.files, &LibraryPath::from_bytes(&key)) {
            record.files.remove(place);
        }
        self.put_record(&record)
    }

    fn unlink(&mut self, path: &LibraryPath) -> Result<()> {
        self.forget_failure(path)?;
        self.detach(path, None)
    }

    fn fail(&mut self, failure: &Failure) -> Result<()> {
        self.detach(&failure.path, None)?;
        let key = keys::exact(&failure.path);
        if self.get(Table::Failures, &key)?.is_none() {
            self.state.failures += 1;
        }
        let value = StoredFailure::encode(failure).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Failures, &key, value);
        Ok(())
    }

    fn forget_failure(&mut self, path: &LibraryPath) -> Result<()> {
        let key = keys::exact(path);
        if self.get(Table::Failures, &key)?.is_some() {
            self.state.failures = self.state.failures.saturating_sub(1);
            self.remove(Table::Failures, &key);
        }
        Ok(())
    }

    fn put_embedding(&mut self, id: PhotoId, row: RowId, embedding: &Embedding) -> Result<()> {
        self.check_dimension(id, embedding)?;
        let key = keys::embedding(embedding.model(), id);
        let value = crate::embedding_store::encode(row, embedding);
        let value = value.map_err(|e| self.store.damaged(e))?;
        let before = self.get(Table::Embeddings, &key)?;
        if before.as_deref() == Some(value.as_slice()) {
            return Ok(());
        }
        if before.is_none() {
            *self.state.embedded_mut(embedding.model()) += 1;
        }
        self.put(Table::Embeddings, &key, value);
        self.touch(row);
        Ok(())
    }

    fn check_dimension(&self, id: PhotoId, embedding: &Embedding) -> Result<()> {
        match self.model_dim(embedding.model())? {
            Some(expected) if expected != embedding.dim() => {
                Err(CatalogError::WrongDimension { id, found: embedding.dim(), expected })
            }
            _ => Ok(()),
        }
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
