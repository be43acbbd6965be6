//! The spaces of a library: one for each model that photos are encoded with, and beside it one in
//! which pictures are compared with pictures, where the model has such a space. That one is known by
//! its name, follows the model's own, and is in no list.

use std::sync::Arc;

use seer_encoders::{LikenessSpace, Model};
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
        let (photos, current) = (self.store.photo_count()?, self.store.current_space()?);
        let all = self.store.spaces()?;
        let status = |space: SpaceEntry| {
            let likeness = likeness_of(&all, space.model);
            let likeness = likeness.map_or(Ok(0), |space| self.store.bytes_of(space.model))?;
            Ok(SpaceStatus {
                bytes: self.store.bytes_of(space.model)? + likeness,
                fingerprint: space.model.to_string(),
                dim: space.dim,
                encoded: space.photos.min(photos),
                lacking: photos.saturating_sub(space.photos),
                index: space.index,
                in_use: current == Some(space.model),
                name: space.name,
            })
        };
        all.iter().filter(|space| !is_likeness(space)).cloned().map(status).collect()
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
        self.add_spaces(model, name)?;
        self.open_spaces(model)
    }

    /// Remembers the spaces of a model, under the name it can be loaded by.
    pub(crate) fn add_spaces(&self, model: &Model, name: &str) -> Result<(), EngineError> {
        self.store.add_space(model.fingerprint(), name, model.dim())?;
        if let Some(LikenessSpace { fingerprint, dim }) = model.likeness_space() {
            self.store.add_space(fingerprint, &likeness_name(model.fingerprint()), dim)?;
        }
        Ok(())
    }

    /// Makes the spaces of a model ready to be filled.
    pub(crate) fn open_spaces(&self, model: &Model) -> Result<(), EngineError> {
        self.store.open_space(model.fingerprint())?;
        match model.likeness_space() {
            Some(space) => Ok(self.store.open_space(space.fingerprint)?),
            None => Ok(()),
        }
    }

    /// The space in which a model compares pictures with pictures, once all photos that it has
    /// encoded are there too.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn likeness_space(
        &self,
        model: &Model,
    ) -> Result<Option<ModelFingerprint>, EngineError> {
        let Some(space) = model.likeness_space() else { return Ok(None) };
        let searchable = |space| Ok::<_, EngineError>(self.store.report(space)?.searchable);
        let (own, all) = (searchable(space.fingerprint)?, searchable(model.fingerprint())?);
        Ok((own >= all).then_some(space.fingerprint))
    }

    /// The space that a person means: by the name of its model, or by at least 4 hex digits that its
    /// fingerprint begins with.
    ///
    /// # Errors
    /// `NoSpace` with the spaces there are, where none or several fit.
    pub fn find_space(&self, meant: &str) -> Result<SpaceEntry, EngineError> {
        let mut spaces = self.store.spaces()?;
        spaces.retain(|space| !is_likeness(space));
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
        if let Some(likeness) = likeness_of(&self.store.spaces()?, space.model) {
            self.store.delete_space(likeness.model)?;
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

/// What the name of every space of pictures alone begins with; no model can be loaded by such a name.
const LIKENESS: &str = "pictures of ";

fn likeness_name(model: ModelFingerprint) -> String {
    format!("{LIKENESS}{model}")
}

fn is_likeness(space: &SpaceEntry) -> bool {
    space.name.starts_with(LIKENESS)
}

/// The space beside a model's own.
fn likeness_of(spaces: &[SpaceEntry], model: ModelFingerprint) -> Option<&SpaceEntry> {
    let name = likeness_name(model);
    spaces.iter().find(|space| space.name == name)
}

/// What a person calls a space by.
fn told(space: &SpaceEntry) -> String {
    match space.name.is_empty() {
        true => space.model.to_string(),
        false => format!("{} ({})", space.name, space.model.short()),
    }
}
