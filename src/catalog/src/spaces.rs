//! The spaces of a library: the models whose points it holds.

use seer_store::SpaceEntry;
use seer_types::{IndexKind, ModelFingerprint, PhotoId};
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::draft::Draft;
use crate::error::{CatalogError, Result};
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::value::{BadValue, V1, V2, decode, decode_as, encode_as};

/// Photos whose points go in one batch when a space is deleted.
const BATCH: usize = 1024;

#[derive(Serialize, Deserialize)]
struct ModelV1 {
    name: String,
    dim: u32,
}

/// In postcard the fields of the first version, then the new one.
#[derive(Serialize, Deserialize)]
struct ModelV2 {
    first: ModelV1,
    /// The place in this list of [`IndexKind::ALL`].
    index: u8,
}

impl Catalog {
    /// The spaces that were added here or that have points, by model.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn spaces(&self) -> Result<Vec<SpaceEntry>> {
        let store = self.store()?;
        let state = self.state();
        let mut entries: Vec<SpaceEntry> = store
            .scan(Table::Models, &[])
            .map(|entry| entry.and_then(|(key, value)| space(&store, &key, &value)))
            .collect::<Result<_>>()?;
        for (bytes, photos) in &state.embedded {
            let model = ModelFingerprint(*bytes);
            if *photos > 0 && !entries.iter().any(|entry| entry.model == model) {
                let (name, index) = (String::new(), IndexKind::Auto);
                entries.push(SpaceEntry { model, name, dim: 0, photos: 0, index });
            }
        }
        entries.sort_by_key(|entry| entry.model);
        for entry in &mut entries {
            entry.photos = state.embedded(entry.model);
        }
        Ok(entries)
    }

    /// A space that was added here or that has points.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn space(&self, model: ModelFingerprint) -> Result<Option<SpaceEntry>> {
        Ok(self.spaces()?.into_iter().find(|entry| entry.model == model))
    }

    /// How many numbers the embeddings of a space have: as it was told, else those of one it has;
    /// `None` when there is none.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn length_of(&self, model: ModelFingerprint) -> Result<Option<usize>> {
        let told = self.space(model)?.map(|entry| entry.dim).filter(|dim| *dim > 0);
        if told.is_some() {
            return Ok(told);
        }
        let Some(id) = self.some_of(model)?.first().copied() else { return Ok(None) };
        Ok(self.points(model, id)?.first().map(|stored| stored.point.embedding.dim()))
    }

    /// The model of the space in use, once one was chosen.
    pub fn current_space(&self) -> Option<ModelFingerprint> {
        self.state().current_model.map(ModelFingerprint)
    }

    /// Remembers a space; one that is known gets the new name and keeps its kind of index. From now
    /// on embeddings of another length are refused for it.
    ///
    /// # Errors
    /// `OtherLength`; `Damaged`, `Io`, `Unusable`.
    pub fn add_space(&self, model: ModelFingerprint, name: &str, dim: usize) -> Result<()> {
        self.write_settings(|draft| {
            let known = draft.model(model)?;
            let index = known.as_ref().map_or(0, |known| known.index);
            let expected = match known.map(|known| known.first.dim as usize) {
                Some(expected) if expected > 0 => Some(expected),
                _ => draft.some_length(model)?,
            };
            if let Some(expected) = expected.filter(|expected| *expected != dim) {
                return Err(CatalogError::OtherLength { model, found: dim, expected });
            }
            let dim = u32::try_from(dim).unwrap_or(u32::MAX);
            let first = ModelV1 { name: name.to_owned(), dim };
            draft.put_model(model, &ModelV2 { first, index })
        })
    }

    /// Makes a space the one in use.
    ///
    /// # Errors
    /// `UnknownSpace`; `Damaged`, `Io`, `Unusable`.
    pub fn use_space(&self, model: ModelFingerprint) -> Result<()> {
        self.write_settings(|draft| {
            draft.model(model)?.ok_or(CatalogError::UnknownSpace { model })?;
            draft.state.current_model = Some(model.0);
            Ok(())
        })
    }

    /// Remembers how a space's vectors are indexed.
    ///
    /// # Errors
    /// `UnknownSpace`; `Damaged`, `Io`, `Unusable`.
    pub fn set_index(&self, model: ModelFingerprint, kind: IndexKind) -> Result<()> {
        self.write_settings(|draft| {
            let known = draft.model(model)?.ok_or(CatalogError::UnknownSpace { model })?;
            let place = IndexKind::ALL.iter().position(|other| *other == kind).unwrap_or(0);
            draft.put_model(model, &ModelV2 { index: place as u8, ..known })
        })
    }

    /// Forgets a space with all its points, in batches, each of them atomic: stopped between two,
    /// the space holds less, and the next call goes on. No index of the space may be used
    /// afterwards. An unknown space is no error.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn delete_space(&self, model: ModelFingerprint) -> Result<()> {
        self.write_settings(|draft| {
            draft.state.current_model = draft.state.current_model.filter(|used| *used != model.0);
            Ok(())
        })?;
        loop {
            let ids = self.some_of(model)?;
            if ids.is_empty() {
                break;
            }
            self.write(|draft| ids.iter().try_for_each(|id| draft.remove_points(model, *id)))?;
        }
        self.write_settings(|draft| {
            draft.state.embedded.retain(|entry| entry.0 != model.0);
            draft.remove(Table::Models, &model.0);
            Ok(())
        })
    }

    /// Some photos with points in a space.
    fn some_of(&self, model: ModelFingerprint) -> Result<Vec<PhotoId>> {
        let store = self.store()?;
        let of = |entry: Result<(sled::IVec, sled::IVec)>| {
            let (key, _) = entry?;
            let id = key.get(16..48).and_then(keys::photo_id);
            id.ok_or_else(|| store.damaged(BadValue("a point's key is none".into())))
        };
        let whole = store.scan(Table::Embeddings, &model.0);
        let parts = store.scan(Table::Parts, &model.0);
        whole.chain(parts).take(BATCH).map(of).collect()
    }
}

/// Whether a model's entry can be understood.
pub(crate) fn understood(value: &[u8]) -> std::result::Result<(), BadValue> {
    read(value).map(drop)
}

fn read(value: &[u8]) -> std::result::Result<ModelV2, BadValue> {
    match value.first() {
        Some(&V1) => Ok(ModelV2 { first: decode("model", value)?, index: 0 }),
        _ => {
            let known: ModelV2 = decode_as(V2, "model", value)?;
            match usize::from(known.index) < IndexKind::ALL.len() {
                true => Ok(known),
                false => Err(BadValue(format!("a model has the unknown index {}", known.index))),
            }
        }
    }
}

impl Draft<'_> {
    /// The embedding size told for a model.
    pub(crate) fn model_dim(&self, model: ModelFingerprint) -> Result<Option<usize>> {
        Ok(self.model(model)?.map(|known| known.first.dim as usize).filter(|dim| *dim > 0))
    }

    fn model(&self, model: ModelFingerprint) -> Result<Option<ModelV2>> {
        let value = self.get(Table::Models, &model.0)?;
        value.map(|value| read(&value).map_err(|e| self.store.damaged(e))).transpose()
    }

    fn put_model(&mut self, model: ModelFingerprint, value: &ModelV2) -> Result<()> {
        let value = encode_as(V2, value).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Models, &model.0, value);
        Ok(())
    }
}

fn space(store: &Database, key: &[u8], value: &[u8]) -> Result<SpaceEntry> {
    let model = <[u8; 16]>::try_from(key)
        .map_err(|_| store.damaged(BadValue("a model's key is not a fingerprint".into())))?;
    let known = read(value).map_err(|e| store.damaged(e))?;
    Ok(SpaceEntry {
        model: ModelFingerprint(model),
        name: known.first.name,
        dim: known.first.dim as usize,
        photos: 0,
        index: IndexKind::ALL[usize::from(known.index)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::encode;

    #[test]
    fn both_versions_are_read() {
        let first = || ModelV1 { name: "builtin".into(), dim: 256 };
        let old = read(&encode(&first()).unwrap()).unwrap();
        assert_eq!((old.first.dim, old.index), (256, 0));
        let new = encode_as(V2, &ModelV2 { first: first(), index: 3 }).unwrap();
        assert_eq!(read(&new).unwrap().index, 3);
        let odd = encode_as(V2, &ModelV2 { first: first(), index: 4 }).unwrap();
        assert!(understood(&odd).unwrap_err().0.contains("unknown index 4"));
    }
}
