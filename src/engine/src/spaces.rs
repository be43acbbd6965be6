//! The spaces of a library: one for each model that photos are encoded with.

use std::sync::Arc;

use seer_encoders::Model;
use seer_store::SpaceEntry;
use seer_types::{IndexKind, ModelFingerprint};
use serde::{Deserialize, Serialize};

use crate::{EngineError, Library};

/// A space in numbers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SpaceStatus {
    /// The name its model is loaded by; empty where nobody named it.
    pub name: String,
    /// The model's fingerprint in 32 hex digits.
    pub fingerprint: String,
    /// Numbers per embedding; 0 where nobody said.
    pub dim: usize,
    /// Photos that are encoded.
    pub encoded: u64,
    /// Photos that can be found and are not encoded yet.
    pub lacking: u64,
    /// About how many bytes its embeddings and its index take.
    pub bytes: u64,
    /// How its vectors are indexed.
    pub index: IndexKind,
    /// Whether queries are answered in it.
    pub in_use: bool,
}

impl Library {
    /// The spaces, by model.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn space_list(&self) -> Result<Vec<SpaceStatus>, EngineError> {
        let (photos, current) = (self.store.counts()?.photos, self.store.current_space()?);
        let status = |space: SpaceEntry| {
            Ok(SpaceStatus {
                bytes: self.store.bytes_of(space.model)?,
                fingerprint: space.model.to_string(),
                dim: space.dim,
                encoded: space.photos.min(photos),
                lacking: photos.saturating_sub(space.photos),
                index: space.index,
                in_use: current == Some(space.model),
                name: space.name,
            })
        };
        self.store.spaces()?.into_iter().map(status).collect()
    }

    /// Whether queries have nothing to be answered with yet, so that the first model that photos are
    /// encoded with becomes the one in use.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_no_space_in_use(&self) -> Result<bool, EngineError> {
        let Some(current) = self.store.current_space()? else { return Ok(true) };
        let space = self.store.spaces()?.into_iter().find(|space| space.model == current);
        Ok(space.is_none_or(|space| space.photos == 0))
    }

    /// Remembers a model that photos are to be encoded with, beside the one in use, under the name
    /// it can be loaded by.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn add_model(&self, model: &Arc<Model>, name: &str) -> Result<(), EngineError> {
        self.store.add_space(model.fingerprint(), name, model.dim())?;
        Ok(self.store.open_space(model.fingerprint())?)
    }

    /// The space that a person means: by the name of its model, or by at least 4 hex digits that its
    /// fingerprint begins with.
    ///
    /// # Errors
    /// `NoSpace` with the spaces there are, where none or several fit.
    pub fn find_space(&self, meant: &str) -> Result<SpaceEntry, EngineError> {
        let spaces = self.store.spaces()?;
        let is_start = |space: &SpaceEntry| {
            meant.len() >= 4 && space.model.to_string().starts_with(&meant.to_ascii_lowercase())
        };
        let mut named: Vec<&SpaceEntry> = spaces.iter().filter(|s| s.name == meant).collect();
        if named.is_empty() {
            named = spaces.iter().filter(|space| is_start(space)).collect();
        }
        match named.as_slice() {
            [space] => Ok((*space).clone()),
            _ => {
                let known = spaces.iter().map(told).collect();
                Err(EngineError::NoSpace { meant: meant.to_owned(), several: named.len(), known })
            }
        }
    }

    /// Answers queries in another space from now on; the model is loaded by whoever asks next.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn use_space(&self, model: ModelFingerprint) -> Result<(), EngineError> {
        Ok(self.store.use_space(model)?)
    }

    /// Forgets all that photos were encoded with a model; the photos stay.
    ///
    /// # Errors
    /// `SpaceInUse` for the one that queries are answered in; when the store cannot be written.
    pub fn forget_space(&self, space: &SpaceEntry) -> Result<(), EngineError> {
        if self.store.current_space()? == Some(space.model) {
            return Err(EngineError::SpaceInUse { name: told(space) });
        }
        Ok(self.store.delete_space(space.model)?)
    }

    /// Has the vectors of a model's space indexed in this way from now on. The next
    /// [`Library::save_indexes`] makes what that needs.
    ///
    /// # Errors
    /// When the store cannot be written, or does not know the space.
    pub fn set_index(&self, model: ModelFingerprint, kind: IndexKind) -> Result<(), EngineError> {
        Ok(self.store.set_index(model, kind)?)
    }
}

/// What a person calls a space by.
fn told(space: &SpaceEntry) -> String {
    match space.name.is_empty() {
        true => space.model.to_string(),
        false => format!("{} ({})", space.name, space.model.short()),
    }
}
