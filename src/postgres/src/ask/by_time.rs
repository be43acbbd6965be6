//! The photos in order of time, and how they lie in it.

use seer_store::{Allowed, DayCounts, TimeOrder};
use seer_types::PhotoId;

use super::allow::is_allowed;
use crate::apply::photo_id;
use crate::connect::{Connection, Params, cell};
use crate::error::Result;

/// See [`seer_store::Store::by_time`].
pub(crate) fn by_time(
    connection: &Connection,
    order: TimeOrder,
    count: usize,
    allowed: Option<&Allowed>,
) -> Result<Vec<PhotoId>> {
    let mut params = Params::new();
    let allowed = is_allowed(allowed, &mut params);
    let count = params.int(i64::try_from(count).unwrap_or(i64::MAX));
    let order = match order {
        TimeOrder::NewestFirst => "p.\"time\" desc, p.added desc, p.id",
        TimeOrder::OldestFirst => "p.\"time\", p.added, p.id desc",
    };
    let statement =
        format!("select p.id from photo p where {allowed} order by {order} limit {count}");
    let rows = connection.rows(&statement, &params)?;
    rows.iter().map(|row| photo_id(connection, cell(row, 0)?)).collect()
}

/// See [`seer_store::Store::day_counts`].
pub(crate) fn day_counts(connection: &Connection, allowed: Option<&Allowed>) -> Result<DayCounts> {
    let mut params = Params::new();
    let allowed = is_allowed(allowed, &mut params);
    // Rounded down, also before 1970.
    let statement = format!(
        "select floor(p.taken / 86400.0)::bigint, count(*) from photo p where {allowed} group by 1"
    );
    let mut day_counts = DayCounts::default();
    for row in connection.rows(&statement, &params)? {
        let (day, count): (Option<i64>, i64) = (cell(&row, 0)?, cell(&row, 1)?);
        let count = u64::try_from(count).unwrap_or(0);
        match day {
            Some(day) => drop(day_counts.days.insert(day, count)),
            None => day_counts.undated = count,
        }
    }
    Ok(day_counts)
}
