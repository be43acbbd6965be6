//! Photos put together by where they were taken.

use seer_store::{Allowed, Bounds, Cluster, Grid, MICRO, mean};

use super::allow::is_allowed;
use crate::apply::photo_id;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;

/// See [`seer_store::Store::clusters`]: the same steps as [`seer_store::Clusters::add`], whose
/// numbers are the same here.
pub(crate) fn clusters(
    connection: &Connection,
    grid: Grid,
    allowed: Option<&Allowed>,
) -> Result<Vec<Cluster>> {
    let mut params = Params::new();
    let allowed = is_allowed(allowed, &mut params);
    let per_degree = params.float(grid.per_degree());
    let mut cells = |degrees: &str, cells: i64| {
        let last = params.int(cells - 1);
        format!("least(greatest(floor(({degrees}) * {per_degree})::bigint, 0), {last})")
    };
    let column = cells("p.longitude + 180", grid.columns());
    let row = cells("p.latitude + 90", grid.rows());
    let micro = params.float(MICRO);
    let sum = |degrees: &str| format!("sum(floor({degrees} * {micro})::bigint)::bigint");
    let (latitudes, longitudes) = (sum("p.latitude"), sum("p.longitude"));
    let statement = format!(
        "select count(*), {latitudes}, {longitudes}, min(p.latitude), min(p.longitude), \
         max(p.latitude), max(p.longitude), decode(min(encode(p.id, 'hex') collate \"C\"), 'hex') \
         from photo p where {allowed} and p.latitude is not null and p.longitude is not null \
         group by {column}, {row} order by 1 desc, 8"
    );
    let cluster = |row: &_| {
        let photos: i64 = cell(row, 0)?;
        Ok(Cluster {
            photos: photos.unsigned_abs(),
            center: mean(photos, cell(row, 1)?, cell(row, 2)?),
            bounds: Bounds {
                south: cell(row, 3)?,
                west: cell(row, 4)?,
                north: cell(row, 5)?,
                east: cell(row, 6)?,
            },
            photo: photo_id(connection, cell(row, 7)?)?,
        })
    };
    connection.rows(&statement, &params)?.iter().map(cluster).collect()
}
