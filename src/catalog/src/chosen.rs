//! What people chose for the library as a whole.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::keys::Table;
use crate::open::Catalog;
use crate::value::chosen;

impl Catalog {
    /// Each setting that was chosen whose name begins with `prefix`, with its value.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn settings(&self, prefix: &str) -> Result<BTreeMap<String, String>> {
        let store = self.store()?;
        let read = |entry: Result<(sled::IVec, sled::IVec)>| {
            let (key, value) = entry?;
            chosen::decode(&key, &value).map_err(|e| store.damaged(e))
        };
        store.scan(Table::Settings, prefix.as_bytes()).map(read).collect()
    }

    /// Chooses values by name, all of them or none; `None`: as if nobody had chosen.
    ///
    /// # Errors
    /// `DiskFull`, `Damaged`, `Io`.
    pub fn set_settings(&self, settings: &[(String, Option<String>)]) -> Result<()> {
        self.write_settings(|draft| {
            for (name, value) in settings {
                match value {
                    Some(value) => {
                        let value = chosen::encode(value).map_err(|e| draft.store.damaged(e))?;
                        draft.put(Table::Settings, name.as_bytes(), value);
                    }
                    None => draft.remove(Table::Settings, name.as_bytes()),
                }
            }
            Ok(())
        })
    }
}
