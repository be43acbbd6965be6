//! A record with the number that indexes know its photo by.

use seer_types::{PhotoRecord, RowId};

/// A photo of the catalog.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// Its row number: given once, in order from 0, never again.
    pub row: RowId,
    /// What is known of it.
    pub record: PhotoRecord,
}
