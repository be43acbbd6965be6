//! Photos put together by where they were taken.

use roaring::RoaringBitmap;
use seer_store::Clusters;
use seer_types::{Coordinates, RowId};
use tantivy::SegmentReader;

use crate::evaluate::{photos, row_column, row_of};
use crate::schema::column;

/// A photo: the start of its id, so that the lowest id is the least, and its row.
pub(crate) type Lowest = (u64, RowId);

/// Puts a segment's living documents that have a position into their clusters.
pub(crate) fn gather(
    reader: &SegmentReader,
    within: Option<&RoaringBitmap>,
    clusters: &mut Clusters<Lowest>,
) -> tantivy::Result<()> {
    let columns = reader.fast_fields();
    let row = row_column(reader)?;
    let latitude = columns.column_opt::<f64>(column::LATITUDE)?;
    let longitude = columns.column_opt::<f64>(column::LONGITUDE)?;
    let (Some(latitude), Some(longitude)) = (latitude, longitude) else { return Ok(()) };
    let id = columns.u64(column::ID)?;
    for doc in photos(reader)? {
        let place = latitude.first(doc).zip(longitude.first(doc));
        let (Some(row), Some((latitude, longitude))) = (row_of(&row, doc), place) else { continue };
        if within.is_none_or(|within| within.contains(row)) {
            let photo = (id.first(doc).unwrap_or(0), RowId(row));
            clusters.add(Coordinates { latitude, longitude }, photo);
        }
    }
    Ok(())
}
