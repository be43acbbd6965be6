//! The vector snapshots against the embeddings.

use std::path::Path;

use roaring::RoaringBitmap;
use seer_catalog::{Catalog, StoredPoint};
use seer_store::SpaceEntry;
use seer_vectors::{SnapshotError, SnapshotIdentity, SpaceIndex, VectorIndex};

use super::Findings;
use crate::EmbeddedError;
use crate::space::{live_rows, place};

const PART: &str = "vectors";

/// # Errors
/// When the catalog cannot be read.
pub(super) fn check(
    folder: &Path,
    catalog: &Catalog,
    findings: &mut Findings,
) -> Result<(), EmbeddedError> {
    for space in catalog.spaces()?.iter().filter(|space| space.dim > 0) {
        let dir = place(folder, space.model);
        if let Some(what) = wrong(&dir, space, catalog)? {
            findings.derived(PART, &dir, format!("{}: {what}", space.model.short()));
        }
    }
    Ok(())
}

/// What is wrong with a model's snapshot; `None` also when there is none.
fn wrong(
    dir: &Path,
    space: &SpaceEntry,
    catalog: &Catalog,
) -> Result<Option<String>, EmbeddedError> {
    let identity = SnapshotIdentity { model: space.model, dim: space.dim, watermark: 0 };
    let (index, watermark) = match SpaceIndex::load_stale(dir, &identity) {
        Ok(found) => found,
        Err(
            SnapshotError::Missing { .. }
            | SnapshotError::OlderFormat { .. }
            | SnapshotError::NewerFormat { .. },
        ) => return Ok(None),
        Err(error) => return Ok(Some(error.to_string())),
    };
    if !index.verify() {
        return Ok(Some("a checksum is wrong".into()));
    }
    // One that is too far behind is built anew anyway.
    let Some(changed) = catalog.rows_changed_since(watermark)? else { return Ok(None) };
    let changed: RoaringBitmap = changed.into_iter().map(|row| row.0).collect();
    compare(&index, &changed, space, catalog)
}

/// Compares all rows that have not changed since the snapshot was made.
fn compare(
    index: &SpaceIndex,
    changed: &RoaringBitmap,
    space: &SpaceEntry,
    catalog: &Catalog,
) -> Result<Option<String>, EmbeddedError> {
    let live = live_rows(catalog)?;
    let (mut expected, mut other) = (RoaringBitmap::new(), 0);
    let mut look = |stored: StoredPoint| {
        let StoredPoint { row, photo, point, .. } = stored;
        if live.contains(photo.0) && !changed.contains(row.0) {
            expected.insert(row.0);
            other += u64::from(index.get(row).as_deref() != Some(point.embedding.values()));
        }
        Ok::<(), EmbeddedError>(())
    };
    catalog.for_each_point(space.model, &mut look)?;
    let found = index.rows() - changed;
    Ok(match (other, found == expected) {
        (0, true) => None,
        (0, false) => Some("it does not hold the photos that are encoded".into()),
        (count, _) => Some(format!("{count} vectors are not those of the catalog")),
    })
}
