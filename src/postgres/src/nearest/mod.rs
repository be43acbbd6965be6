//! Nearest photos.
//!
//! Two ways. *Exact*: every allowed point is compared, in an order that no index knows, so that the
//! planner has no choice. *By an index*: pgvector's lists or graph say which points to compare, with
//! all other plans forbidden for this one statement; such an answer never says that it is exact, and
//! when it has too few photos the exact way answers.
//!
//! A query has 32-bit numbers and points have 16-bit ones. The query is given as the sum of two
//! 16-bit vectors, the second one being what the first one lost, so that cosines are right to about
//! 1e-7.

mod best;
mod by_index;
mod exact;
mod query;

use std::collections::BTreeMap;

use seer_store::{Allowed, Nearest};
use seer_types::{Embedding, IndexKind, PhotoId};

use crate::apply::photo_id;
use crate::ask::allow::FEW;
use crate::connect::{Connection, Params, cell};
use crate::error::{PostgresError, Result};
use crate::schema::points::table_of;
use crate::spaces::{self, Space};
use query::Query;

/// See [`seer_store::Store::nearest`].
pub(crate) fn nearest(
    connection: &Connection,
    query: &Embedding,
    k: usize,
    allowed: Option<&Allowed>,
) -> Result<Nearest> {
    let nothing = Nearest { neighbours: Vec::new(), method: "exact", exact: true };
    let Some(space) = space_of(connection, query)? else { return Ok(nothing) };
    if k == 0 || allowed.is_some_and(|allowed| allowed.count == 0) {
        return Ok(nothing);
    }
    let there = match allowed {
        Some(allowed) => allowed.count,
        None => spaces::searchable(connection, &space)?,
    };
    let query = Query::new(query);
    let kind = way(&space, there, allowed.is_some());
    if kind != IndexKind::Exact
        && let Some(found) = by_index::nearest(connection, &space, kind, &query, k, allowed, there)?
    {
        return Ok(found);
    }
    exact::nearest(connection, &space, &query, k, allowed)
}

/// The query's space.
fn space_of(connection: &Connection, query: &Embedding) -> Result<Option<Space>> {
    let Some(space) = spaces::find(connection, query.model())? else { return Ok(None) };
    if space.dim == query.dim() {
        return Ok(Some(space));
    }
    let (model, found, expected) = (space.model, query.dim(), space.dim);
    Err(PostgresError::WrongLength { model, found, expected })
}

/// Few photos are compared one by one; more through the index, where the wanted one stands.
fn way(space: &Space, there: u64, filtered: bool) -> IndexKind {
    let few = there <= FEW as u64;
    match space.kind {
        IndexKind::Exact => IndexKind::Exact,
        _ if few && filtered => IndexKind::Exact,
        IndexKind::Auto if few => IndexKind::Exact,
        _ => space.built,
    }
}

/// How a question without a filter is answered in a space with so many photos.
pub(crate) fn method(space: &Space, searchable: u64) -> &'static str {
    match way(space, searchable, false) {
        IndexKind::Lists => "ivf",
        IndexKind::Hnsw => "hnsw",
        IndexKind::Auto | IndexKind::Exact => "exact",
    }
}

/// See [`seer_store::Store::cosines`].
pub(crate) fn cosines(
    connection: &Connection,
    query: &Embedding,
    ids: &[PhotoId],
) -> Result<Vec<Option<f32>>> {
    let Some(space) = space_of(connection, query)? else { return Ok(vec![None; ids.len()]) };
    let mut params = Params::new();
    let cosine = Query::new(query).cosine(&mut params);
    let (wanted, table) = (params.ids(ids), table_of(space.number));
    let statement = format!(
        "select q.photo, max({cosine}) from {table} q where q.photo = any({wanted}) \
         group by q.photo"
    );
    let mut found = BTreeMap::new();
    for row in connection.rows(&statement, &params)? {
        found.insert(photo_id(connection, cell(&row, 0)?)?, cell::<f32>(&row, 1)?);
    }
    Ok(ids.iter().map(|id| found.get(id).copied()).collect())
}
