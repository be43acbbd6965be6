//! What a library is set to: the folders it covers, the models it knows.

use seer_types::{DevicePlace, LibraryPath, ModelFingerprint};
use serde::{Deserialize, Serialize};

use crate::change::ModelEntry;
use crate::draft::Draft;
use crate::error::Result;
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::store::Store;
use crate::value::{BadValue, decode, encode, root};

#[derive(Serialize, Deserialize)]
struct ModelV1 {
    name: String,
    dim: u32,
}

impl Catalog {
    /// The indexed folders, sorted.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn roots(&self) -> Result<Vec<LibraryPath>> {
        let keys = self.store()?.scan(Table::Roots, &[]);
        keys.map(|entry| entry.map(|(key, _)| LibraryPath::from_bytes(&key))).collect()
    }

    /// Remembers an indexed folder; one remembered already stays as it is.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn set_root(&self, folder: &LibraryPath) -> Result<()> {
        if self.store()?.get(Table::Roots, &keys::exact(folder))?.is_some() {
            return Ok(());
        }
        self.set_places(folder, &[])
    }

    /// The devices that an indexed folder's files lie on: of itself, and of mount points and linked
    /// folders below it, as they were told last; empty where none were told.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn places(&self, folder: &LibraryPath) -> Result<Vec<DevicePlace>> {
        let store = self.store()?;
        match store.get(Table::Roots, &keys::exact(folder))? {
            Some(value) => root::decode(&value).map_err(|e| store.damaged(e)),
            None => Ok(Vec::new()),
        }
    }

    /// Remembers an indexed folder with the devices that its files lie on.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn set_places(&self, folder: &LibraryPath, places: &[DevicePlace]) -> Result<()> {
        self.write_settings(|draft| {
            let value = root::encode(places).map_err(|e| draft.store.damaged(e))?;
            draft.put(Table::Roots, &keys::exact(folder), value);
            Ok(())
        })
    }

    /// Forgets an indexed folder; its files stay until they are unlinked.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn remove_root(&self, folder: &LibraryPath) -> Result<()> {
        self.write_settings(|draft| {
            draft.remove(Table::Roots, &keys::exact(folder));
            Ok(())
        })
    }

    /// The models that were named here or that have embeddings, by fingerprint.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn models(&self) -> Result<Vec<ModelEntry>> {
        let store = self.store()?;
        let state = self.state();
        let mut entries: Vec<ModelEntry> = store
            .scan(Table::Models, &[])
            .map(|entry| entry.and_then(|(key, value)| model(&store, &key, &value)))
            .collect::<Result<_>>()?;
        for (bytes, _) in &state.embedded {
            let fingerprint = ModelFingerprint(*bytes);
            if !entries.iter().any(|entry| entry.fingerprint == fingerprint) {
                entries.push(ModelEntry { fingerprint, name: String::new(), dim: 0, embedded: 0 });
            }
        }
        entries.sort_by_key(|entry| entry.fingerprint);
        for entry in &mut entries {
            entry.embedded = state.embedded(entry.fingerprint);
        }
        Ok(entries)
    }

    /// The model the library uses, once one was set.
    pub fn current_model(&self) -> Option<ModelFingerprint> {
        self.state().current_model.map(ModelFingerprint)
    }

    /// Makes a model the one in use. `dim` is its embedding size: from now on embeddings of
    /// another size are refused for it.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn set_current_model(&self, model: ModelFingerprint, name: &str, dim: usize) -> Result<()> {
        self.write_settings(|draft| {
            let dim = u32::try_from(dim).unwrap_or(u32::MAX);
            let value = encode(&ModelV1 { name: name.to_owned(), dim });
            let value = value.map_err(|e| draft.store.damaged(e))?;
            draft.put(Table::Models, &model.0, value);
            draft.state.current_model = Some(model.0);
            Ok(())
        })
    }
}

/// Whether a model's entry can be understood.
pub(crate) fn understood(value: &[u8]) -> std::result::Result<(), BadValue> {
    decode::<ModelV1>("model", value).map(drop)
}

impl Draft<'_> {
    /// Whether this is a sound entry of a folder or a model.
    pub(crate) fn is_setting(&self, table: Table, key: &[u8], value: &[u8]) -> bool {
        match table {
            Table::Roots => !key.is_empty() && root::decode(value).is_ok(),
            Table::Models => key.len() == 16 && understood(value).is_ok(),
            _ => false,
        }
    }

    /// The embedding size told for a model.
    pub(crate) fn model_dim(&self, model: ModelFingerprint) -> Result<Option<usize>> {
        let Some(bytes) = self.get(Table::Models, &model.0)? else { return Ok(None) };
        let known: ModelV1 = decode("model", &bytes).map_err(|e| self.store.damaged(e))?;
        Ok(Some(known.dim as usize))
    }
}

fn model(store: &Store, key: &[u8], value: &[u8]) -> Result<ModelEntry> {
    let fingerprint = <[u8; 16]>::try_from(key)
        .map_err(|_| store.damaged(BadValue("a model's key is not a fingerprint".into())))?;
    let known: ModelV1 = decode("model", value).map_err(|e| store.damaged(e))?;
    Ok(ModelEntry {
        fingerprint: ModelFingerprint(fingerprint),
        name: known.name,
        dim: known.dim as usize,
        embedded: 0,
    })
}
