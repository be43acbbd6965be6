//! From points to photos: each once, with its best part.

use std::collections::HashMap;

use seer_store::{Neighbour, Part};
use tokio_postgres::Row;

use crate::apply::photo_id;
use crate::connect::{Connection, cell};
use crate::error::Result;

/// Photos of rows of photo, part, cosine; best first, of equal cosines the lowest id.
pub(super) fn best(connection: &Connection, rows: &[Row]) -> Result<Vec<Neighbour>> {
    let mut best: HashMap<_, Neighbour> = HashMap::with_capacity(rows.len());
    for row in rows {
        let id = photo_id(connection, cell(row, 0)?)?;
        let part = Part(u32::try_from(cell::<i64>(row, 1)?).unwrap_or(u32::MAX));
        // There are two zeros, and they are the same cosine.
        let cosine = cell::<f32>(row, 2)? + 0.0;
        let found = Neighbour { id, part, cosine };
        let known = best.entry(id).or_insert(found);
        if found.cosine > known.cosine || found.cosine == known.cosine && found.part < known.part {
            *known = found;
        }
    }
    let mut photos: Vec<Neighbour> = best.into_values().collect();
    photos.sort_unstable_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.id.cmp(&b.id)));
    Ok(photos)
}
