//! A space in numbers.

use std::fs;
use std::path::Path;

use seer_store::SpaceReport;
use seer_types::ModelFingerprint;
use seer_vectors::VectorIndex;

use crate::EmbeddedStore;
use crate::error::Result;
use crate::space::place;

/// Bytes of an embedding's key and of what its value has beside the numbers.
const BYTES_PER_ENTRY: u64 = 56;

impl EmbeddedStore {
    /// What can be found in a space, how, and about what it takes on the disk: two bytes a number
    /// in the catalog, and the snapshot of the index.
    pub(crate) fn report_of(&self, model: ModelFingerprint) -> Result<SpaceReport> {
        let Some(space) = self.space(model)? else {
            return Ok(SpaceReport { searchable: 0, method: "exact", bytes: 0 });
        };
        let held = space.held();
        let points = held.index.len() as u64 * (2 * space.dim as u64 + BYTES_PER_ENTRY);
        Ok(SpaceReport {
            searchable: held.parts.photos(held.index.rows()),
            method: held.index.method().name(),
            bytes: points + bytes_in(&place(&self.folder, model)),
        })
    }
}

/// Bytes of the files in a folder; none where it is not there.
fn bytes_in(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}
