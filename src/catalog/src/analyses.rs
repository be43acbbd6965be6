//! What has been computed for which photo.

use seer_store::Analysis;
use seer_types::{PhotoId, PhotoRecord};

use crate::database::Database;
use crate::draft::Draft;
use crate::error::{CatalogError, Result};
use crate::keys::{self, Table};
use crate::open::Catalog;
use crate::value::{BadValue, decode, decode_record, encode};

/// The longest name of an analysis, in bytes.
const LONGEST_NAME: usize = 100;

impl Catalog {
    /// Whether an analysis is done for a photo; false for an unknown one.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn is_analysed(&self, what: &Analysis, id: PhotoId) -> Result<bool> {
        let store = self.store()?;
        match what {
            Analysis::Embedding(model) => self.has_points(*model, id),
            Analysis::Named { name, version } => {
                let value = store.get(Table::Analyses, &key(name, id))?;
                let noted = value.map(|value| read(&store, &value)).transpose()?;
                Ok(noted.is_some_and(|noted| noted >= *version))
            }
        }
    }

    /// Photos with a file for which an analysis is not done, with ids above `after`, by id; at most
    /// `most`.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn lacking(
        &self,
        what: &Analysis,
        after: Option<PhotoId>,
        most: usize,
    ) -> Result<Vec<PhotoId>> {
        let store = self.store()?;
        let mut found = Vec::new();
        // The first key after a photo's own.
        let from = after.map_or(Vec::new(), |id| [id.0.as_slice(), &[0]].concat());
        for entry in store.scan_from(Table::Photos, &from) {
            if found.len() >= most {
                break;
            }
            let (key, value) = entry?;
            let id = keys::photo_id(&key)
                .ok_or_else(|| store.damaged(BadValue("a photo's key is not an id".into())))?;
            let PhotoRecord { files, .. } =
                decode_record(id, &value).map_err(|e| store.damaged(e))?.record;
            if !files.is_empty() && !self.is_analysed(what, id)? {
                found.push(id);
            }
        }
        Ok(found)
    }
}

/// The version in a value.
fn read(store: &Database, value: &[u8]) -> Result<u32> {
    understood(value).map_err(|e| store.damaged(e))
}

/// The version, where the value can be understood.
pub(crate) fn understood(value: &[u8]) -> std::result::Result<u32, BadValue> {
    decode("analysis", value)
}

fn key(name: &str, id: PhotoId) -> Vec<u8> {
    [keys::analysis(name).as_slice(), &id.0].concat()
}

impl Draft<'_> {
    /// Notes that an analysis has looked at a photo. An embedding needs no note.
    pub(crate) fn analysed(&mut self, id: PhotoId, what: &Analysis) -> Result<()> {
        let Analysis::Named { name, version } = what else { return Ok(()) };
        if !(1..=LONGEST_NAME).contains(&name.len()) {
            return Err(CatalogError::BadAnalysis { name: name.clone() });
        }
        let key = key(name, id);
        if self.get(Table::Analyses, &key)?.is_none() {
            *self.state.analysed_mut(name) += 1;
        }
        let value = encode(version).map_err(|e| self.store.damaged(e))?;
        self.put(Table::Analyses, &key, value);
        Ok(())
    }

    /// Forgets which analyses have looked at a photo.
    pub(crate) fn remove_analyses(&mut self, id: PhotoId) -> Result<()> {
        let names: Vec<String> = self.state.analysed.iter().map(|entry| entry.0.clone()).collect();
        for name in names {
            let key = key(&name, id);
            if self.get(Table::Analyses, &key)?.is_some() {
                self.remove(Table::Analyses, &key);
                let count = self.state.analysed_mut(&name);
                *count = count.saturating_sub(1);
            }
        }
        self.state.analysed.retain(|entry| entry.1 > 0);
        Ok(())
    }
}
