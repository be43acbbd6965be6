//! What an index of a space has to take in, read before anybody waits for the index.

use seer_catalog::{Applied, Catalog, Entry, StoredPoint};
use seer_types::{ModelFingerprint, PhotoId, RowId};

use crate::error::Result;

/// A row that changed, as it is now.
pub(crate) enum RowNow {
    /// It has this point, of a photo with a file.
    Point(Box<StoredPoint>),
    /// It is in no answer.
    Gone(RowId),
}

/// The rows that a batch touched, in a space, from the values that it wrote where it wrote them.
pub(crate) fn after_batch(
    catalog: &Catalog,
    model: ModelFingerprint,
    applied: &Applied,
) -> Result<Vec<RowNow>> {
    // By model and row.
    let points: Vec<&StoredPoint> =
        applied.points.iter().filter(|p| p.point.embedding.model() == model).collect();
    let written =
        |row: RowId| points.binary_search_by_key(&row, |p| p.row).ok().map(|place| points[place]);
    let mut rows = Vec::with_capacity(applied.touched.len());
    for &row in &applied.touched {
        let entry = applied.entries.binary_search_by_key(&row, |entry| entry.row).ok();
        let entry = entry.map(|place| &applied.entries[place]);
        rows.push(match (entry, written(row)) {
            (Some(entry), _) if entry.record.files.is_empty() => RowNow::Gone(row),
            (Some(_), Some(point)) => RowNow::Point(Box::new(point.clone())),
            (Some(entry), None) => point_at(catalog, model, entry.record.id, row)?,
            (None, _) => read(catalog, model, row)?,
        });
    }
    Ok(rows)
}

/// Rows as the catalog has them.
pub(crate) fn read_all(
    catalog: &Catalog,
    model: ModelFingerprint,
    rows: &[RowId],
) -> Result<Vec<RowNow>> {
    rows.iter().map(|row| read(catalog, model, *row)).collect()
}

fn read(catalog: &Catalog, model: ModelFingerprint, row: RowId) -> Result<RowNow> {
    let Some(id) = catalog.photo_of(row)? else { return Ok(RowNow::Gone(row)) };
    let has_file = |entry: &Entry| !entry.record.files.is_empty();
    if !catalog.entry(id)?.as_ref().is_some_and(has_file) {
        return Ok(RowNow::Gone(row));
    }
    point_at(catalog, model, id, row)
}

/// A row of a photo with a file, in a space.
fn point_at(catalog: &Catalog, model: ModelFingerprint, id: PhotoId, row: RowId) -> Result<RowNow> {
    let point = catalog.points(model, id)?.into_iter().find(|stored| stored.row == row);
    Ok(point.map_or(RowNow::Gone(row), |point| RowNow::Point(Box::new(point))))
}
