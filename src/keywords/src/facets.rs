//! How many photos have which values.

use roaring::RoaringBitmap;
use seer_store::FacetCounts;
use tantivy::{SegmentReader, TantivyError};

use crate::evaluate::{photos, row_column, row_of};
use crate::schema::column;

/// Counts a segment's living documents by their values. Values are counted by their numbers in the
/// segment, and each that occurs is looked up once.
pub(crate) fn count(
    reader: &SegmentReader,
    within: Option<&RoaringBitmap>,
    counts: &mut FacetCounts,
) -> tantivy::Result<()> {
    let Some(column) = reader.fast_fields().str(column::FACET)? else { return Ok(()) };
    let row = row_column(reader)?;
    let mut by_number = vec![0_u64; column.num_terms()];
    for doc in photos(reader)? {
        let Some(row) = row_of(&row, doc) else { continue };
        if within.is_none_or(|within| within.contains(row)) {
            for number in column.ords().values_for_doc(doc) {
                if let Some(count) = by_number.get_mut(number as usize) {
                    *count += 1;
                }
            }
        }
    }
    let numbers = (0..by_number.len() as u64).filter(|number| by_number[*number as usize] > 0);
    let numbers: Vec<u64> = numbers.collect();
    let mut photos = numbers.iter().map(|number| by_number[*number as usize]);
    let all = column.dictionary().sorted_ords_to_term_cb(&numbers, |value| {
        if let (Ok(value), Some(photos)) = (std::str::from_utf8(value), photos.next()) {
            counts.add(value, photos);
        }
    })?;
    match all {
        true => Ok(()),
        false => Err(TantivyError::InternalError("a segment lacks values".into())),
    }
}
