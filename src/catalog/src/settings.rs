//! The folders a library covers.

use seer_types::{DevicePlace, LibraryPath};

use crate::draft::Draft;
use crate::error::Result;
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::spaces;
use crate::value::album;
use crate::value::chosen;
use crate::value::root::Root;

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
        self.change_root(folder, |_| ())
    }

    /// The devices that an indexed folder's files lie on: of itself, and of mount points and linked
    /// folders below it, as they were told last; empty where none were told.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn places(&self, folder: &LibraryPath) -> Result<Vec<DevicePlace>> {
        Ok(self.root(folder)?.places)
    }

    /// Remembers an indexed folder with the devices that its files lie on.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn set_places(&self, folder: &LibraryPath, places: &[DevicePlace]) -> Result<()> {
        self.change_root(folder, |root| root.places = places.to_vec())
    }

    /// The globs of what an indexed folder leaves out, as they were told last.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn excludes(&self, folder: &LibraryPath) -> Result<Vec<String>> {
        Ok(self.root(folder)?.excludes)
    }

    /// Remembers an indexed folder with the globs of what it leaves out.
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn set_excludes(&self, folder: &LibraryPath, globs: &[String]) -> Result<()> {
        self.change_root(folder, |root| root.excludes = globs.to_vec())
    }

    fn root(&self, folder: &LibraryPath) -> Result<Root> {
        let store = self.store()?;
        match store.get(Table::Roots, &keys::exact(folder))? {
            Some(value) => Root::decode(&value).map_err(|e| store.damaged(e)),
            None => Ok(Root::default()),
        }
    }

    /// Changes what is remembered of a folder; one that was not remembered is from now on.
    fn change_root(&self, folder: &LibraryPath, change: impl FnOnce(&mut Root)) -> Result<()> {
        self.write_settings(|draft| {
            let key = keys::exact(folder);
            let mut root = match draft.get(Table::Roots, &key)? {
                Some(value) => Root::decode(&value).map_err(|e| draft.store.damaged(e))?,
                None => Root::default(),
            };
            change(&mut root);
            let value = root.encode().map_err(|e| draft.store.damaged(e))?;
            draft.put(Table::Roots, &key, value);
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
    /// Whether this is a sound entry of a folder, a model, an album or of what was chosen.
    pub(crate) fn is_setting(&self, table: Table, key: &[u8], value: &[u8]) -> bool {
        match table {
            Table::Roots => !key.is_empty() && Root::decode(value).is_ok(),
            Table::Albums => !key.is_empty() && album::decode(key, value).is_ok(),
            Table::Settings => chosen::decode(key, value).is_ok(),
            Table::Models => key.len() == 16 && spaces::understood(value).is_ok(),
            _ => false,
        }
    }
}
