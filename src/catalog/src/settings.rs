//! The folders a library covers.

use seer_types::{DevicePlace, LibraryPath};

use crate::draft::Draft;
use crate::error::Result;
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::spaces;
use crate::value::{album, root};

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
}

impl Draft<'_> {
    /// Whether this is a sound entry of a folder, a model or an album.
    pub(crate) fn is_setting(&self, table: Table, key: &[u8], value: &[u8]) -> bool {
        match table {
            Table::Roots => !key.is_empty() && root::decode(value).is_ok(),
            Table::Albums => !key.is_empty() && album::decode(key, value).is_ok(),
            Table::Models => key.len() == 16 && spaces::understood(value).is_ok(),
            _ => false,
        }
    }
}
