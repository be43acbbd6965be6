//! Entries of another catalog taken over into this one.

use seer_types::{ModelFingerprint, PhotoId, PhotoRecord};

use crate::draft::Draft;
use crate::embedding_store;
use crate::error::Result;
use crate::keys::{self, Table};

impl Draft<'_> {
    /// Takes over a record under a row number of its own, with those of its files that belong to
    /// nobody yet. A photo that is there already stays as it is.
    pub(crate) fn adopt(&mut self, mut record: PhotoRecord) -> Result<()> {
        if self.record(record.id)?.is_some() {
            return Ok(());
        }
        let files = std::mem::take(&mut record.files);
        record.row = self.new_row(record.id)?;
        self.put_record(&record)?;
        for file in files {
            if self.get(Table::Files, &keys::exact(&file.path))?.is_none() {
                let current = self.record(record.id)?.unwrap_or_else(|| record.clone());
                self.link(current, &file)?;
            }
        }
        Ok(())
    }

    /// Takes over an embedding as it is stored; one of an unknown photo, or of another size than
    /// its model's, is left.
    pub(crate) fn adopt_embedding(
        &mut self,
        model: ModelFingerprint,
        id: PhotoId,
        value: &[u8],
    ) -> Result<()> {
        let Some(record) = self.record(id)? else { return Ok(()) };
        let key = keys::embedding(model, id);
        if self.get(Table::Embeddings, &key)?.is_some() {
            return Ok(());
        }
        let (value, dim) = embedding_store::with_row(value, record.row)
            .map_err(|error| self.store.damaged(error))?;
        if self.model_dim(model)?.is_none_or(|expected| expected == dim) {
            *self.state.embedded_mut(model) += 1;
            self.put(Table::Embeddings, &key, value);
            self.touch(record.row);
        }
        Ok(())
    }
}
