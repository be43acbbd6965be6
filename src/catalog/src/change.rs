//! What a batch did.

use seer_types::{PhotoId, RowId};

use crate::entry::Entry;
use seer_store::Point;

/// What a batch did, with the values it wrote, so that nobody has to read them again.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Applied {
    /// Rows whose record or point changed, ascending, each once.
    pub touched: Vec<RowId>,
    /// The records it wrote, as it left them, by row.
    pub entries: Vec<Entry>,
    /// The points it wrote, as it left them, by model and row.
    pub points: Vec<StoredPoint>,
    /// The change counter after the batch.
    pub watermark: u64,
}

/// A point of a photo with the numbers that indexes know them by.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredPoint {
    /// The point's row: the photo's own for the whole picture, one of its own for other parts.
    pub row: RowId,
    /// The photo's row.
    pub photo: RowId,
    /// The photo.
    pub id: PhotoId,
    /// The point, as it is read back: rounded to half precision, then of unit length.
    pub point: Point,
}
