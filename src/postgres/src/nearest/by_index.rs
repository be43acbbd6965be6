//! The points that an index takes for near, compared.

use seer_store::{Allowed, Nearest};
use seer_types::IndexKind;

use super::best::best;
use super::query::Query;
use crate::connect::{Connection, Params};
use crate::error::Result;
use crate::filter::condition;
use crate::index::{most_of_graph, probes};
use crate::schema::points::table_of;
use crate::spaces::Space;

/// Plans that do not follow the index are forbidden, and those that would lose its order.
const FOLLOW: &str = "begin read only; set local enable_seqscan = off; \
     set local enable_bitmapscan = off; set local enable_sort = off; \
     set local enable_hashjoin = off; set local enable_mergejoin = off; \
     set local max_parallel_workers_per_gather = 0; set local enable_memoize = off";

/// The nearest photos, or `None` when the index brings too few.
pub(super) fn nearest(
    connection: &Connection,
    space: &Space,
    kind: IndexKind,
    query: &Query,
    k: usize,
    allowed: Option<&Allowed>,
    there: u64,
) -> Result<Option<Nearest>> {
    // With room for ties, and for those that 16 bits put in another order.
    let wanted = k.saturating_add(k / 8).saturating_add(32);
    let (setting, method) = match kind {
        IndexKind::Lists => (format!("ivfflat.probes = {}", probes(space, there)), "ivf"),
        IndexKind::Hnsw => match most_of_graph(wanted) {
            Some(most) => (format!("hnsw.ef_search = {most}"), "hnsw"),
            None => return Ok(None),
        },
        IndexKind::Auto | IndexKind::Exact => return Ok(None),
    };
    let begin = format!("{FOLLOW}; set local {setting}");
    let rows = connection.transaction(&begin, |connection| {
        let mut params = Params::new();
        let cosine = query.cosine(&mut params);
        let rough = query.rough(&mut params);
        let meets = match allowed {
            None => "q.live".to_owned(),
            Some(allowed) => {
                let meets = condition(&allowed.filter, &mut params);
                format!(
                    "q.live and exists \
                     (select 1 from photo p where p.id = q.photo and p.live and {meets})"
                )
            }
        };
        let limit = params.int(i64::try_from(wanted).unwrap_or(i64::MAX));
        let table = table_of(space.number);
        let statement = format!(
            "select q.photo, q.part, {cosine} from {table} q where {meets} \
             order by q.v <=> {rough} limit {limit}"
        );
        connection.rows(&statement, &params)
    })?;
    let mut neighbours = best(connection, &rows)?;
    if (neighbours.len() as u64) < there.min(k as u64) {
        return Ok(None);
    }
    neighbours.truncate(k);
    Ok(Some(Nearest { neighbours, method, exact: false }))
}
