//! Looking up single photos.

use std::path::{Path, PathBuf};

use seer_types::{Failure, PhotoId, PhotoRecord};

use crate::{EngineError, Library};

/// Whether a file of this name is a picture, by its extension. Reads nothing.
pub fn is_picture_name(path: &Path) -> bool {
    seer_images::file_kind(path) == seer_images::FileKind::Picture
}

impl Library {
    /// The record of a photo; `None` when it is unknown or all its files are gone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn photo(&self, id: PhotoId) -> Result<Option<PhotoRecord>, EngineError> {
        let record = self.store.photos(&[id])?.pop().flatten();
        Ok(record.filter(|record| !record.files.is_empty()))
    }

    /// The photo whose id is, or starts with, `id` (at least 4 hex digits).
    ///
    /// # Errors
    /// `NotFound`, `Ambiguous` when several fit.
    pub fn find(&self, id: &str) -> Result<PhotoRecord, EngineError> {
        let not_found = || EngineError::NotFound(id.chars().take(80).collect());
        let hex = id.to_ascii_lowercase();
        if !(4..=64).contains(&hex.len()) || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(not_found());
        }
        let candidates = self.store.resolve_prefix(&hex)?;
        let records = self.store.photos(&candidates)?.into_iter().flatten();
        let mut found: Vec<PhotoRecord> =
            records.filter(|record| !record.files.is_empty()).collect();
        match found.len() {
            0 => Err(not_found()),
            1 => Ok(found.remove(0)),
            count => Err(EngineError::Ambiguous { prefix: hex, count }),
        }
    }

    /// A file of the photo that exists now.
    ///
    /// # Errors
    /// `NotFound`, `FileGone` when none of its files is there with the size it was read with.
    pub fn original(&self, id: PhotoId) -> Result<PathBuf, EngineError> {
        let record = self.photo(id)?.ok_or_else(|| EngineError::NotFound(id.to_string()))?;
        let record = self.record_here(record);
        let there = record.files.iter().find(|file| {
            let found = std::fs::metadata(file.path.as_path());
            found.is_ok_and(|meta| meta.is_file() && meta.len() == file.stamp.size)
        });
        match (there, record.files.first()) {
            (Some(file), _) => Ok(file.path.as_path().to_path_buf()),
            (None, Some(file)) => Err(EngineError::FileGone(file.path.as_path().to_path_buf())),
            (None, None) => Err(EngineError::NotFound(id.to_string())),
        }
    }

    /// Files that could not be indexed, with reasons, sorted by path.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn failures(&self) -> Result<Vec<Failure>, EngineError> {
        Ok(self.store.failures()?)
    }
}
