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
    /// What can be found in a space, and how.
    pub(crate) fn report_of(&self, model: ModelFingerprint) -> Result<SpaceReport> {
        let Some(space) = self.space(model)? else {
            return Ok(SpaceReport { searchable: 0, method: "exact" });
        };
        let held = space.held();
        let searchable = held.parts.photos(held.index.rows());
        Ok(SpaceReport { searchable, method: held.index.method().name() })
    }

    /// About what a space takes: two bytes a number of each photo in the catalog, and the snapshot
    /// of the index. The space need not be open.
    pub(crate) fn bytes_on_disk(&self, model: ModelFingerprint) -> Result<u64> {
        let photos = self.catalog.space(model)?.map_or(0, |space| space.photos);
        let dim = self.catalog.length_of(model)?.unwrap_or(0) as u64;
        let points = photos * (2 * dim + BYTES_PER_ENTRY);
        Ok(points + bytes_in(&place(&self.folder, model)))
    }
}

/// Bytes of the files in a folder; none where it is not there.
fn bytes_in(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
}
