//! Forgets photos whose files are all gone.

use seer_types::PhotoId;

use crate::draft::Draft;
use crate::entry::Entry;
use crate::error::Result;
use crate::open::Catalog;

/// Photos per batch.
const BATCH: usize = 512;

impl Catalog {
    /// Drops every photo without a file: record, row, points and
    /// analyses. Its row number is not given
    /// again. Works in batches, each of them atomic and raising the watermark by one; returns how
    /// many photos went. Their bytes stay in the database's files; see [`Self::expunge_when_closed`].
    ///
    /// # Errors
    /// `Damaged`, `Io`, `Unusable`.
    pub fn purge(&self) -> Result<u64> {
        let mut gone = Vec::new();
        for record in self.records()? {
            let record = record?.record;
            if record.files.is_empty() {
                gone.push(record.id);
            }
        }
        let mut purged = 0;
        for batch in gone.chunks(BATCH) {
            self.write(|draft| batch.iter().try_for_each(|id| draft.purge(*id, &mut purged)))?;
        }
        Ok(purged)
    }
}

impl Catalog {
    /// Has the database written anew when the catalog is closed (or opened the next time), so that
    /// nothing of removed entries stays in its files.
    ///
    /// # Errors
    /// `Io`, `Unusable`.
    pub fn expunge_when_closed(&self) -> Result<()> {
        let _writer = self.writer();
        self.mark_dirty()?;
        crate::rewrite::want(&self.folder)
    }
}

impl Draft<'_> {
    /// A file that came back since it was listed keeps its photo.
    fn purge(&mut self, id: PhotoId, purged: &mut u64) -> Result<()> {
        let Some(Entry { row, record }) = self.entry(id)? else { return Ok(()) };
        if !record.files.is_empty() {
            return Ok(());
        }
        for model in self.models() {
            self.remove_points(model, id)?;
        }
        self.remove_analyses(id)?;
        self.remove_entry(id, row);
        self.vacate_row(row)?;
        self.touch(row);
        *purged += 1;
        Ok(())
    }
}
