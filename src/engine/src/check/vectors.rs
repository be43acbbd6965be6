//! The vector snapshots against the embeddings.

use std::path::Path;

use roaring::RoaringBitmap;
use seer_catalog::{Catalog, ModelEntry};
use seer_vectors::{AdaptiveIndex, SnapshotError, SnapshotIdentity, VectorIndex};

use super::Findings;
use crate::EngineError;
use crate::space::place;

const PART: &str = "vectors";

/// # Errors
/// When the catalog cannot be read.
pub(super) fn check(
    folder: &Path,
    catalog: &Catalog,
    findings: &mut Findings,
) -> Result<(), EngineError> {
    for model in catalog.models()?.iter().filter(|model| model.dim > 0) {
        let dir = place(folder, model.fingerprint);
        if let Some(what) = wrong(&dir, model, catalog)? {
            findings.derived(PART, &dir, format!("{}: {what}", model.fingerprint.short()));
        }
    }
    Ok(())
}

/// What is wrong with a model's snapshot; `None` also when there is none.
fn wrong(dir: &Path, model: &ModelEntry, catalog: &Catalog) -> Result<Option<String>, EngineError> {
    let identity = SnapshotIdentity { model: model.fingerprint, dim: model.dim, watermark: 0 };
    let (index, watermark) = match AdaptiveIndex::load_stale(dir, &identity) {
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
    compare(&index, &changed, model, catalog)
}

/// Compares all rows that have not changed since the snapshot was made.
fn compare(
    index: &AdaptiveIndex,
    changed: &RoaringBitmap,
    model: &ModelEntry,
    catalog: &Catalog,
) -> Result<Option<String>, EngineError> {
    let mut live = RoaringBitmap::new();
    for record in catalog.records()? {
        let record = record?;
        if !record.files.is_empty() {
            live.insert(record.row.0);
        }
    }
    let (mut expected, mut other) = (RoaringBitmap::new(), 0);
    catalog.for_each_embedding(model.fingerprint, |row, embedding| {
        if live.contains(row.0) && !changed.contains(row.0) {
            expected.insert(row.0);
            other += u64::from(index.get(row) != Some(embedding.values()));
        }
    })?;
    let found = index.rows() - changed;
    Ok(match (other, found == expected) {
        (0, true) => None,
        (0, false) => Some("it does not hold the photos that are encoded".into()),
        (count, _) => Some(format!("{count} vectors are not those of the catalog")),
    })
}
