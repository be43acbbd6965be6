//! Queries under a name.

use seer_store::Album;

use crate::error::Result;
use crate::keys::Table;
use crate::open::Catalog;
use crate::value::album;

impl Catalog {
    /// The albums, by the bytes of their names.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn albums(&self) -> Result<Vec<Album>> {
        let store = self.store()?;
        let read = |entry: Result<(sled::IVec, sled::IVec)>| {
            let (key, value) = entry?;
            album::decode(&key, &value).map_err(|e| store.damaged(e))
        };
        store.scan(Table::Albums, &[]).map(read).collect()
    }

    /// Remembers an album, in place of one with the same name.
    ///
    /// # Errors
    /// `DiskFull`, `Damaged`, `Io`.
    pub fn put_album(&self, album: &Album) -> Result<()> {
        self.write_settings(|draft| {
            let value = album::encode(album).map_err(|e| draft.store.damaged(e))?;
            draft.put(Table::Albums, album.name.as_bytes(), value);
            Ok(())
        })
    }

    /// Forgets an album; an unknown one is no error.
    ///
    /// # Errors
    /// `DiskFull`, `Damaged`, `Io`.
    pub fn remove_album(&self, name: &str) -> Result<()> {
        self.write_settings(|draft| {
            draft.remove(Table::Albums, name.as_bytes());
            Ok(())
        })
    }
}
