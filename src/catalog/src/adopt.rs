//! Entries of another catalog taken over into this one.

use seer_store::Point;
use seer_types::{PhotoId, PhotoRecord};

use crate::draft::Draft;
use crate::entry::Entry;
use crate::error::Result;
use crate::keys::{self, Table};

impl Draft<'_> {
    /// Takes over a record under a row number of its own, with those of its files that belong to
    /// nobody yet. A photo that is there already stays as it is.
    pub(crate) fn adopt(&mut self, mut record: PhotoRecord) -> Result<()> {
        if self.entry(record.id)?.is_some() {
            return Ok(());
        }
        let files = std::mem::take(&mut record.files);
        let entry = Entry { row: self.new_row(record.id)?, record };
        self.put_entry(&entry)?;
        for file in files {
            if self.get(Table::Files, &keys::exact(&file.path))?.is_none() {
                let current = self.entry(entry.record.id)?.unwrap_or_else(|| entry.clone());
                self.link(current, &file)?;
            }
        }
        Ok(())
    }

    /// Takes over a point; one that is there already, of an unknown photo, or of another length
    /// than its space's, is left.
    pub(crate) fn adopt_point(&mut self, id: PhotoId, point: &Point) -> Result<()> {
        let Some(entry) = self.entry(id)? else { return Ok(()) };
        let model = point.embedding.model();
        if self.has_point(model, id, point.part)?
            || self.model_dim(model)?.is_some_and(|expected| expected != point.embedding.dim())
        {
            return Ok(());
        }
        self.add_point(id, entry.row, point)
    }

    /// Takes over that an analysis has looked at a known photo.
    pub(crate) fn adopt_analysis(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let Some((name, id)) = keys::analysed(key) else { return Ok(()) };
        if self.entry(id)?.is_none() || self.get(Table::Analyses, key)?.is_some() {
            return Ok(());
        }
        *self.state.analysed_mut(name) += 1;
        self.put(Table::Analyses, key, value.to_vec());
        Ok(())
    }
}
