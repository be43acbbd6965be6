//! Which rows of a space's index are parts of which photo.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;
use seer_store::Part;
use seer_types::RowId;

/// The parts of a space that have rows of their own; a row that is not here is a photo's own and
/// stands for the whole picture. Empty for libraries of ordinary pictures.
#[derive(Default)]
pub(crate) struct Parts {
    by_row: BTreeMap<u32, (RowId, Part)>,
    by_photo: BTreeMap<u32, BTreeSet<u32>>,
}

impl Parts {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_row.is_empty()
    }

    /// Notes that a row is a part of the photo with another row.
    pub(crate) fn add(&mut self, row: RowId, photo: RowId, part: Part) {
        self.remove(row);
        self.by_row.insert(row.0, (photo, part));
        self.by_photo.entry(photo.0).or_default().insert(row.0);
    }

    /// Forgets a row; one that is not here is fine.
    pub(crate) fn remove(&mut self, row: RowId) {
        let Some((photo, _)) = self.by_row.remove(&row.0) else { return };
        if let Some(rows) = self.by_photo.get_mut(&photo.0) {
            rows.remove(&row.0);
            if rows.is_empty() {
                self.by_photo.remove(&photo.0);
            }
        }
    }

    /// The photo's row and the part that an index's row stands for.
    pub(crate) fn of(&self, row: RowId) -> (RowId, Part) {
        self.by_row.get(&row.0).copied().unwrap_or((row, Part::WHOLE))
    }

    /// The rows of the index that belong to these photos.
    pub(crate) fn widened(&self, photos: &RoaringBitmap) -> RoaringBitmap {
        let mut rows = photos.clone();
        for (photo, parts) in &self.by_photo {
            if photos.contains(*photo) {
                rows.extend(parts.iter().copied());
            }
        }
        // A row of a part may have the number of no photo.
        for row in self.by_row.keys() {
            let (photo, _) = self.of(RowId(*row));
            if !photos.contains(photo.0) {
                rows.remove(*row);
            }
        }
        rows
    }

    /// How many photos have a row among these.
    pub(crate) fn photos(&self, rows: &RoaringBitmap) -> u64 {
        let rows_of_parts = self.by_row.keys().filter(|row| rows.contains(**row)).count() as u64;
        let without_whole = self.by_photo.iter().filter(|(photo, parts)| {
            !rows.contains(**photo) && parts.iter().any(|row| rows.contains(*row))
        });
        rows.len() - rows_of_parts + without_whole.count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_belong_to_photos() {
        let mut parts = Parts::default();
        assert!(parts.is_empty());
        for (row, photo, part) in [(5, 1, 1), (6, 1, 2), (7, 2, 9)] {
            parts.add(RowId(row), RowId(photo), Part(part));
        }
        assert_eq!(parts.of(RowId(6)), (RowId(1), Part(2)));
        assert_eq!(parts.of(RowId(1)), (RowId(1), Part::WHOLE));
        let of = |rows: &[u32]| rows.iter().copied().collect::<RoaringBitmap>();
        assert_eq!(parts.widened(&of(&[1, 3])), of(&[1, 3, 5, 6]));
        assert_eq!(parts.photos(&of(&[1, 3, 5, 6, 7])), 3, "photo 2 has a part only");
        parts.remove(RowId(5));
        assert_eq!(parts.widened(&of(&[1])), of(&[1, 6]));
        parts.remove(RowId(6));
        parts.remove(RowId(7));
        assert!(parts.is_empty());
    }
}
