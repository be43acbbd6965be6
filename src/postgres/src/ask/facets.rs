//! What photos are counted by.

use seer_store::{Allowed, FacetCounts};

use super::allow::is_allowed;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;

/// See [`seer_store::Store::facets`].
pub(crate) fn facets(connection: &Connection, allowed: Option<&Allowed>) -> Result<FacetCounts> {
    let mut params = Params::new();
    let allowed = is_allowed(allowed, &mut params);
    let statement = format!(
        "select value, count(*) from photo p, unnest(p.facets) as value where {allowed} group by 1"
    );
    let mut counts = FacetCounts::default();
    for row in connection.rows(&statement, &params)? {
        let photos: i64 = cell(&row, 1)?;
        counts.add(cell(&row, 0)?, photos.unsigned_abs());
    }
    Ok(counts)
}
