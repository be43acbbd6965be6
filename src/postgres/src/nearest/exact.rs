//! Every allowed point compared.

use seer_store::{Allowed, Nearest};

use super::best::best;
use super::query::Query;
use crate::ask::allow::{few, ids_hidden};
use crate::connect::{Connection, Params};
use crate::error::Result;
use crate::filter::condition;
use crate::schema::points::table_of;
use crate::spaces::Space;

pub(super) fn nearest(
    connection: &Connection,
    space: &Space,
    query: &Query,
    k: usize,
    allowed: Option<&Allowed>,
) -> Result<Nearest> {
    // Of a photo with several points, several may be among the best.
    let mut wanted = k.saturating_add(16);
    loop {
        let mut params = Params::new();
        let cosine = query.cosine(&mut params);
        let table = table_of(space.number);
        let from = allowed_points(&table, allowed, &mut params);
        let limit = params.int(i64::try_from(wanted).unwrap_or(i64::MAX));
        let statement = format!(
            "with compared as materialized (select q.photo, q.part, {cosine} as cosine {from}) \
             select photo, part, cosine from compared \
             order by cosine desc, photo, part limit {limit}"
        );
        let rows = connection.rows(&statement, &params)?;
        let mut neighbours = best(connection, &rows)?;
        if neighbours.len() < k && rows.len() >= wanted {
            wanted = wanted.saturating_mul(4);
            continue;
        }
        neighbours.truncate(k);
        return Ok(Nearest { neighbours, method: "exact", exact: true });
    }
}

/// The points of a table that are compared, as rows `q`.
fn allowed_points(table: &str, allowed: Option<&Allowed>, params: &mut Params) -> String {
    let Some(allowed) = allowed else { return format!("from {table} q where q.live") };
    match few(allowed) {
        Some(ids) => {
            let ids = ids_hidden(ids, params);
            format!("from {table} q where q.live and q.photo = any({ids})")
        }
        None => {
            let meets = condition(&allowed.filter, params);
            format!("from photo p join {table} q on q.photo = p.id where q.live and {meets}")
        }
    }
}
